//! Lines of the files of a bundle, as verification and page read them. Fields that they do not need are ignored.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::claims::{ConfirmationClaim, DeletionClaim, ReviewClaim};

/// Maximum length of a line in bytes. The texts of the audit records of one recording are limited when it is written.
pub const LONGEST_DOCUMENT: usize = 64 << 20;

/// Line of `recordings.jsonl`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RecordingDocument {
    /// Version of the line.
    pub schema: u32,
    /// Recording id.
    pub id: String,
    /// Newest time in its state.
    pub as_of: String,
    /// The entry.
    pub recording: RecordingPart,
    /// Raw audit records.
    pub audit: AuditSection,
    /// Accesses.
    pub accesses: AccessesPart,
    /// Reviews.
    pub reviews: Vec<ReviewClaim>,
    /// Content; absent if contents were not wanted.
    #[serde(default)]
    pub content: Option<ContentSection>,
}

/// Completeness of the accesses of a recording.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct AccessesPart {
    /// False if no access log is configured.
    pub logged: bool,
    /// Parts of the recording's life for which no log of reads was found.
    #[serde(default)]
    pub unread: Vec<IgnoredAny>,
    /// Number of older accesses that are only counted.
    pub older: u64,
    /// True if there were more of them.
    pub has_more_older: bool,
}

impl RecordingDocument {
    /// Returns what the line itself says is unknown, as `unknown.jsonl` must list it.
    pub(crate) fn unknown(&self) -> Vec<&'static str> {
        let AccessesPart { logged, ref unread, older, has_more_older } = self.accesses;
        let has_content = self.content.as_ref().is_none_or(|content| content.file.is_some());
        let parts = [
            ("accesses", !logged || !unread.is_empty() || older > 0 || has_more_older),
            ("audit_records", self.audit.sessions.iter().any(|session| session.unknown.is_some())),
            ("content", !has_content),
        ];
        parts.into_iter().filter(|(_, is_unknown)| *is_unknown).map(|(what, _)| what).collect()
    }
}

/// Part of a catalogue entry.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RecordingPart {
    /// Recording id.
    pub id: String,
    /// State.
    pub state: String,
    /// Verdict on its session.
    #[serde(rename = "match")]
    pub matching: String,
    /// Person, if certain.
    pub person: Option<String>,
    /// Bastion.
    pub bastion: String,
    /// Storage account.
    pub account: String,
    /// Container.
    pub container: String,
    /// Blob name.
    pub name: String,
    /// Creation of the blob.
    pub created_at: Option<String>,
    /// Last write.
    pub last_modified: Option<String>,
    /// Length of the content in bytes.
    pub size_bytes: Option<u64>,
    /// Version of the content.
    #[serde(default)]
    pub etag: Option<String>,
    /// Hash of the content.
    pub content_sha256: Option<String>,
    /// Session, if certain.
    pub session: Option<SessionSection>,
    /// Confirmation of the session by a person.
    #[serde(default)]
    pub confirmed: Option<ConfirmedPart>,
    /// Retention.
    pub retention: Option<PolicySection>,
    /// Legal holds.
    pub holds: Vec<HeldPart>,
    /// Deletion.
    pub deletion: Option<DeletionPart>,
}

impl RecordingPart {
    /// Returns account, container and name of the blob.
    pub fn address(&self) -> [&str; 3] {
        [&self.account, &self.container, &self.name]
    }

    /// Returns the confirmation with its session.
    pub fn confirmation(&self) -> Option<ConfirmationClaim> {
        let ConfirmedPart { by, at, reason } = self.confirmed.clone()?;
        let session = self.session.as_ref().and_then(|session| session.tunnel_id.clone());
        Some(ConfirmationClaim { by, at, reason, session })
    }
}

/// Confirmation of a session by a person.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ConfirmedPart {
    /// Person.
    pub by: String,
    /// Time.
    pub at: String,
    /// Reason.
    pub reason: String,
}

/// Session of a recording.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SessionSection {
    /// Tunnel id.
    #[serde(default)]
    pub tunnel_id: Option<String>,
    /// Account on the machine.
    pub user_name: Option<String>,
    /// Address of the client.
    pub client_ip: Option<String>,
    /// Resource id of the machine.
    pub target_resource_id: Option<String>,
    /// Address of the machine.
    pub target_ip: Option<String>,
    /// Start.
    pub started_at: Option<String>,
    /// End.
    pub ended_at: Option<String>,
}

/// Retention of a recording.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PolicySection {
    /// Class.
    pub class: String,
    /// Last day on which it must stay.
    pub retain_until: String,
    /// Last day on which it stays.
    pub delete_after: Option<String>,
    /// Verdict.
    pub verdict: String,
}

