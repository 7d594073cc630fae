//! Arguments of `archivist replay`.

use std::path::PathBuf;

use clap::Args;
use domain::policy::matcher::Pattern;
use jiff::Zoned;
use pipeline::replay::ReplaySelection;

use crate::CliError;
use crate::arguments::TimeArg;

/// Filters and output of a replay; an item must pass all filters.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist replay quarantine
  archivist replay quarantine --type BlobCreated --since 2026-03-01 --apply
  archivist replay poison --apply --json | jq -r '.items[] | select(.outcome == \"stays\") | .id'

Nothing is changed without --apply. Ids stay the same, so a second replay changes nothing and sends no notification again.
A dry run says what would happen to each item, as far as the item and the configuration show it.
Exit code 1 if something cannot be processed and stays, or would stay, or more is left than the limit allows.")]
pub struct ReplayArgs {
    /// Only items that failed on this day or later: a date, a word for a day, or an RFC 3339 time.
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    pub since: Option<TimeArg>,
    /// Only items that failed until the end of this day, or before this time.
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    pub until: Option<TimeArg>,
    /// Only items of this type, as the table shows it; `*` and `?` are wildcards, case is ignored.
    #[arg(long = "type", value_name = "PATTERN")]
    pub kind: Option<String>,
    /// Only items with this name, of a blob or as the table shows it; `*` and `?` are wildcards, case is
    /// ignored.
    #[arg(long, value_name = "PATTERN")]
    pub name: Option<String>,
    /// Maximum number of items; a file of dead letters is never split.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// Replay the items. Without it, nothing is changed.
    #[arg(long)]
    pub apply: bool,
    /// Write one JSON document: `{"version": 1, "applied": false, "items": [...], "totals": {...}, ...}`.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `replay dead-letters`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist replay dead-letters
  archivist replay dead-letters --name 'vm-web-*' --apply
  archivist replay dead-letters --from ./downloaded --apply
  archivist replay dead-letters --type 'recording.*' --apply     (notifications that were given up)

Files are read from the container `dead-letters` of the storage account of `state`, or from the folder `dead-letters`
beside the local catalogue. Nothing is changed without --apply. A file stays if the filters exclude any of its events.")]
pub struct DeadLettersArgs {
    /// Read this file or folder of dead letters instead, and replay no notifications.
    #[arg(long, value_name = "PLACE", value_parser = place)]
    pub from: Option<PathBuf>,
    /// Filters and output.
    #[command(flatten)]
    pub replay: ReplayArgs,
}

fn place(text: &str) -> Result<PathBuf, &'static str> {
    let place = PathBuf::from(text);
    if place.exists() { Ok(place) } else { Err("there is no such file or folder") }
}

impl ReplayArgs {
    /// # Errors
    /// `--since` is after `--until`.
    pub(super) fn wanted(&self, now: &Zoned) -> Result<ReplaySelection, CliError> {
        let since = self.since.and_then(|since| since.begin(now));
        let until = self.until.and_then(|until| until.end(now));
        if since.zip(until).is_some_and(|(since, until)| since > until) {
            return Err(CliError::Problems("--since is after --until".to_owned()));
        }
        Ok(ReplaySelection {
            since,
            until,
            kind: self.kind.as_deref().map(Pattern::any_case),
            name: self.name.as_deref().map(Pattern::any_case),
            limit: usize::try_from(self.limit).unwrap_or(usize::MAX),
        })
    }
}
