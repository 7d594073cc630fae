//! What became of an entry, for people who ask later.

use jiff::Timestamp;
use jiff::civil::Date;

use super::bounded::Contradicted;

/// How many changes an entry remembers; of more, the first and the latest stay.
const CHANGES_KEPT: usize = 64;

/// One change of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When we made it.
    pub at: Timestamp,
    /// What changed.
    pub what: What,
}

/// The kinds of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The entry was made.
    Catalogued,
    /// The content rested long enough.
    Settled,
    /// A write came after the recording had settled.
    WrittenAgain,
    /// Nothing is expected to change any more.
    Final,
    /// No blob was found where one was expected.
    Missing,
    /// The blob is there, although it had been missing.
    Found,
    /// A delete was heard of.
    Deleted,
    /// The blob moved to another access tier.
    TierChanged,
    /// Events of another life were told apart from this one.
    LifeDivided,
    /// Its session was found.
    Matched(String),
    /// It is one of several sessions.
    Ambiguous(String),
    /// No session was told of.
    Unmatched,
    /// Late data corrected what had been told of its session.
    LateMatch {
        /// What had been told.
        withdrawn: String,
        /// What is known now.
        now: String,
    },
    /// A person said which session it is of.
    Confirmed {
        /// The session; none if it is none of those in the log.
        session: Option<String>,
        /// Who.
        by: String,
        /// Why.
        reason: String,
        /// What had been told before, if that was something else.
        withdrawn: Option<String>,
    },
    /// The log contradicts a person's word, in this way.
    WordContradicted(String),
    /// Storage contradicts times of its session in the log.
    TimesContradicted(Contradicted),
    /// How long it stays was said: the class, and the last day if there is one.
    Retained {
        /// The class.
        class: String,
        /// The last day on which it stays.
        delete_after: Option<Date>,
    },
    /// A person had today's policy shorten what was said.
    Shortened {
        /// The class.
        class: String,
        /// The last day on which it stays.
        delete_after: Option<Date>,
        /// Who.
        by: String,
    },
    /// A person gave it a class.
    ClassGiven {
        /// The class; none where the rules decide again.
        class: Option<String>,
        /// Who.
        by: String,
    },
    /// A legal hold of this case covers it.
    Held(String),
    /// A legal hold of this case no longer covers it.
    Released(String),
    /// People are warned that it will go.
    Expiring,
    /// A person allowed its deletion.
    Approved {
        /// Who.
        by: String,
        /// The digest of the plan.
        plan: String,
    },
    /// Its deletion was decided.
    Ordered,
    /// It stays after all, for this reason.
    Spared(String),
    /// Other people's tags leave no room for these of ours.
    TagsLeftOut(Vec<String>),
    /// Somebody else changed these tags of ours: each with what was found and what had been there.
    TagsChanged(Vec<String>),
    /// An effect was refused for good, with the reason.
    EffectRefused(String),
}

impl What {
    /// The name in stored and shown forms.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Catalogued => "catalogued",
            Self::Settled => "settled",
            Self::WrittenAgain => "written_again",
            Self::Final => "final",
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

/// Adds a change and forgets from the middle what is too much.
pub(super) fn note(history: &mut Vec<Change>, at: Timestamp, what: What) {
    history.push(Change { at, what });
    if history.len() > CHANGES_KEPT {
        history.remove(CHANGES_KEPT / 2);
    }
}