/// Legal hold on a recording.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct HeldPart {
    /// Id of the hold; absent for a tag that no hold explains.
    #[serde(default)]
    pub hold: Option<String>,
    /// Case.
    pub case: String,
}

/// Deletion of a recording.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DeletionPart {
    /// Time.
    pub at: String,
    /// Decision; absent if the archivist did not decide it.
    pub tombstone: Option<DeletionClaim>,
}

/// Raw audit records of the sessions of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditSection {
    /// Sessions looked for.
    pub sessions: Vec<AuditSessionForm>,
    /// Records found, in the order of session, log and offset.
    pub records: Vec<AuditRecordForm>,
    /// Logs that could not be read.
    pub unread: Vec<UnreadLog>,
    /// Number of found records that were left out because there are too many.
    pub left_out: u64,
}

/// Session with the completeness of its audit records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSessionForm {
    /// Tunnel id.
    pub tunnel_id: String,
    /// Reason why it is unknown whether all records are here. Null if the records say all that the catalogue knows.
    pub unknown: Option<String>,
}

/// Audit record with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecordForm {
    /// Tunnel id of the session.
    pub tunnel_id: String,
    /// Storage account of the log.
    pub account: String,
    /// Container of the log.
    pub container: String,
    /// Blob name of the log.
    pub log: String,
    /// Offset of the first byte.
    pub begin: u64,
    /// Offset behind the last byte.
    pub end: u64,
    /// SHA-256 of these bytes.
    pub sha256: String,
    /// The bytes, as text.
    pub text: String,
}

/// Log that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadLog {
    /// Name of the log, or of the container.
    pub log: String,
    /// Reason.
    pub reason: String,
}

/// Content of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentSection {
    /// File in the bundle; null if the content is not included.
    pub file: Option<String>,
    /// Length in bytes.
    pub size: Option<u64>,
    /// SHA-256.
    pub sha256: Option<String>,
    /// Reason why the content is not included.
    pub unknown: Option<String>,
}

/// Line of `ledger-facts.jsonl`: place of a ledger line about a recording or hold of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactReference {
    /// Recording or hold.
    pub about: String,
    /// Kind of the fact.
    pub kind: String,
    /// Id of the fact.
    pub fact: String,
    /// Segment.
    pub segment: String,
    /// Number of the line in its segment, from 0.
    pub seq: u64,
}

impl FactReference {
    /// Returns the stored form with its line feed.
    pub fn line(&self) -> String {
        // A reference always has a JSON form.
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

/// Line of `unknown.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unknown {
    /// Recording or hold.
    pub about: String,
    /// Missing proof: `hash_in_ledger`, `deletion_in_ledger`, `review_in_ledger`, `confirmation_in_ledger`,
    /// `hold_in_ledger` (of a hold), `holds`, `audit_records`, `accesses` or `content`.
    pub what: String,
    /// Reason, for people.
    pub reason: String,
}

/// Fact of a ledger line, as far as a bundle is compared with it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FactForm {
    /// Id of the fact.
    pub id: String,
    /// Kind of the fact.
    pub kind: String,
    /// Recording concerned.
    #[serde(default)]
    pub recording: Option<String>,
    /// Hold concerned.
    #[serde(default)]
    pub hold: Option<String>,
    /// Version of the content.
    #[serde(default)]
    pub etag: Option<String>,
    /// Hash of the content.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Time.
    #[serde(default)]
    pub at: Option<String>,
    /// Outcome of a review.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Retention class.
    #[serde(default)]
    pub class: Option<String>,
    /// Hash of the policy.
    #[serde(default)]
    pub policy: Option<String>,
    /// Rules that gave the class.
    #[serde(default)]
    pub rules: Option<Vec<String>>,
    /// Person or component that did it.
    #[serde(default)]
    pub by: Option<String>,
    /// Case of a hold.
    #[serde(default)]
    pub case: Option<String>,
    /// Covered recordings of a hold, in words.
    #[serde(default)]
    pub scope: Option<String>,
    /// Session of a confirmation.
    #[serde(default)]
    pub session: Option<String>,
    /// Reason of a confirmation.
    #[serde(default)]
    pub reason: Option<String>,
    /// Ticket of a review.
    #[serde(default)]
    pub ticket: Option<String>,
    /// Note of a review.
    #[serde(default)]
    pub note: Option<String>,
    /// Storage account of the recording.
    #[serde(default)]
    pub account: Option<String>,
    /// Container of the recording.
    #[serde(default)]
    pub container: Option<String>,
    /// Blob name of the recording.
    #[serde(default)]
    pub name: Option<String>,
}

impl FactForm {
    /// Parses the stored form of a fact of any release. Returns `None` for other text.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
