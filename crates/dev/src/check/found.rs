//! Final state of a world, and its remaining work.

use std::collections::BTreeMap;
use std::path::Path;

use adapters_local::SystemClock;
use domain::address::BlobName;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::effect::Effect;
use domain::record::notification::Event;
use domain::record::session::SessionEntry;
use jiff::SignedDuration;
use pipeline::ports::{Catalogue, Clock, ListRequest, QueueName, SessionListRequest, Sessions};
use tokio::process::Command;

use super::day::DayScript;
use super::outcome::{of_entry, of_session, without_times};
use super::world::PreparedWorld;
use crate::app;
use crate::day::pause;
use crate::error::DevError;

/// Maximum wait after the day: the claim of a killed handler is held for two minutes; the rest is for slow machines.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(200);

/// Time in which nothing may be due for a world to count as at rest; longer than any timer interval.
const AT_REST: SignedDuration = SignedDuration::from_secs(20);

impl PreparedWorld {
    /// Waits until no work remains. Returns the remaining work after a timeout.
    pub(super) async fn rest(&self, script: &DayScript) -> Result<Vec<String>, DevError> {
        let until = SystemClock.now() + LONGEST_WAIT;
        loop {
            let left = self.left(script).await?;
            if left.is_empty() || SystemClock.now() > until {
                return Ok(left);
            }
            tracing::debug!(world = self.name, ?left, "not at rest");
            pause(SignedDuration::from_secs(2)).await;
        }
    }

    async fn left(&self, script: &DayScript) -> Result<Vec<String>, DevError> {
        let mut left = Vec::new();
        for queue in QueueName::ALL {
            let count = self.queues.depth(queue).await?;
            if count > 0 {
                left.push(format!("{count} messages in {}", queue.as_str()));
            }
        }
        let entries = self.entries().await?;
        if entries.len() < script.lives {
            left.push(format!("{} of {} lives still to catalogue", script.lives - entries.len(), script.lives));
        }
        left.extend(entries.iter().filter(|entry| !is_done(entry)).map(|entry| {
            format!(
                "{}: {:?}, {}, {} effects",
                entry.address.name.as_str(),
                entry.state,
                entry.match_state.verdict.name(),
                entry.pending.len()
            )
        }));
        let soon = SystemClock.now() + AT_REST;
        let due = self.sessions.due(soon, None, 100).await?;
        left.extend(due.iter().map(|due| format!("session {:?} is due", due.id)));
        let due = self.catalogue.due(soon, None, 100).await?;
        left.extend(due.iter().map(|due| format!("{} is due", due.id)));
        Ok(left)
    }

    pub(super) async fn entries(&self) -> Result<Vec<Entry>, DevError> {
        let all = ListRequest { under: None, below: None, from: None, limit: 1_000 };
        let mut entries = self.catalogue.list(&all).await?;
        entries.reverse();
        Ok(entries)
    }

    /// Returns everything that must be equal in all worlds, by name.
    pub(super) async fn found(&self, entries: &[Entry]) -> Result<BTreeMap<String, String>, DevError> {
        let mut found = BTreeMap::new();
        let mut lives: BTreeMap<&BlobName, u32> = BTreeMap::new();
        for entry in entries {
            let name = &entry.address.name;
            let number = lives.entry(name).or_default();
            *number += 1;
            found.insert(format!("life {number} of {}", name.as_str()), of_entry(entry));
            let tags = self.storage.tags(name).await?;
            found.insert(format!("tags of {}", name.as_str()), without_times(&format!("{tags:?}")));
        }
        for session in self.all_sessions().await? {
            found.insert(format!("session {}", session.id.tunnel), of_session(&session));
        }
        let mut told: BTreeMap<String, u64> = BTreeMap::new();
        for one in self.receiver.accepted().values() {
            *told.entry(without_times(&format!("notification {} of {}", one.event, one.subject))).or_default() += 1;
        }
        found.extend(told.into_iter().map(|(name, ids)| (name, format!("{ids} ids"))));
        found.insert("ledger".to_owned(), self.ledger().await?);
        Ok(found)
    }

    async fn all_sessions(&self) -> Result<Vec<SessionEntry>, DevError> {
        let all = SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: 1_000 };
        Ok(self.sessions.list(&all).await?)
    }

    /// Returns the result of `archivist ledger verify` of the package.
    async fn ledger(&self) -> Result<String, DevError> {
        let folder: &Path = self.folder.path();
        let mut command = Command::new(folder.join("archivist"));
        command.args(["ledger", "verify"]).current_dir(folder).env_clear().envs(app::settings(&self.account));
        let output = command.output().await.map_err(DevError::needed)?;
        let told = String::from_utf8_lossy(&output.stdout);
        // The number of facts is left out: it depends on whether a recording was hashed before its deletion.
        let is_counted =
            |line: &&str| ["breaks", "changed", "missing", "repeated"].iter().any(|word| line.contains(word));
        let counts: Vec<&str> = told.lines().filter(is_counted).map(str::trim).collect();
        Ok(format!("{} {}", output.status, counts.join(", ")))
    }
}

/// Returns true if no change of the entry is expected for hours. A recording deleted before it was hashed keeps a
/// pending hash, which cannot succeed, until its retry is due.
fn is_done(entry: &Entry) -> bool {
    let is_deleted = entry.state == RecordingState::Deleted;
    let is_over = is_deleted || entry.final_at.is_some() || entry.announced.contains(&Event::RecordingStale);
    is_over && entry.pending.iter().all(|pending| is_deleted && pending.effect == Effect::Hash)
}
