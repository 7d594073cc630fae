//! Keeps the last retention runs that did something, for readers.

use domain::past::past;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::sweep::{RetentionRun, RunRetention};
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault};
use crate::stored::Schema;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode, is_zero};

/// Maximum number of kept runs.
const KEPT: usize = 20;

/// The last runs, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunsForm {
    schema: Schema,
    runs: Vec<PastRun>,
}

/// Past retention run that marked, ordered, stopped or failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastRun {
    /// Time of the run.
    pub at: Timestamp,
    /// Recordings newly marked with a warning.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub marked: u64,
    /// Recordings with a new deletion order.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ordered: u64,
    /// Recordings that failed; a later run retries them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failed: u64,
    /// Reason nothing was deleted without an approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

impl CheckpointDocument for RunsForm {
    const WHAT: &str = "last retention runs";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, mut runs } = self;
        runs.retain(|run| past(Some(run.at), now).is_some());
        Self { schema, runs }
    }
}

/// Returns the last runs that did something, newest first.
pub async fn past_runs(checkpoints: &dyn Checkpoints) -> Result<Vec<PastRun>, Fault> {
    let known = checkpoints.get(&key()).await?;
    let form = known.map(|known| decode::<RunsForm>(&known.doc, AS_WRITTEN)).transpose()?;
    Ok(form.map(|form| form.runs).unwrap_or_default())
}

impl RunRetention {
    /// Keeps a run that did something. A failure must not stop retention, and is logged.
    pub(super) async fn keep_run(&self, run: &RetentionRun, at: Timestamp) {
        let stopped = run.aborted.as_ref().map(ToString::to_string);
        let run = PastRun { at, marked: run.marked, ordered: run.ordered, failed: run.failed, stopped };
        let is_idle = (run.marked, run.ordered, run.failed) == (0, 0, 0);
        if let Err(fault) = self.try_keep_run(run, is_idle).await {
            tracing::warn!(%fault, "retention run not kept for readers");
        }
    }

    async fn try_keep_run(&self, run: PastRun, is_idle: bool) -> Result<(), Fault> {
        if is_idle && run.stopped.is_none() {
            return Ok(());
        }
        let known = self.checkpoints.get(&key()).await?;
        let before = known.as_ref().map(|known| known.version);
        let form = known.map(|known| decode::<RunsForm>(&known.doc, run.at)).transpose()?;
        let mut runs = form.map(|form| form.runs).unwrap_or_default();
        if is_idle && runs.first().is_some_and(|last| last.stopped == run.stopped) {
            // The same stop is told once, with the time at which it began.
            return Ok(());
        }
        runs.insert(0, run);
        runs.truncate(KEPT);
        // After a lost race, the other run is kept.
        self.checkpoints.save(&key(), before, &encode(&RunsForm { schema: Schema, runs })?).await.map(drop)
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Pass, name: "retention runs".to_owned() }
}
