//! Explains a verdict: the reason if no session is certain, and the next candidate.

use std::borrow::Borrow;

use super::ball::Ball;
use super::judge::{Judgement, Likely};
use super::likelihood::Background;
use super::sides::{ALL_TOLD, Neighbourhood, RecordingEvidence, SessionEvidence};
use crate::policy::join::MatchingRules;
use crate::record::join::{Match, MatchGrounds, Points, UndecidedReason, Weighing, WritingMode};
use crate::record::session::SessionFacts;

/// Weighs `verdict`, which [`judge`](super::judge()) must have returned for the same arguments.
pub fn weigh<R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
    subject: &RecordingEvidence,
    near: &Neighbourhood<R, A>,
    matching: &MatchingRules,
    verdict: &Match<&SessionFacts>,
) -> Weighing {
    Judgement::of(subject, near, matching).weighing(verdict)
}

impl Judgement<'_, '_> {
    /// Weighs `verdict`, which must come from this judgement.
    pub(super) fn weighing(&self, verdict: &Match<&SessionFacts>) -> Weighing {
        if !self.subject.has_ended {
            return Weighing::of_reason(UndecidedReason::NotEnded);
        }
        match verdict {
            Match::Unmatched { .. } => Weighing::default(),
            Match::Matched(matched) => {
                let next = self.candidates.iter().find(|one| self.session(one).facts != *matched.session);
                Weighing { next_off: next.and_then(|next| off(&next.grounds)), ..Weighing::default() }
            }
            Match::Pending | Match::Ambiguous { .. } => self.undecided(),
        }
    }

    fn undecided(&self) -> Weighing {
        let Some(first) = self.candidates.first() else {
            return Weighing::of_reason(if self.log.is_some() {
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
        Weighing {
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
        let told = self.ball.if_read(ALL_TOLD, self.steps_read);
        if is_enough(&told) {
            return if self.log.is_some() {
                UndecidedReason::NotRead
            } else {
                UndecidedReason::NoLog
            };
        }
        let mut whole = told;
        if self.steps_read != usize::MAX {
            whole = whole.if_read(ALL_TOLD, usize::MAX);
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
