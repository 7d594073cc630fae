//! Summary of a local run.

use cli::say;
use comfy_table::{CellAlignment, Table, presets};
use domain::address::Printable;
use domain::record::catalogue::RecordingState;
use pipeline::ports::{Fault, ListRequest, QueueName};
use serde::Serialize;
use wiring::CommandError;

use super::Set;
use super::found::RunFindings;

/// Number of entries per page.
const PAGE: usize = 500;
/// Maximum number of quarantined inputs to count.
const COUNTED: usize = 1000;

/// Results of a run. A long-lived format: version 1.
#[derive(Debug, Serialize)]
pub struct LocalSummary {
    version: u32,
    catalogue: String,
    recordings: Vec<Row>,
    #[serde(flatten)]
    found: RunFindings,
    bytes: u64,
    notifications: Vec<Row>,
    calls: Vec<Calls>,
    quarantined: u64,
    /// Messages given up by the host and not in quarantine yet.
    poison: u64,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    count: u64,
}

#[derive(Debug, Serialize)]
struct Calls {
    function: &'static str,
    outcome: &'static str,
    reason: &'static str,
    count: u64,
}

impl LocalSummary {
    /// Reads the results of the run.
    pub async fn read(set: &Set) -> Result<Self, Fault> {
        let mut recordings: Vec<Row> =
            RecordingState::ALL.map(|state| Row { name: state.name().to_owned(), count: 0 }).into();
        let (mut bytes, mut below, mut found) = (0, None, RunFindings::default());
        loop {
            let request = ListRequest { under: None, below, from: None, limit: PAGE };
            let entries = set.wired.ports.catalogue.list(&request).await?;
            let Some(last) = entries.last() else { break };
            below = Some(last.id);
            for entry in &entries {
                found.recording(entry);
                bytes += entry.life.size().unwrap_or(0);
                for row in recordings.iter_mut().filter(|row| row.name == entry.state.name()) {
                    row.count += 1;
                }
            }
        }
        let calls = set.counts.snapshot().into_iter();
        Ok(Self {
            version: 1,
            catalogue: set.catalogue.display().to_string(),
            recordings,
            found: found.sessions(&set.wired.ports, set.wired.rules.matching.failed_logins).await?,
            bytes,
            notifications: set
                .delivery_counts
                .snapshot()
                .into_iter()
                .map(|(name, count)| Row { name, count })
                .collect(),
            calls: calls
                .map(|c| Calls { function: c.function, outcome: c.outcome, reason: c.reason, count: c.count })
                .collect(),
            quarantined: set.wired.ports.quarantine.since(jiff::Timestamp::MIN, COUNTED).await?.len() as u64,
            poison: Self::poison(set).await?,
        })
    }

    async fn poison(set: &Set) -> Result<u64, Fault> {
        let mut depth = 0;
        for queue in QueueName::ALL.into_iter().filter(|queue| queue.poison().is_none()) {
            depth += set.queue.depth(queue).await? as u64;
        }
        Ok(depth)
    }

    /// Prints a table, or one JSON document.
    pub fn print(&self, json: bool) -> Result<(), CommandError> {
        if json {
            say(&serde_json::to_string_pretty(self).map_err(CommandError::needed)?);
        } else {
            say(&format!("{}{}", self.found.tables(), self.table()));
        }
        Ok(())
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        let total: u64 = self.recordings.iter().map(|row| row.count).sum();
        let mut row = |what: &str, count: u64| {
            table.add_row([what.to_owned(), count.to_string()]);
        };
        row("recordings in the catalogue", total);
        for state in self.recordings.iter().filter(|row| row.count > 0) {
            row(&format!("  {}", state.name), state.count);
        }
        row("bytes recorded", self.bytes);
        row("notifications delivered", self.notifications.iter().map(|row| row.count).sum());
        for event in &self.notifications {
            row(&format!("  {}", Printable(&event.name)), event.count);
        }
        for call in &self.calls {
            let reason = if call.reason.is_empty() {
                String::new()
            } else {
                format!(" ({})", call.reason)
            };
            row(&format!("{}: {}{reason}", call.function, call.outcome), call.count);
        }
        row("inputs in quarantine", self.quarantined);
        row("poison still in its queue", self.poison);
        if let Some(counts) = table.column_mut(1) {
            counts.set_cell_alignment(CellAlignment::Right);
        }
        table.trim_fmt()
    }
}
