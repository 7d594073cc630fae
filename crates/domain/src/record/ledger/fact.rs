//! Facts recorded in the ledger, and their ids.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::sha256::Sha256;
use crate::address::BlobAddress;
use crate::digest;
use crate::record::blob::ETag;
use crate::record::recording_id::RecordingId;
use crate::record::review::ReviewOutcome;

const PREFIX: &str = "fct_";

/// `fct_` and 26 base-32 digits, derived from the subject of the fact, so a retry gets the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(u128);

impl FactId {
    /// Parses an id. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix(PREFIX).and_then(digest::from_base32).map(Self)
    }

    fn derive(kind: &str, about: &[&str]) -> Self {
        let parts: Vec<&[u8]> = [kind].iter().chain(about).map(|part| part.as_bytes()).collect();
        let hash = digest::hash_parts(&parts);
        let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
        Self(u128::from_be_bytes(first))
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", digest::base32(self.0))
    }
}

/// One event. A retry must repeat the time and every other value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerFact {
    /// Id; see [`LedgerEvent::id`].
    pub id: FactId,
    /// Time of the event.
    pub at: Timestamp,
    /// Kind of event and its details.
    pub what: LedgerEvent,
}

impl LedgerFact {
    /// Creates a fact and derives its id.
    pub fn new(at: Timestamp, what: LedgerEvent) -> Self {
        Self { id: what.id(at), at, what }
    }
}

/// Kind of event and its details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerEvent {
    /// The content of a final recording was read and hashed.
    RecordingHashed {
        /// Id of the recording.
        recording: RecordingId,
        /// Address of the blob.
        address: BlobAddress,
        /// ETag of the content.
        etag: ETag,
        /// Length of the content in bytes.
        size: u64,
        /// Hash of the content.
        sha256: Sha256,
    },
    /// A recording was deleted by a rule or a person.
    RecordingDeleted {
        /// Id of the recording.
        recording: RecordingId,
        /// Address of the blob.
        address: BlobAddress,
        /// Length of the content in bytes.
        size: u64,
        /// Hash of the content, if known.
        sha256: Option<Sha256>,
        /// Hash of the policy under which it was due.
        policy: String,
        /// Retention class.
        class: String,
        /// Rules that decided the retention.
        rules: Vec<String>,
        /// Person or component that deleted it.
        by: String,
    },
    /// A legal hold was placed: the recordings it covers are not deleted.
    HoldPlaced {
        /// Id of the hold.
        hold: String,
        /// Case that the hold serves.
        case: String,
        /// Covered recordings, in words. `None` in lines of earlier releases.
        scope: Option<String>,
        /// Person who placed it.
        by: String,
    },
    /// A legal hold was released.
    HoldReleased {
        /// Id of the hold.
        hold: String,
        /// Case that the hold served.
        case: String,
        /// Person who released it.
        by: String,
    },
    /// A plan of deletions was approved.
    RetentionApproved {
        /// Id of the plan.
        plan: String,
        /// Person who approved it.
        by: String,
        /// Number of recordings that the plan deletes.
        count: u64,
    },
    /// A person applied today's policy although it shortens the retention promised by an earlier one.
    RetentionShortened {
        /// Id of the recording.
        recording: RecordingId,
        /// Address of the blob.
        address: BlobAddress,
        /// Hash of today's policy.
        policy: String,
        /// Previous retention.
        was: Stay,
        /// New retention.
        now: Stay,
        /// Person who requested it.
        by: String,
    },
    /// A person confirmed the session of a recording.
    RecordingConfirmed {
        /// Id of the recording.
        recording: RecordingId,
        /// Address of the blob.
        address: BlobAddress,
        /// Id of the session. `None` if the recording belongs to no session of the log.
        session: Option<String>,
        /// Person who confirmed it.
        by: String,
        /// Reason given by the person.
        reason: String,
    },
    /// A person reviewed a recording.
    RecordingReviewed {
        /// Id of the recording.
        recording: RecordingId,
        /// Address of the blob.
        address: BlobAddress,
        /// Outcome of the review.
        outcome: ReviewOutcome,
        /// Person who reviewed it.
        by: String,
        /// Ticket with the follow-up.
        ticket: Option<String>,
        /// Note of the reviewer.
        note: Option<String>,
        /// ETag of the reviewed content. `None` in lines of earlier releases.
        etag: Option<ETag>,
        /// Hash of the reviewed content, if it was known.
        sha256: Option<Sha256>,
    },
    /// A person is about to disconnect a session.
    SessionDisconnecting {
        /// Name of the bastion.
        bastion: String,
        /// Id of the session, as given by the bastion.
        session: String,
        /// Person who requested it.
        by: String,
    },
    /// A session that a person wanted to disconnect may still be active.
    SessionNotDisconnected {
        /// Name of the bastion.
        bastion: String,
        /// Id of the session, as given by the bastion.
        session: String,
        /// Person who requested it.
        by: String,
        /// Answer of the bastion, or the reason why it is unknown.
        reason: String,
    },
    /// A person disconnected a session.
    SessionDisconnected {
        /// Name of the bastion.
        bastion: String,
        /// Id of the session, as given by the bastion.
        session: String,
        /// Person who disconnected it.
        by: String,
    },
}

