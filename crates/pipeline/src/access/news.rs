//! Marks blob names with accesses to announce.

use domain::past::past;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::apply::ApplyAccesses;
use crate::ports::{CheckpointKey, CheckpointKind, Fault};
use crate::save::save_with_retry;
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode};

/// Marker of a blob name with accesses to announce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewsMarker {
    schema: Schema,
    /// Time since when something waits.
    pub since: Timestamp,
    /// Number of saves, so that every save changes the document.
    saves: u64,
}

impl CheckpointDocument for NewsMarker {
    const WHAT: &str = "marker of accesses to announce";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, since, saves } = self;
        // A wait since an unknown time begins now.
        Self { schema, since: past(Some(since), now).unwrap_or(now), saves }
    }
}

impl NewsMarker {
    pub(crate) fn new(since: Timestamp) -> Self {
        Self { schema: Schema, since, saves: 1 }
    }
}

impl ApplyAccesses {
    /// Marks the name. An existing marker gets a new version, so a pass that read the accesses before cannot remove it.
    pub(super) async fn mark_news(&self, name: &str) -> Result<(), Fault> {
        let key = &CheckpointKey { kind: CheckpointKind::AccessNews, name: name.to_owned() };
        let now = self.time.now();
        let mark = || async move {
            let before = self.checkpoints.get(key).await?;
            let marker = match &before {
                Some(before) => {
                    let known: NewsMarker = decode(&before.doc, now)?;
                    NewsMarker { saves: known.saves.saturating_add(1), ..known }
                }
                None => NewsMarker::new(now),
            };
            let version = before.map(|before| before.version);
            self.checkpoints.save(key, version, &encode(&marker)?).await
        };
        save_with_retry(|| format!("mark accesses of {name} to announce"), || Box::pin(mark())).await.map(drop)
    }
}
