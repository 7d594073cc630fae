//! `archivist recordings export`.

use std::io::{BufWriter, Write};

use clap::{Args, ValueEnum};
use pipeline::query::{self, Query};
use pipeline::view::RecordingView;

use super::{Filters, csv_row, searched};
use crate::output::json;
use crate::output::progress::WrittenEntries;
use crate::{CliError, CommandContext, Exit};

/// Number of entries in memory at a time.
const PAGE: usize = 500;

/// Arguments of `recordings export`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist recordings export --format csv --from 2026-01-01 --to 2026-03-31 > quarter.csv
  archivist recordings export --format jsonl --state deleted | jq -r .name
  archivist recordings export --format csv anna sql-3 7d

The words are those of `archivist recordings list`.")]
pub struct ExportArgs {
    /// Output format.
    #[arg(long)]
    pub format: ExportFormat,
    /// Filters.
    #[command(flatten)]
    pub filters: Filters,
}

/// Format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// For spreadsheets: a header and one row per recording, scalar values only, safe to open.
    Csv,
    /// For programs: one JSON object per line, complete and unchanged.
    Jsonl,
}

pub(super) async fn run(args: &ExportArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let mut query = Query { limit: PAGE, ..args.filters.query(context)? };
    let mut rows = Rows::begin(args.format, &mut *context.out)?;
    searched::understood(&mut *context.err, &query.search)?;
    let mut progress = WrittenEntries::new(context.terminal, &mut *context.err);
    let unknown = loop {
        let page = query::recordings(context.catalogue, context.checkpoints, &query).await?;
        for entry in &page.items {
            rows.write(&RecordingView::of(entry, context.estate, context.now))?;
        }
        progress.add(page.items.len())?;
        if page.next_cursor.is_none() {
            break page.unknown;
        }
        query.cursor = page.next_cursor;
    };
    rows.finish()?;
    progress.finish()?;
    searched::unknown(&mut *context.err, &unknown)?;
    Ok(Exit::Done)
}

/// Writer of an export, by format.
enum Rows<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(BufWriter<W>),
}

impl<W: Write> Rows<W> {
    fn begin(format: ExportFormat, out: W) -> Result<Self, CliError> {
        match format {
            ExportFormat::Jsonl => Ok(Self::Jsonl(BufWriter::new(out))),
            ExportFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(csv_row::HEADER)?;
                Ok(Self::Csv(Box::new(writer)))
            }
        }
    }

    fn write(&mut self, recording: &RecordingView<'_>) -> Result<(), CliError> {
        match self {
            Self::Csv(writer) => Ok(csv_row::write(writer, recording)?),
            Self::Jsonl(writer) => json::write_line(writer, recording),
        }
    }

    fn finish(self) -> Result<(), CliError> {
        match self {
            Self::Csv(mut writer) => Ok(writer.flush()?),
            Self::Jsonl(mut writer) => Ok(writer.flush()?),
        }
    }
}
