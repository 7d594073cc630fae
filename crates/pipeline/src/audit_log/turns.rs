//! Orders open logs into turns, so no log waits for another one to end.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::all_checkpoints::all_checkpoints;
use crate::audit_log::TailAuditLogs;
use crate::ports::{Checkpoint, CheckpointKey, CheckpointKind, Fault, Version};
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode};

/// Open logs with their positions, in the order of their turns.
pub(super) struct Turns {
    pub waiting: VecDeque<(String, Checkpoint)>,
    version: Option<Version>,
}

/// Log with the first turn of the next pass.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Next {
    schema: Schema,
    name: String,
}

impl CheckpointDocument for Next {
    const WHAT: &str = "turn of an audit log";

    fn without_future(self, _: Timestamp) -> Self {
        let Self { schema, name } = self;
        Self { schema, name }
    }
}

impl TailAuditLogs {
    /// Returns all open logs, beginning with the one at which the last pass ran out of time.
    pub(super) async fn turns(&self) -> Result<Turns, Fault> {
        let stored = self.checkpoints.get(&key()).await?;
        let mut waiting = VecDeque::from(all_checkpoints(&*self.checkpoints, CheckpointKind::OpenLog).await?);
        if let Some(stored) = &stored {
            let next: Next = decode(&stored.doc, self.time.now())?;
            waiting.rotate_left(waiting.iter().take_while(|(name, _)| *name < next.name).count());
        }
        Ok(Turns { waiting, version: stored.map(|stored| stored.version) })
    }

    /// Makes the next pass begin with this log.
    pub(super) async fn save_turn(&self, turns: &Turns, name: &str) -> Result<(), Fault> {
        let next = Next { schema: Schema, name: name.to_owned() };
        // If another pass saved first, its log is equally good.
        self.checkpoints.save(&key(), turns.version, &encode(&next)?).await.map(drop)
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Pass, name: "turns of audit logs".to_owned() }
}
