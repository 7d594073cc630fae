//! Findings of a verification, as text and JSON.

use std::fmt;

use domain::address::BlobAddress;
use domain::record::recording_id::RecordingId;
use pipeline::ledger::LedgerFinding;
use serde::Serialize;

/// A finding as a document. A long-lived format: version 1.
#[derive(Debug, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub(super) enum FindingDocument {
    Broken {
        segment: String,
        line: u64,
        offset: u64,
        reason: String,
    },
    Changed {
        #[serde(flatten)]
        recording: Recording,
        told: String,
        found: String,
        etag: String,
    },
    Missing {
        #[serde(flatten)]
        recording: Recording,
        replaced: bool,
    },
    HeadMissing {
        head: String,
    },
    Unread {
        #[serde(flatten)]
        recording: Recording,
        reason: String,
    },
}

#[derive(Debug, Serialize)]
pub(super) struct Recording {
    recording: String,
    account: String,
    container: String,
    name: String,
    #[serde(skip)]
    address: BlobAddress,
}

impl Recording {
    fn new(recording: RecordingId, address: &BlobAddress) -> Self {
        let BlobAddress { account, container, name } = address;
        let [account, container, name] = [account.as_str(), container.as_str(), name.as_str()].map(str::to_owned);
        Self { recording: recording.to_string(), account, container, name, address: address.clone() }
    }
}

impl From<&LedgerFinding> for FindingDocument {
    fn from(finding: &LedgerFinding) -> Self {
        match finding {
            LedgerFinding::Broken(broken) => Self::Broken {
                segment: broken.segment.to_string(),
                line: broken.line,
                offset: broken.offset,
                reason: broken.reason.to_string(),
            },
            LedgerFinding::Changed { recording, address, recorded, found, etag } => Self::Changed {
                recording: Recording::new(*recording, address),
                told: recorded.to_string(),
                found: found.to_string(),
                etag: etag.as_str().to_owned(),
            },
            LedgerFinding::Missing { recording, address, is_replaced } => {
                Self::Missing { recording: Recording::new(*recording, address), replaced: *is_replaced }
            }
            LedgerFinding::HeadMissing(head) => Self::HeadMissing { head: head.to_string() },
            LedgerFinding::Unread { recording, address, reason } => {
                Self::Unread { recording: Recording::new(*recording, address), reason: reason.clone() }
            }
        }
    }
}

impl fmt::Display for FindingDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { segment, line, offset, reason } => {
                write!(f, "broken: segment {segment}, line {line} (byte {offset}): {reason}")
            }
            Self::Changed { recording, told, found, .. } => {
                write!(f, "changed: {recording}: its SHA-256 was {told} and is {found}")
            }
            Self::Missing { recording, replaced: false } => {
                write!(f, "missing: {recording}: the blob does not exist, and no line records its deletion")
            }
            Self::Missing { recording, replaced: true } => {
                write!(f, "missing: {recording}: its name belongs to a newer blob, and no line records its deletion")
            }
            Self::HeadMissing { head } => {
                write!(
                    f,
                    "head missing: no line has the hash {head}; the ledger was written anew, cut off or moved aside"
                )
            }
            Self::Unread { recording, reason } => write!(f, "not read: {recording}: {reason}"),
        }
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.address, self.recording)
    }
}
