//! Stored position of a verification.

use domain::record::ledger::SegmentNumber;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::verify::HashedRecordings;
use super::walk::LedgerPlace;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use crate::stored::Schema;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode};

/// Progress of the comparison of recordings with the ledger, with its counts so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComparisonProgress {
    schema: Schema,
    segment: String,
    offset: u64,
    recordings: HashedRecordings,
}

impl CheckpointDocument for ComparisonProgress {
    const WHAT: &str = "position in a verification of the ledger";

    fn without_future(self, _: Timestamp) -> Self {
        // The position has no times.
        self
    }
}

/// Stored position of a running or interrupted verification.
pub(super) struct StoredVerification<'a> {
    checkpoints: &'a dyn Checkpoints,
    version: Option<Version>,
}

impl<'a> StoredVerification<'a> {
    /// Loads the position of an interrupted verification, or discards it if `from_start`.
    pub(super) async fn load(
        checkpoints: &'a dyn Checkpoints,
        from_start: bool,
    ) -> Result<(Self, LedgerPlace, HashedRecordings), Fault> {
        let found = checkpoints.get(&key()).await?;
        let mut kept = Self { checkpoints, version: found.as_ref().map(|found| found.version) };
        let Some(found) = found.filter(|_| !from_start) else {
            kept.remove().await?;
            return Ok((kept, LedgerPlace::BEGIN, HashedRecordings::default()));
        };
        let position: ComparisonProgress = decode(&found.doc, AS_WRITTEN)?;
        let segment = SegmentNumber::parse(&position.segment)
            .ok_or_else(|| Fault::permanent("read the position in the ledger", "its segment is not a number"))?;
        Ok((kept, LedgerPlace { segment, offset: position.offset }, position.recordings))
    }

    pub(super) async fn save(&mut self, place: LedgerPlace, recordings: &HashedRecordings) -> Result<(), Fault> {
        let LedgerPlace { segment, offset } = place;
        let (schema, segment) = (Schema, segment.to_string());
        let doc = encode(&ComparisonProgress { schema, segment, offset, recordings: recordings.clone() })?;
        let saved = self.checkpoints.save(&key(), self.version, &doc).await?;
        self.version = Some(saved.ok_or_else(at_work)?);
        Ok(())
    }

    pub(super) async fn remove(&mut self) -> Result<(), Fault> {
        let Some(version) = self.version.take() else { return Ok(()) };
        self.checkpoints.remove(&key(), version).await.map(drop)
    }
}

fn at_work() -> Fault {
    Fault::refused("save how far the ledger was verified", "another verification runs, or ran meanwhile")
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Ledger, name: "verify".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_of_version_1_round_trips() {
        let golden = include_str!("../../tests/golden/ledger-v1/position.json").trim_end();
        assert_eq!(encode(&decode::<ComparisonProgress>(golden, AS_WRITTEN).unwrap()).unwrap(), golden);
    }
}
