//! History of an entry.

use jiff::Timestamp;
use jiff::civil::Date;

use super::match_state::Contradicted;
use crate::record::review::ReviewOutcome;

/// Number of changes kept per entry: the first and the latest ones.
const CHANGES_KEPT: usize = 64;

/// One change of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryChange {
    /// Time of the change in the catalogue.
    pub at: Timestamp,
    /// Kind of the change.
    pub what: EntryChangeKind,
}

/// Kinds of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryChangeKind {
    /// The entry was created.
    Catalogued,
    /// The recording settled.
    Settled,
    /// A write came after the recording had settled.
    WrittenAgain,
    /// The recording is final: no further change is expected.
    Final,
    /// The content differs from the one that was hashed before.
    ContentChanged,
    /// The expected blob was not found.
    Missing,
    /// The missing blob was found.
    Found,
    /// The blob was deleted.
    Deleted,
    /// The blob moved to another access tier.
    TierChanged,
    /// Events of another life were split off.
    LifeDivided,
    /// The session was found.
    Matched(String),
    /// Several sessions are candidates.
    Ambiguous(String),
    /// No session in the log belongs to the recording.
    Unmatched,
    /// Late data changed an already notified verdict.
    LateMatch {
        /// Verdict notified before.
        withdrawn: String,
        /// Present verdict.
        now: String,
    },
    /// A person confirmed the session.
    Confirmed {
        /// Confirmed session; `None` if no session in the log belongs to the recording.
        session: Option<String>,
        /// Person who confirmed.
        by: String,
        /// Reason given by the person.
        reason: String,
        /// Verdict notified before, if different.
        withdrawn: Option<String>,
    },
    /// The log contradicts the confirmation, as described.
    WordContradicted(String),
    /// Storage contradicts session times in the log.
    TimesContradicted(Contradicted),
    /// The retention was determined.
    Retained {
        /// Retention class.
        class: String,
        /// Last day of the stay. `None` if it has no end.
        delete_after: Option<Date>,
    },
    /// A person let the present policy shorten the retention.
    Shortened {
        /// Retention class.
        class: String,
        /// Last day of the stay. `None` if it has no end.
        delete_after: Option<Date>,
        /// Person who shortened it.
        by: String,
    },
    /// A person assigned a retention class.
    ClassGiven {
        /// Class; `None` if the rules decide again.
        class: Option<String>,
        /// Person who assigned it.
        by: String,
    },
    /// A person reviewed the recording.
    Reviewed {
        /// Outcome.
        outcome: ReviewOutcome,
        /// Person who reviewed it.
        by: String,
        /// Ticket with the follow-up.
        ticket: Option<String>,
    },
    /// A legal hold of this case began to cover the recording.
    Held(String),
    /// A legal hold of this case no longer covers the recording.
    Released(String),
    /// The recording is marked for deletion, with a warning.
    Expiring,
    /// A person approved the deletion.
    Approved {
        /// Person who approved.
        by: String,
        /// Id of the approved plan.
        plan: String,
    },
    /// The deletion was ordered.
    Ordered,
    /// The deletion was cancelled, for this reason.
    Spared(String),
    /// These tags of ours did not fit beside the tags of others.
    TagsLeftOut(Vec<String>),
    /// Others changed these tags of ours: found and earlier value of each.
    TagsChanged(Vec<String>),
    /// An effect was given up, with the reason.
    EffectRefused(String),
}

impl EntryChangeKind {
    /// Name in stored and shown forms.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Catalogued => "catalogued",
            Self::Settled => "settled",
            Self::WrittenAgain => "written_again",
            Self::Final => "final",
            Self::ContentChanged => "content_changed",
            Self::Missing => "missing",
            Self::Found => "found",
            Self::Deleted => "deleted",
            Self::TierChanged => "tier_changed",
            Self::LifeDivided => "life_divided",
            Self::Matched(_) => "matched",
            Self::Ambiguous(_) => "ambiguous",
            Self::Unmatched => "unmatched",
            Self::LateMatch { .. } => "late_match",
            Self::Confirmed { .. } => "confirmed",
            Self::WordContradicted(_) => "word_contradicted",
            Self::TimesContradicted(_) => "times_contradicted",
            Self::Retained { .. } => "retained",
            Self::Shortened { .. } => "shortened",
            Self::ClassGiven { .. } => "class_given",
            Self::Reviewed { .. } => "reviewed",
            Self::Held(_) => "held",
            Self::Released(_) => "released",
            Self::Expiring => "expiring",
            Self::Approved { .. } => "approved",
            Self::Ordered => "ordered",
            Self::Spared(_) => "spared",
            Self::TagsLeftOut(_) => "tags_left_out",
            Self::TagsChanged(_) => "tags_changed",
            Self::EffectRefused(_) => "effect_refused",
        }
    }
}

/// Adds a change and drops one from the middle if there are too many.
pub(crate) fn note(history: &mut Vec<EntryChange>, at: Timestamp, what: EntryChangeKind) {
    history.push(EntryChange { at, what });
    if history.len() > CHANGES_KEPT {
        history.remove(CHANGES_KEPT / 2);
    }
}