/// Retention of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Retention class.
    pub class: String,
    /// Date until which deletion is forbidden.
    pub retain_until: Date,
    /// Last day of the retention. `None` if the recording is kept indefinitely.
    pub delete_after: Option<Date>,
}

impl LedgerEvent {
    /// Returns the name of the kind in stored lines.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RecordingHashed { .. } => "recording.hashed",
            Self::RecordingDeleted { .. } => "recording.deleted",
            Self::HoldPlaced { .. } => "hold.placed",
            Self::HoldReleased { .. } => "hold.released",
            Self::RetentionApproved { .. } => "retention.approved",
            Self::RetentionShortened { .. } => "retention.shortened",
            Self::RecordingConfirmed { .. } => "recording.confirmed",
            Self::RecordingReviewed { .. } => "recording.reviewed",
            Self::SessionDisconnecting { .. } => "session.disconnecting",
            Self::SessionNotDisconnected { .. } => "session.not_disconnected",
            Self::SessionDisconnected { .. } => "session.disconnected",
        }
    }

    /// Derives the id. Besides the kind it depends on:
    ///
    /// - a hash: the recording and its ETag, not the time;
    /// - a deletion: the recording;
    /// - a hold: the hold;
    /// - an approval: the plan and the person;
    /// - shortened retention: the recording, the policy, the new class and the person;
    /// - a confirmed session: the recording, the session and the person;
    /// - a review: the recording, the outcome, the person, the ticket, the note and the ETag;
    /// - a disconnected session: the bastion and the session.
    ///
    /// All except a hash also depend on the time, because they may occur again.
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
            Self::RecordingReviewed { recording, outcome, by, ticket, note, etag, .. } => {
                let [ticket, note] = [ticket, note].map(|text| text.as_deref().unwrap_or_default());
                let recording = recording.to_string();
                let about = [&*recording, outcome.name(), by, ticket, note, &at];
                let etag = etag.as_ref().map(ETag::as_str);
                FactId::derive(kind, &about.into_iter().chain(etag).collect::<Vec<_>>())
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

    fn placed(hold: &str, by: &str) -> LedgerEvent {
        LedgerEvent::HoldPlaced { hold: hold.to_owned(), case: "case".to_owned(), scope: None, by: by.to_owned() }
    }

    #[test]
    fn an_id_depends_on_kind_and_object_only() {
        let at = Timestamp::UNIX_EPOCH;
        let id = placed("1", "alice").id(at);
        assert_eq!(id, placed("1", "bob").id(at));
        assert_ne!(id, placed("2", "alice").id(at));
        let released =
            LedgerEvent::HoldReleased { hold: "1".to_owned(), case: "case".to_owned(), by: "alice".to_owned() };
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
