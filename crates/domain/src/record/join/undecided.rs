//! Reason why no session is certain, and the measures behind a verdict.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::points::Points;
use crate::named;

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
    /// Other sessions fit better if a clock is far off, so the fit may be chance.
    ClockOff,
    /// The audit log may well lack the session: that is nearly as likely.
    Unlogged,
}

named!(UndecidedReason: ALL, name, parse);

/// Measures behind a verdict. Like [`MatchGrounds`](super::MatchGrounds), they depend on when the recording was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MatchReasoning {
    /// Reason why no session is certain. `None` if one is certain, or if none fits.
    pub reason: Option<UndecidedReason>,
    /// Lead of the likeliest session, if none is certain.
    pub lead: Option<Points>,
    /// Lead that the likeliest session needs. `None` if no lead is enough.
    pub needed: Option<Points>,
    /// Larger of the two offsets of the next candidate, in milliseconds.
    pub next_off: Option<i64>,
}

impl MatchReasoning {
    /// Creates a reasoning with a reason only.
    pub fn of_reason(reason: UndecidedReason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }
}
