//! Summary of a backfill.

use comfy_table::{CellAlignment, Table, presets};
use domain::record::join::Match;
use domain::record::session::{SessionEntry, SessionState};
use jiff::tz::TimeZone;
use pipeline::Ports;
use pipeline::ports::{Fault, ListRequest, SessionListRequest, SessionPlace};
use serde::Serialize;
use wiring::CommandError;

use super::passes::PassResults;
use crate::output::{human, say};

/// Number of gaps to print.
const SHOWN_GAPS: usize = 5;
/// Number of entries or sessions per page.
const PAGE: usize = 500;

/// Rows of a report that are no recordings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SkippedRows {
    /// Unreadable rows.
    pub unread: u64,
    /// Rows of containers that are not configured, or of another bastion than the requested one.
    pub foreign: u64,
}

/// Describes a session without a recording: start, person, machine and cause.
fn gap_line(entry: &SessionEntry) -> String {
    let facts = entry.session().facts;
    let cause = entry.gap.as_ref().map_or("", |gap| gap.cause.name()).replace('_', " ");
    let (person, machine) = (human::optional(facts.user_email.as_deref()), human::optional(facts.machine().as_deref()));
    format!("{}  {person}  {machine}  {cause}", human::minute(Some(entry.at()), &TimeZone::UTC))
}

/// Content of the catalogue afterwards, and results of this run. A long-lived format: version 1.
#[derive(Debug, Default, Serialize)]
pub(super) struct BackfillSummary {
    version: u32,
    /// True if the run was interrupted; the same command continues.
    interrupted: bool,
    recordings: Recordings,
    sessions: Sessions,
    gaps: Gaps,
    /// Pieces of audit logs quarantined by this run.
    rejected_pieces: usize,
    /// Unreadable rows of the inventory.
    rejected_rows: u64,
    /// Rows of containers that are not configured, or of another bastion than the requested one.
    foreign_rows: u64,
    /// Items that could not be processed now; the same command retries them.
    failed: usize,
    /// Newest sessions without a recording, one line each.
    #[serde(skip)]
    newest_gaps: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct Recordings {
    total: u64,
    matched: u64,
    ambiguous: u64,
    unmatched: u64,
    pending: u64,
}

#[derive(Debug, Default, Serialize)]
struct Sessions {
    total: u64,
    open: u64,
    ended: u64,
    failed: u64,
}

#[derive(Debug, Default, Serialize)]
struct Gaps {
    sessions_without_recording: u64,
    recordings_without_session: u64,
}

impl BackfillSummary {
    /// Counts the catalogue. `done` is `None` if the run was interrupted.
    pub(super) async fn count(ports: &Ports, done: Option<&PassResults>, rows: SkippedRows) -> Result<Self, Fault> {
        let (rejected_rows, foreign_rows) = (rows.unread, rows.foreign);
        let mut summary =
            Self { version: 1, interrupted: done.is_none(), rejected_rows, foreign_rows, ..Self::default() };
        if let Some(PassResults { tailed, reconciled, failed }) = done {
            summary.rejected_pieces = tailed.read.rejected;
            summary.failed = tailed.failed + reconciled.failed + failed;
        }
        summary.count_recordings(ports).await?;
        summary.count_sessions(ports).await?;
        Ok(summary)
    }

    /// Returns true if everything was read and processed.
    pub(super) fn is_whole(&self) -> bool {
        !self.interrupted && self.rejected_rows == 0 && self.foreign_rows == 0 && self.failed == 0
    }

    /// Prints a table, or one JSON document.
    pub(super) fn print(&self, json: bool) -> Result<(), CommandError> {
        if json {
            say(&serde_json::to_string(self).map_err(CommandError::needed)?);
        } else {
            if self.interrupted {
                super::progress::say("interrupted; repeat the command to continue");
            }
            say(&self.table());
            say(&self.next_steps());
        }
        Ok(())
    }

    async fn count_recordings(&mut self, ports: &Ports) -> Result<(), Fault> {
        let mut below = None;
        loop {
            let request = ListRequest { under: None, below, from: None, limit: PAGE };
            let entries = ports.catalogue.list(&request).await?;
            let Some(last) = entries.last() else { return Ok(()) };
            below = Some(last.id);
            for entry in &entries {
                let counted = &mut self.recordings;
                counted.total += 1;
                match &entry.match_state.verdict {
                    Match::Pending => counted.pending += 1,
                    Match::Matched(_) => counted.matched += 1,
                    Match::Ambiguous { .. } => counted.ambiguous += 1,
                    Match::Unmatched { attempt } => {
                        counted.unmatched += 1;
                        self.gaps.recordings_without_session += u64::from(attempt.is_none());
                    }
                }
            }
        }
    }

    async fn count_sessions(&mut self, ports: &Ports) -> Result<(), Fault> {
        let mut below = None;
        loop {
            let request =
                SessionListRequest { bastion: None, without_recording: false, below, from: None, limit: PAGE };
            let sessions = ports.sessions.list(&request).await?;
            let Some(last) = sessions.last() else { return Ok(()) };
            below = Some(SessionPlace { at: last.at(), id: last.id.clone() });
            for entry in &sessions {
                let counted = &mut self.sessions;
                counted.total += 1;
                match entry.session().state {
                    SessionState::Open => counted.open += 1,
                    SessionState::Ended => counted.ended += 1,
                    SessionState::Failed => counted.failed += 1,
                }
                if entry.has_gap() {
                    self.gaps.sessions_without_recording += 1;
                    if self.newest_gaps.len() < SHOWN_GAPS {
                        self.newest_gaps.push(gap_line(entry));
                    }
                }
            }
        }
    }

    /// Newest gaps, and the commands that show more.
    fn next_steps(&self) -> String {
        let mut lines = Vec::new();
        if !self.newest_gaps.is_empty() {
            lines.push("\nNewest sessions without a recording:".to_owned());
            lines.extend(self.newest_gaps.iter().map(|line| format!("  {line}")));
        }
        lines.push("\nNext:".to_owned());
        let gaps = self.gaps.sessions_without_recording + self.gaps.recordings_without_session;
        if gaps > 0 {
            lines.push(format!("  archivist gaps                               all {gaps} gaps, with advice"));
        }
        if self.recordings.ambiguous > 0 {
            let count = self.recordings.ambiguous;
            lines.push(format!("  archivist recordings list --match ambiguous  {count} that a person can decide"));
        }
        lines.push("  archivist page                               the catalogue as web pages".to_owned());
        lines.join("\n")
    }

    fn table(&self) -> String {
        let Self { recordings, sessions, gaps, .. } = self;
        let rows = [
            ("recordings in the catalogue", recordings.total),
            ("  matched", recordings.matched),
            ("  ambiguous", recordings.ambiguous),
            ("  unmatched", recordings.unmatched),
            ("  pending", recordings.pending),
            ("sessions", sessions.total),
            ("  ended", sessions.ended),
            ("  open", sessions.open),
            ("  failed logins", sessions.failed),
            ("sessions without a recording", gaps.sessions_without_recording),
            ("recordings without a session", gaps.recordings_without_session),
            ("rejected pieces of audit logs", self.rejected_pieces as u64),
            ("rows of the inventory not read", self.rejected_rows),
            ("rows of other containers", self.foreign_rows),
            ("not processed now", self.failed as u64),
        ];
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.add_rows(rows.map(|(what, count)| [what.to_owned(), count.to_string()]));
        if let Some(counts) = table.column_mut(1) {
            counts.set_cell_alignment(CellAlignment::Right);
        }
        table.trim_fmt()
    }
}
