//! Tracks how far the audit log of a bastion has been read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::decide::join::LogRead;
use domain::past;
use domain::record::estate::BastionName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::{Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault};
use crate::stored::Schema;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode};
use crate::time::TimeSource;

/// Attempts per lost race.
const RACES: usize = 16;
/// Watermark of a bastion's audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watermark {
    schema: Schema,
    /// All records in the log at this time have been read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_to: Option<Timestamp>,
    /// Records written earlier have not been read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_from: Option<Timestamp>,
    /// Time of the newest record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_record: Option<Timestamp>,
    /// Blob name prefix, learned from one of the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Time of the notification of a stopped log; `None` while records arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Timestamp>,
    /// Time of the notification that the bastion stopped recording; `None` while it records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrecorded_at: Option<Timestamp>,
    /// True if the stored position was in the future due to a wrong clock; the real one is unknown.
    #[serde(skip)]
    pub(crate) is_ahead: bool,
}

impl Default for Watermark {
    fn default() -> Self {
        Self {
            schema: Schema,
            read_to: None,
            read_from: None,
            newest_record: None,
            prefix: None,
            stopped_at: None,
            unrecorded_at: None,
            is_ahead: false,
        }
    }
}

impl Watermark {
    /// Returns the read range for matches, or `None` if no record was read yet.
    pub fn log_read(self) -> Option<LogRead> {
        Some(LogRead { read_from: self.read_from?, read_to: self.read_to?, newest_record: self.newest_record? })
    }

    /// Notes that all records since `since` in the log at `at` have been read.
    pub(crate) fn read(&mut self, since: Timestamp, at: Timestamp) {
        let goes_on = self.read_to.is_some_and(|read_to| since <= read_to);
        self.read_from = Some(self.read_from.filter(|_| goes_on).map_or(since, |known| known.min(since)));
        self.read_to = self.read_to.max(Some(at));
    }
}

impl CheckpointDocument for Watermark {
    const WHAT: &str = "watermark of an audit log";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, read_to, read_from, newest_record, prefix, stopped_at, unrecorded_at, is_ahead } = self;
        let is_ahead = is_ahead || read_to.is_some_and(|at| past::is_ahead(at, now));
        let read_to = past::past(read_to, now);
        // Without `read_to`, the start of the read range is unknown too.
        let read_from = past::past(read_from, now).filter(|_| read_to.is_some());
        let (newest_record, stopped_at) = (past::past(newest_record, now), past::past(stopped_at, now));
        let unrecorded_at = past::past(unrecorded_at, now);
        Self { schema, read_to, read_from, newest_record, prefix, stopped_at, unrecorded_at, is_ahead }
    }
}

/// Watermarks as this process read or saved them last. Only a change begins with one, because its save fails if another
/// process has saved since. No decision reads them.
#[derive(Default)]
pub(crate) struct KeptWatermarks(Mutex<BTreeMap<BastionName, Checkpoint>>);

impl KeptWatermarks {
    fn take(&self, bastion: &BastionName) -> Option<Checkpoint> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(bastion)
    }

    fn put(&self, bastion: &BastionName, checkpoint: Checkpoint) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(bastion.clone(), checkpoint);
    }
}

/// Stores how far the audit log of each bastion has been read.
pub struct Watermarks {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) kept_watermarks: Arc<KeptWatermarks>,
    pub(crate) time: Arc<TimeSource>,
}

impl Watermarks {
    /// Returns the watermark of a bastion, or `None` if no log was read yet.
    pub async fn watermark(&self, bastion: &BastionName) -> Result<Option<Watermark>, Fault> {
        let Some(checkpoint) = self.checkpoints.get(&key(bastion)).await? else {
            return Ok(None);
        };
        let watermark = decode(&checkpoint.doc, self.time.now())?;
        self.kept_watermarks.put(bastion, checkpoint);
        Ok(Some(watermark))
    }

    /// Updates the watermark of a bastion and returns it. Skips the save if nothing changed. Returns an error if others
    /// keep changing it.
    pub(crate) async fn mark(
        &self,
        bastion: &BastionName,
        change: impl Fn(&mut Watermark),
    ) -> Result<Watermark, Fault> {
        let key = key(bastion);
        let mut kept = self.kept_watermarks.take(bastion);
        for _ in 0..RACES {
            let is_kept = kept.is_some();
            let checkpoint = match kept.take() {
                Some(kept) => Some(kept),
                None => self.checkpoints.get(&key).await?,
            };
            let before = match &checkpoint {
                Some(checkpoint) => decode(&checkpoint.doc, AS_WRITTEN)?,
                None => Watermark::default(),
            };
            let mut after = before.clone().without_future(self.time.now());
            change(&mut after);
            // Keep the newest record even if its time is in the future: only another record can correct it.
            after.newest_record = after.newest_record.or(before.newest_record);
            if after == before {
                if is_kept {
                    // Another process may have changed it, so that there is something to change.
                    continue;
                }
                return Ok(after.without_future(self.time.now()));
            }
            let doc = encode(&after)?;
            let version = checkpoint.map(|checkpoint| checkpoint.version);
            if let Some(version) = self.checkpoints.save(&key, version, &doc).await? {
                self.kept_watermarks.put(bastion, Checkpoint { doc, version });
                return Ok(after.without_future(self.time.now()));
            }
        }
        let object = format!("save how far the audit log of bastion {} was read", bastion.as_str());
        Err(Fault::transient(object, "others kept changing it at the same time"))
    }
}

fn key(bastion: &BastionName) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Bastion, name: bastion.as_str().to_owned() }
}
