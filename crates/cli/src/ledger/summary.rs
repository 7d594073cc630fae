//! Result of a verification.

use comfy_table::{CellAlignment, Table, presets};
use pipeline::ledger::{LedgerFinding, Verified};
use serde::Serialize;
use wiring::CommandError;

use super::finding::FindingDocument;
use crate::output::say;

/// Maximum number of findings in a document; all are counted.
const MOST_SHOWN: usize = 10_000;

/// Findings and totals. A long-lived format: version 1.
#[derive(Debug, Serialize)]
pub(super) struct VerificationSummary {
    version: u32,
    /// True if the verification was interrupted; the same command continues.
    interrupted: bool,
    /// True if a ledger exists, was verified completely, and has no problems.
    sound: bool,
    segments: u64,
    lines: u64,
    facts: u64,
    repeated: u64,
    broken: u64,
    /// Line with the head that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<HeadDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recordings: Option<pipeline::ledger::HashedRecordings>,
    findings: Vec<FindingDocument>,
    /// Number of findings left out of the list, because there are too many.
    left_out: u64,
    #[serde(skip)]
    json: bool,
}

/// Place of a line.
#[derive(Debug, Serialize)]
struct HeadDocument {
    segment: String,
    line: u64,
}

impl VerificationSummary {
    pub(super) fn new(json: bool) -> Self {
        let (segments, lines, facts, repeated, broken, left_out) = (0, 0, 0, 0, 0, 0);
        let (interrupted, sound, recordings, findings) = (true, false, None, Vec::new());
        let (version, head) = (1, None);
        Self {
            version,
            interrupted,
            sound,
            segments,
            lines,
            facts,
            repeated,
            broken,
            head,
            recordings,
            findings,
            left_out,
            json,
        }
    }

    /// Adds a finding, and prints it at once in text mode.
    pub(super) fn found(&mut self, finding: &LedgerFinding) {
        let shown = FindingDocument::from(finding);
        if !self.json {
            say(&shown.to_string());
        } else if self.findings.len() < MOST_SHOWN {
            self.findings.push(shown);
        } else {
            self.left_out += 1;
        }
    }

    /// Prints the result; `verified` is `None` after an interruption. Returns true if everything is sound.
    pub(super) fn end(mut self, verified: Option<Verified>) -> Result<bool, CommandError> {
        if let Some(verified) = verified {
            self.interrupted = false;
            self.sound = verified.is_sound() && verified.segments > 0;
            let Verified { segments, lines, facts, repeated, broken, head, recordings, .. } = verified;
            self.head = head.map(|head| HeadDocument { segment: head.segment.to_string(), line: head.line });
            (self.segments, self.lines, self.facts, self.repeated) = (segments, lines, facts, repeated);
            (self.broken, self.recordings) = (broken, recordings);
        }
        if self.json {
            say(&serde_json::to_string(&self).map_err(CommandError::needed)?);
        } else if self.interrupted {
            say("interrupted; repeat the command to continue");
        } else {
            say(&self.table());
            if let Some(HeadDocument { segment, line }) = &self.head {
                say(&format!(
                    "the given head is line {line} of segment {segment}: all lines up to it existed when you received it"
                ));
            }
            say(self.verdict());
        }
        Ok(self.sound)
    }

    fn verdict(&self) -> &'static str {
        match (self.segments, self.sound) {
            (0, _) => "there is no ledger",
            (_, true) => "nothing was changed",
            (_, false) => "not everything is unchanged",
        }
    }

    fn table(&self) -> String {
        let mut rows = vec![
            ("segments", self.segments),
            ("lines", self.lines),
            ("  facts", self.facts),
            ("  of these repeated", self.repeated),
            ("breaks of the chain", self.broken),
        ];
        if let Some(recordings) = &self.recordings {
            rows.extend([
                ("recordings intact", recordings.intact),
                ("  deleted, with a ledger line", recordings.deleted),
                ("  changed", recordings.changed),
                ("  missing", recordings.missing),
                ("  not read", recordings.unread),
                ("bytes of recordings read", recordings.bytes),
            ]);
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.add_rows(rows.into_iter().map(|(what, count)| [what.to_owned(), count.to_string()]));
        if let Some(counts) = table.column_mut(1) {
            counts.set_cell_alignment(CellAlignment::Right);
        }
        table.trim_fmt()
    }
}
