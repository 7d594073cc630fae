//! How far a log has been read.

use domain::address::BlobAddress;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::{CheckpointKey, CheckpointKind, Fault};
use crate::stored::checkpoint::Document;

/// How far a log has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    schema: u32,
    account: String,
    container: String,
    name: String,
    /// Behind the last record that was read whole, in bytes.
    pub offset: u64,
    /// How many bytes there were when it was last looked at.
    pub size: u64,
    /// When it last had news, or was found.
    pub grown_at: Timestamp,
}

impl Position {
    /// At the beginning of a log that was found at `now`.
    pub fn start(log: &BlobAddress, now: Timestamp) -> Self {
        Self {
            schema: Self::SCHEMA,
            account: log.account.as_str().to_owned(),
            container: log.container.as_str().to_owned(),
            name: log.name.as_str().to_owned(),
            offset: 0,
            size: 0,
            grown_at: now,
        }
    }

    /// The log.
    pub fn log(&self) -> Result<BlobAddress, Fault> {
        BlobAddress::parse(&self.account, &self.container, &self.name)
            .map_err(|error| Fault::permanent("read the address of an audit log", error))
    }
}

impl Document for Position {
    const WHAT: &str = "position in an audit log";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }
}

/// The key of a log's checkpoint.
pub(super) fn key(kind: CheckpointKind, log: &BlobAddress) -> CheckpointKey {
    CheckpointKey { kind, name: format!("{}/{}/{}", log.account.as_str(), log.container.as_str(), log.name.as_str()) }
}
