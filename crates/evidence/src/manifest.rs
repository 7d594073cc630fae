//! List of the files of a bundle, with the state that it shows.

use serde::{Deserialize, Serialize};

/// Name of the format.
pub const FORMAT: &str = "bastion-archivist-evidence";
/// Version of the format.
pub const VERSION: u32 = 1;

/// Manifest of a bundle. A long-lived format: version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// Newest time in the shown state; not the time of the export.
    pub as_of: String,
    /// Selection of the recordings.
    pub selection: Vec<Selected>,
    /// Number of recordings.
    pub recordings: u64,
    /// True if the contents were to be included.
    pub with_content: bool,
    /// Version of the page; see [`PAGE_VERSION`](crate::PAGE_VERSION).
    pub page: u32,
    /// Last line of the ledger. `None` if there is no ledger.
    pub head: Option<HeadForm>,
    /// Last anchored head of the ledger. `None` if none was ever sent.
    pub anchor: Option<AnchorForm>,
    /// All other files except the signature, in their order.
    pub files: Vec<ManifestFile>,
}

/// Part of the selection: an option of the command with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selected {
    /// Name of the option.
    pub option: String,
    /// Its value.
    pub value: String,
}

/// Last line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadForm {
    /// Segment of the line.
    pub segment: String,
    /// Number of the line in its segment, from 0.
    pub seq: u64,
    /// Time of the line.
    pub at: String,
    /// Hash of the line.
    pub hash: String,
}

/// Head of the ledger that was sent to receivers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnchorForm {
    /// Head that was sent.
    pub head: HeadForm,
    /// Time of sending.
    pub sent_at: String,
    /// Id of the notification.
    pub notification: String,
}

/// File of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Name in the archive.
    pub name: String,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    /// Returns the one stored form: compact JSON and a line feed.
    pub fn bytes(&self) -> Vec<u8> {
        // A manifest always has a JSON form.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
