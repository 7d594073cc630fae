//! Public form of the accesses of a recording.

use std::net::IpAddr;

use domain::record::blob::whole_second;
use jiff::Timestamp;
use serde::Serialize;

use crate::audit_log::UnreadTime;
use crate::query::{RecordingAccess, RecordingAccesses};

/// Accesses of a recording, as far as the resource logs of its account show them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessesView<'a> {
    /// False if no access log is configured; who accessed the recording is then not known.
    pub logged: bool,
    /// Times of the recording's life, up to now, for which no log of reads was read yet; who read it then is not known.
    /// Empty if no access log is configured.
    pub unread: Vec<UnreadView>,
    /// Accesses by time; those of one reader, one kind and close together are one.
    pub items: Vec<AccessView<'a>>,
    /// Number of older half hours with accesses of this blob name that are only counted.
    pub older: u64,
    /// True if there were more of them than counted.
    pub has_more_older: bool,
}

/// Time for which no log of reads was read.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnreadView {
    /// Begin; null if the begin of the recording is not known.
    pub from: Option<Timestamp>,
    /// End.
    pub to: Timestamp,
}

/// Accesses of one kind by one reader, close together.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessView<'a> {
    /// Time of the first access.
    pub from: Timestamp,
    /// Time of the last access.
    pub to: Timestamp,
    /// `read`, `write`, `delete`, `restore` (after a deletion), `tier`, `tags` or `properties`.
    pub kind: &'static str,
    /// Who it was: `archivist`, `bastion`, `other` (neither of them) or `unknown`.
    pub role: &'static str,
    /// Person by user principal name; null if the log names none, as for a signature or a key.
    pub person: Option<&'a str>,
    /// Object id of the identity; null if the log names none.
    pub object_id: Option<&'a str>,
    /// Id of the application; null if the log names none.
    pub application_id: Option<&'a str>,
    /// `identity`, `sas`, `account_key`, `anonymous` or `other`.
    pub authentication: &'static str,
    /// Hash of the signature or key, as the log writes it; null for an identity.
    pub token_hash: Option<&'a str>,
    /// Addresses that the requests came from.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub addresses: Vec<IpAddr>,
    /// Number of requests.
    pub requests: u64,
    /// Bytes of content in these requests.
    pub bytes: u64,
    /// True if there were more requests and bytes than counted.
    pub has_more: bool,
}

impl<'a> AccessesView<'a> {
    /// Returns the public form.
    pub fn from_accesses(accesses: &'a RecordingAccesses) -> Self {
        Self {
            logged: accesses.is_logged,
            unread: accesses.unread.iter().map(UnreadView::from_time).collect(),
            items: accesses.accesses.iter().map(AccessView::from_access).collect(),
            older: accesses.folded,
            has_more_older: accesses.folded_has_more,
        }
    }
}

impl UnreadView {
    fn from_time(unread: &UnreadTime) -> Self {
        Self { from: unread.from, to: whole_second(unread.to) }
    }
}

impl<'a> AccessView<'a> {
    fn from_access(RecordingAccess { viewing, role }: &'a RecordingAccess) -> Self {
        let accessor = &viewing.accessor;
        Self {
            from: viewing.from,
            to: viewing.to,
            kind: viewing.kind.name(),
            role: role.name(),
            person: accessor.person.as_deref(),
            object_id: accessor.object_id.as_deref(),
            application_id: accessor.application_id.as_deref(),
            authentication: accessor.authentication.name(),
            token_hash: accessor.token_hash.as_deref(),
            addresses: viewing.addresses.iter().copied().collect(),
            requests: viewing.requests,
            bytes: viewing.bytes,
            has_more: viewing.has_more,
        }
    }

    /// Returns the accessor in words: the person, or else the identity or token as far as known.
    pub fn in_words(&self) -> String {
        let of = |what: &str, id: &str| format!("{what} {id}");
        match (self.role, self.person, self.application_id.or(self.object_id), self.token_hash) {
            ("archivist", ..) => "the archivist".to_owned(),
            ("bastion", ..) => "the bastion".to_owned(),
            (_, Some(person), ..) => person.to_owned(),
            (_, None, Some(id), _) => of("application", id),
            (_, None, None, Some(hash)) => of("unknown person, token", hash),
            (_, None, None, None) => "unknown person".to_owned(),
        }
    }
}
