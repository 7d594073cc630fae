//! What the ledger tells.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::sha256::Sha256;
use crate::address::BlobAddress;
use crate::blob::ETag;
use crate::digest;
use crate::recording_id::RecordingId;

const PREFIX: &str = "fct_";

/// `fct_` and 26 base-32 digits, derived from what the fact is about: whoever tells it again gives it the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(u128);

impl FactId {
    /// Reads an id that was given earlier. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix(PREFIX).and_then(digest::from_base32).map(Self)
    }

    fn derive(kind: &str, about: &[&str]) -> Self {
        let parts: Vec<&[u8]> = [kind].iter().chain(about).map(|part| part.as_bytes()).collect();
        let hash = digest::of(&parts);
        let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
        Self(u128::from_be_bytes(first))
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", digest::base32(self.0))
    }
}

/// One thing that happened. Whoever tells it again tells it with the same time and every other value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its id, see [`What::id`].
    pub id: FactId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub what: What,
}

impl Fact {
    /// A fact, with the id that it has.
    pub fn new(at: Timestamp, what: What) -> Self {
        Self { id: what.id(at), at, what }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The content of a final recording was read and hashed.
    RecordingHashed {
        /// Which recording.
        recording: RecordingId,
        /// Where it was.
        address: BlobAddress,
        /// The content's version.
        etag: ETag,
        /// The content's length in bytes.
        size: u64,
        /// The content's hash.
        sha256: Sha256,
    },
    /// A recording was deleted by a rule or a person.
    RecordingDeleted {
        /// Which recording.
        recording: RecordingId,
        /// Where it was.
        address: BlobAddress,
        /// The length of its content in bytes.
        size: u64,
        /// The hash of its content, where it was known.
        sha256: Option<Sha256>,
        /// The digest of the policy by which it was due.
        policy: String,
        /// Its retention class.
        class: String,
        /// The rules that said so.
        rules: Vec<String>,
        /// Who or what deleted it.
        by: String,
    },
    /// A hold was placed: what it covers is not deleted.
    HoldPlaced {
        /// Which hold.
        hold: String,
        /// The case it serves.
        case: String,
        /// What it covers, in words. `None` in lines that were written before they told it.
        scope: Option<String>,
        /// Who placed it.
        by: String,
    },
    /// A hold was released.
    HoldReleased {
        /// Which hold.
        hold: String,
        /// The case it served.
        case: String,
        /// Who released it.
        by: String,
    },
    /// A plan of deletions was approved.
    RetentionApproved {
        /// The digest of the plan.
        plan: String,
        /// Who approved it.
        by: String,
        /// How many recordings are to be deleted by it.
        count: u64,
    },
    /// A person had today's policy shorten what an earlier one had promised.
    RetentionShortened {
        /// Which recording.
        recording: RecordingId,
        /// Where it is.
        address: BlobAddress,
        /// The digest of today's policy.
        policy: String,
        /// How it was to stay.
        was: Stay,
        /// How it stays now.
        now: Stay,
        /// Who wanted that.
        by: String,
    },
    /// A person said which session a recording is of.
    RecordingConfirmed {
        /// Which recording.
        recording: RecordingId,
        /// Where it is.
        address: BlobAddress,
        /// The session. `None` if it is none of those in the log.
        session: Option<String>,
        /// Who said it.
        by: String,
        /// Why.
        reason: String,
    },
    /// A person is about to end a session.
    SessionDisconnecting {
        /// The bastion it goes through.
        bastion: String,
        /// Its id, as the bastion gives it.
        session: String,
        /// Who wants it ended.
        by: String,
    },
    /// A session that a person wanted ended may go on.
    SessionNotDisconnected {
        /// The bastion it goes through.
        bastion: String,
        /// Its id, as the bastion gives it.
        session: String,
        /// Who wanted it ended.
        by: String,
        /// What the bastion said, or why its answer is not known.
        reason: String,
    },
    /// A session was ended by a person.
    SessionDisconnected {
        /// The bastion it went through.
        bastion: String,
        /// Its id, as the bastion gives it.
        session: String,
        /// Who ended it.
        by: String,
    },
}

/// How a recording stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Its retention class.
    pub class: String,
    /// Until when nobody may delete it.
    pub retain_until: Date,
    /// The last day on which it stays. `None` where it is kept.
    pub delete_after: Option<Date>,
}

impl What {
    /// The name of the kind, as it stands in a line.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RecordingHashed { .. } => "recording.hashed",
            Self::RecordingDeleted { .. } => "recording.deleted",
            Self::HoldPlaced { .. } => "hold.placed",
            Self::HoldReleased { .. } => "hold.released",
            Self::RetentionApproved { .. } => "retention.approved",
            Self::RetentionShortened { .. } => "retention.shortened",
            Self::RecordingConfirmed { .. } => "recording.confirmed",
            Self::SessionDisconnecting { .. } => "session.disconnecting",
            Self::SessionNotDisconnected { .. } => "session.not_disconnected",
            Self::SessionDisconnected { .. } => "session.disconnected",
        }
    }

    /// The id at this time: of a hash by the recording and the content's version, of a deletion by the recording, of a hold by the hold,
    /// of an approval by the plan and the person, of what was shortened by the recording, the policy, the class and the person, of a person's word by the recording, the session and the person, of a disconnected session by the bastion and the session; each of these by its time as well, since it may happen again.
    pub fn id(&self, at: Timestamp) -> FactId {
        let (kind, at) = (self.kind(), at.to_string());
        match self {
            Self::RecordingHashed { recording, etag, .. } => {
                FactId::derive(kind, &[&recording.to_string(), etag.as_str()])
            }
            Self::RecordingDeleted { recording, .. } => FactId::derive(kind, &[&recording.to_string(), &at]),
            Self::HoldPlaced { hold, .. } | Self::HoldReleased { hold, .. } => FactId::derive(kind, &[hold, &at]),
            Self::RetentionApproved { plan, by, .. } => FactId::derive(kind, &[plan, by, &at]),
            Self::RetentionShortened { recording, policy, now, by, .. } => {
                FactId::derive(kind, &[&recording.to_string(), policy, &now.class, by, &at])
            }
            Self::RecordingConfirmed { recording, session, by, .. } => {
                FactId::derive(kind, &[&recording.to_string(), session.as_deref().unwrap_or_default(), by, &at])
            }
            Self::SessionDisconnecting { bastion, session, .. }
            | Self::SessionNotDisconnected { bastion, session, .. }
            | Self::SessionDisconnected { bastion, session, .. } => FactId::derive(kind, &[bastion, session, &at]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(hold: &str, by: &str) -> What {
        What::HoldPlaced { hold: hold.to_owned(), case: "case".to_owned(), scope: None, by: by.to_owned() }
    }

    #[test]
    fn an_id_depends_on_kind_and_object_only() {
        let at = Timestamp::UNIX_EPOCH;
        let id = placed("1", "alice").id(at);
        assert_eq!(id, placed("1", "bob").id(at));
        assert_ne!(id, placed("2", "alice").id(at));
        let released = What::HoldReleased { hold: "1".to_owned(), case: "case".to_owned(), by: "alice".to_owned() };
        assert_ne!(id, released.id(at));
    }

    #[test]
    fn an_id_never_changes_once_given_and_reads_back() {
        let at = Timestamp::UNIX_EPOCH;
        let id = placed("1", "alice").id(at);
        assert_eq!(FactId::parse(&id.to_string()), Some(id));
        assert_eq!(id.to_string(), "fct_5ea03bx1gnapvtb6ynaddx5rhv");
        assert_eq!(FactId::parse("fct_x"), None);
    }
}
