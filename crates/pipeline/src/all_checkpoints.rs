//! Reads whole kinds of checkpoints.

use crate::ports::{Checkpoint, CheckpointKind, Checkpoints, Fault};

/// Documents per request: storage returns up to 1,000 rows, and a checkpoint has two.
const PAGE: usize = 500;

/// Returns all documents of a kind in byte order of their names.
pub(crate) async fn all_checkpoints(
    checkpoints: &dyn Checkpoints,
    kind: CheckpointKind,
) -> Result<Vec<(String, Checkpoint)>, Fault> {
    let mut all: Vec<(String, Checkpoint)> = Vec::new();
    loop {
        let page = checkpoints.list(kind, all.last().map(|(name, _)| name.as_str()), PAGE).await?;
        let is_last = page.len() < PAGE;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}
