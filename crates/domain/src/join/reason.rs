//! Why no session is named, and what stands next to the one that is.

use std::borrow::Borrow;

use super::ball::Ball;
use super::evidence::{Grounds, Written};
use super::judge::{Judgement, Likely};
use super::likelihood::Background;
use super::matching::Matching;
use super::points::Points;
use super::sides::{ALL_TOLD, Attended, Neighbourhood, Recorded};
use super::verdict::Match;
use crate::session::SessionFacts;

/// Why no session is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The recording is still being written, or may be.
    NotEnded,
    /// The recording has not been compared with the log.
    NotJudged,
    /// Nothing of the bastion's audit log has been read.
    NoLog,
    /// The audit log has not been read far enough beyond the recording's end.
    NotRead,
    /// Not all recordings and sessions that may compete could be looked for.
    NotAllRead,
    /// Another session is nearly as likely.
    RivalSession,
    /// Another recording is nearly as likely to be of the same session.
    RivalRecording,
    /// Both times are unusual that day, so that no lead is enough.
    OddTimes,
    /// One of its times is unusual that day.
    OddTime,
    /// The log lacks the end of the session.
    NoEnd,
    /// The log lacks the start of the session.
    NoStart,
    /// The session was made with a client whose sessions are seldom recorded.
    NativeClient,
    /// A session of the same name whose end the log lacks may have ended when the recording was uploaded.
    OpenSession,
    /// That the log lacks its session is nearly as likely.
    Unlogged,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 14] = [
        Self::NotEnded,
        Self::NotJudged,
        Self::NoLog,
        Self::NotRead,
        Self::NotAllRead,
        Self::RivalSession,
        Self::RivalRecording,
        Self::OddTimes,
        Self::OddTime,
        Self::NoEnd,
        Self::NoStart,
        Self::NativeClient,
        Self::OpenSession,
        Self::Unlogged,
    ];

    /// The name in stored and shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotEnded => "not_ended",
            Self::NotJudged => "not_judged",
            Self::NoLog => "no_log",
            Self::NotRead => "not_read",
            Self::NotAllRead => "not_all_read",
            Self::RivalSession => "rival_session",
            Self::RivalRecording => "rival_recording",
            Self::OddTimes => "odd_times",
            Self::OddTime => "odd_time",
            Self::NoEnd => "no_end",
            Self::NoStart => "no_start",
            Self::NativeClient => "native_client",
            Self::OpenSession => "open_session",
            Self::Unlogged => "unlogged",
        }
    }

    /// The reason of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// What a verdict was weighed against. Like [`Grounds`], it depends on when the verdict was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weighing {
    /// Why no session is certain. `None` where one is, and where none fits.
    pub reason: Option<Reason>,
    /// By how much the likeliest session leads, if none is certain.
    pub lead: Option<Points>,
    /// The lead that it needs. `None` where no lead is enough.
    pub needed: Option<Points>,
    /// How far the times of the next candidate are off, in milliseconds: the larger of its two offsets.
    pub next_off: Option<i64>,
}

impl Weighing {
    /// Only a reason.
    pub fn of_reason(reason: Reason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }
}

/// Weighs `verdict`, which is that of [`judge`](super::judge()) for the same arguments.
pub fn weigh<R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &Recorded,
    near: &Neighbourhood<R, A>,
    matching: &Matching,
    verdict: &Match<&SessionFacts>,
) -> Weighing {
    Judgement::of(subject, near, matching).weighing(verdict)
}

impl Judgement<'_, '_> {
    /// What this verdict of it was weighed against.
    pub(super) fn weighing(&self, verdict: &Match<&SessionFacts>) -> Weighing {
        if !self.subject.has_ended {
            return Weighing::of_reason(Reason::NotEnded);
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
            return Weighing::of_reason(if self.log.is_some() { Reason::NotRead } else { Reason::NoLog });
        };
        let needed = self.needed(first);
        let reason = match needed {
            Some(needed) => self.reason(first, needed),
            None if self.session(first).is_native => Reason::NativeClient,
            None => Reason::OddTimes,
        };
        Weighing {
            reason: Some(reason),
            lead: self.ball.lead(|session| session == first.session),
            needed,
            next_off: self.candidates.get(1).and_then(|next| off(&next.grounds)),
        }
    }

    /// What would have to be otherwise for the likeliest session to be certain.
    fn reason(&self, first: &Likely, needed: Points) -> Reason {
        let is_enough =
            |ball: &Ball<'_>| ball.lead(|session| session == first.session).is_some_and(|lead| lead >= needed);
        let told = self.ball.if_read(ALL_TOLD, self.steps_read);
        if is_enough(&told) {
            return if self.log.is_some() { Reason::NotRead } else { Reason::NoLog };
        }
        let mut whole = told;
        if self.steps_read != usize::MAX {
            whole = whole.if_read(ALL_TOLD, usize::MAX);
            if is_enough(&whole) {
                return Reason::NotAllRead;
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
            Reason::RivalSession
        } else {
            Reason::RivalRecording
        }
    }
}

/// Why a pair says too little even by itself.
fn weakness(pair: &Likely, session: &Attended, needed: Points, without_open: Points) -> Reason {
    let Grounds { start, end, written, .. } = pair.grounds;
    if without_open >= needed {
        return Reason::OpenSession;
    }
    if session.is_native {
        return Reason::NativeClient;
    }
    match (written, start, end) {
        (Written::Live, Some(_), None) => Reason::NoEnd,
        (Written::Live, None, _) => Reason::NoStart,
        _ if [start, end].into_iter().flatten().any(|offset| !offset.is_usual()) => Reason::OddTime,
        _ => Reason::Unlogged,
    }
}

fn off(grounds: &Grounds) -> Option<i64> {
    [grounds.start, grounds.end].into_iter().flatten().map(|offset| offset.millis.saturating_abs()).max()
}
