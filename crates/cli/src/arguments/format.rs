//! Options of every list: the format and the number of items.

use clap::{Args, ValueEnum};

/// Format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people: a table that fits the terminal.
    Table,
    /// For spreadsheets: a header and one row per item, safe to open.
    Csv,
    /// For programs: one JSON document.
    Json,
    /// For programs: one JSON object per line.
    Jsonl,
}

/// Format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// For spreadsheets: a header and one row per item, scalar values only, safe to open.
    Csv,
    /// For programs: one JSON document.
    Json,
    /// For programs: one JSON object per line, complete and unchanged.
    Jsonl,
}

/// Format of an export, with its short form. One of them is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct ExportFormatArgs {
    /// Output format.
    #[arg(long, value_name = "FORMAT", required_unless_present = "json", conflicts_with = "json")]
    pub format: Option<ExportFormat>,
    /// Short form of --format json.
    #[arg(long)]
    pub json: bool,
}

/// Format of a list, with its short form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct FormatArgs {
    /// Output format; the default is table.
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    pub format: Option<OutputFormat>,
    /// Short form of --format json.
    #[arg(long)]
    pub json: bool,
}

/// Format of a list that is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemFormat {
    Csv,
    Json,
    Jsonl,
}

impl FormatArgs {
    /// Returns the chosen format, or `None` for a table.
    pub(crate) fn items(self) -> Option<ItemFormat> {
        match (self.format, self.json) {
            (Some(OutputFormat::Csv), _) => Some(ItemFormat::Csv),
            (Some(OutputFormat::Json), _) | (None, true) => Some(ItemFormat::Json),
            (Some(OutputFormat::Jsonl), _) => Some(ItemFormat::Jsonl),
            (Some(OutputFormat::Table), _) | (None, false) => None,
        }
    }
}

impl ExportFormatArgs {
    /// Returns the chosen format.
    pub(crate) fn items(self) -> ItemFormat {
        match self.format {
            Some(ExportFormat::Csv) => ItemFormat::Csv,
            Some(ExportFormat::Jsonl) => ItemFormat::Jsonl,
            Some(ExportFormat::Json) | None => ItemFormat::Json,
        }
    }
}

/// Number of items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct PagingArgs {
    /// Maximum number of items.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
    /// List all items, not only the newest.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

/// Number of items in memory at a time, if all are listed.
const PAGE: usize = 500;

impl PagingArgs {
    /// All items.
    pub(crate) const ALL: Self = Self { limit: 0, all: true };

    /// Returns the size of the next page if `written` items are written, or `None` if no more are wanted.
    pub(crate) fn next(self, written: usize) -> Option<usize> {
        let rest = if self.all { PAGE } else { usize::from(self.limit).saturating_sub(written) };
        (rest > 0).then_some(rest.min(PAGE))
    }
}
