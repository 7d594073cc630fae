//! Explains a verdict: the reason if no session is certain, and the next candidate.

use std::borrow::Borrow;

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::ball::Ball;
use super::evidence::{MatchGrounds, WritingMode};
use super::judge::{Judgement, Likely};
use super::likelihood::Background;
use super::matching::MatchingRules;
use super::points::Points;
use super::sides::{ALL_TOLD, Neighbourhood, RecordingEvidence, SessionEvidence};
use super::verdict::Match;
use crate::named;
use crate::session::SessionFacts;

/// Reason why no session is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum UndecidedReason {
    /// The recording is still being written, or may be.
    NotEnded,
    /// The recording has not been compared with the audit log.
    NotJudged,
    /// The bastion's audit log has not been read at all.
    NoLog,
    /// The audit log has not been read far enough beyond the recording's end.
    NotRead,
    /// Not all recordings and sessions that may compete were read.
    NotAllRead,
    /// Another session is nearly as likely.
    RivalSession,
    /// Another recording is nearly as likely to belong to the same session.
    RivalRecording,
    /// Both times are unusual that day, so no lead is enough.
    OddTimes,
    /// One of the times is unusual that day.
    OddTime,
    /// The audit log lacks the end of the session.
    NoEnd,
    /// The audit log lacks the start of the session.
    NoStart,
    /// The session used a native client; such sessions are seldom recorded.
    NativeClient,
    /// A session of the same name without a known end may have ended when the recording was uploaded.
    OpenSession,
    /// The audit log may well lack the session: that is nearly as likely.
    Unlogged,
}

named!(UndecidedReason: ALL, name, parse);

/// Measures behind a verdict. Like [`MatchGrounds`], they depend on when the recording was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weighing {
    /// Reason why no session is certain. `None` if one is certain, or if none fits.
    pub reason: Option<UndecidedReason>,
    /// Lead of the likeliest session, if none is certain.
    pub lead: Option<Points>,
    /// Lead that the likeliest session needs. `None` if no lead is enough.
    pub needed: Option<Points>,
    /// Larger of the two offsets of the next candidate, in milliseconds.
    pub next_off: Option<i64>,
}

impl Weighing {
    /// Creates a weighing with a reason only.
    pub fn of_reason(reason: UndecidedReason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }
}

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
