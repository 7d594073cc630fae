//! Explains a verdict: the reason if no session is certain, and the next candidate.

use std::borrow::Borrow;

use super::ball::Ball;
use super::judge::{Judgement, Likely};
use super::likelihood::Background;
use super::sides::{ALL_READ, Neighbourhood, RecordingEvidence, SessionEvidence};
use crate::policy::join::MatchingRules;
use crate::record::join::{Match, MatchGrounds, MatchReasoning, Points, UndecidedReason, WritingMode};
use crate::record::session::SessionFacts;

/// Returns the reasoning behind `verdict`, which [`judge`](super::judge()) must have returned for the same arguments.
pub fn match_reasoning<R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
    subject: &RecordingEvidence,
    near: &Neighbourhood<R, A>,
    matching: &MatchingRules,
    verdict: &Match<&SessionFacts>,
) -> MatchReasoning {
    Judgement::new(subject, near, matching).reasoning(verdict)
}

impl Judgement<'_, '_> {
    /// Returns the reasoning behind `verdict`, which must come from this judgement.
    pub(super) fn reasoning(&self, verdict: &Match<&SessionFacts>) -> MatchReasoning {
        if !self.subject.has_ended {
            return MatchReasoning::of_reason(UndecidedReason::NotEnded);
        }
        match verdict {
            Match::Unmatched { .. } => MatchReasoning::default(),
            Match::Matched(matched) => {
                let next = self.candidates.iter().find(|one| self.session(one).facts != *matched.session);
                MatchReasoning { next_off: next.and_then(|next| off(&next.grounds)), ..MatchReasoning::default() }
            }
            Match::Pending | Match::Ambiguous { .. } => self.undecided(),
        }
    }

    fn undecided(&self) -> MatchReasoning {
        let Some(first) = self.candidates.first() else {
            return MatchReasoning::of_reason(if self.log.is_some() {
                UndecidedReason::NotRead
            } else {
                UndecidedReason::NoLog
            });
        };
        let needed = self.needed(first);
        let reason = match needed {
            Some(needed) => self.reason(first, needed),
            None if self.session(first).is_native => UndecidedReason::NativeClient,
            None => UndecidedReason::OddTimes,
        };
        MatchReasoning {
            reason: Some(reason),
            lead: self.ball.lead(|session| session == first.session),
            needed,
            next_off: self.candidates.get(1).and_then(|next| off(&next.grounds)),
        }
    }

    /// Returns the obstacle that keeps the likeliest session from being certain.
    fn reason(&self, first: &Likely, needed: Points) -> UndecidedReason {
        let is_enough =
            |ball: &Ball<'_>| ball.lead(|session| session == first.session).is_some_and(|lead| lead >= needed);
        let with_all_read = self.ball.if_read(ALL_READ, self.steps_read);
        if is_enough(&with_all_read) {
            return if self.log.is_some() {
                UndecidedReason::NotRead
            } else {
                UndecidedReason::NoLog
            };
        }
        let mut whole = with_all_read;
        if self.steps_read != usize::MAX {
            whole = whole.if_read(ALL_READ, usize::MAX);
            if is_enough(&whole) {
                return UndecidedReason::NotAllRead;
            }
        }
        if self.ball.calibration.shifted.is_some() {
            return UndecidedReason::ClockOff;
        }
        let session = self.session(first);
        let points = |background: Background<'_>| background.points(self.subject, session, first.pair);
        if points(whole.background(0)) < needed {
            let without_open = whole.background_beside(0, |session| session.ended_at.is_some());
            return weakness(first, session, needed, points(without_open));
        }
        let is_one_of_them = whole.lead(|session| whole.is_logged_in(session));
        if is_one_of_them.is_some_and(|lead| lead >= needed) {
            UndecidedReason::RivalSession
        } else {
            UndecidedReason::RivalRecording
        }
    }
}

/// Returns the reason why a pair has too few points even without rivals.
fn weakness(pair: &Likely, session: &SessionEvidence, needed: Points, without_open: Points) -> UndecidedReason {
    let MatchGrounds { start, end, written, .. } = pair.grounds;
    if without_open >= needed {
        return UndecidedReason::OpenSession;
    }
    if session.is_native {
        return UndecidedReason::NativeClient;
    }
    match (written, start, end) {
        (WritingMode::Live, Some(_), None) => UndecidedReason::NoEnd,
        (WritingMode::Live, None, _) => UndecidedReason::NoStart,
        _ if [start, end].into_iter().flatten().any(|offset| !offset.is_usual()) => UndecidedReason::OddTime,
        _ => UndecidedReason::Unlogged,
    }
}

fn off(grounds: &MatchGrounds) -> Option<i64> {
    [grounds.start, grounds.end].into_iter().flatten().map(|offset| offset.millis.saturating_abs()).max()
}
