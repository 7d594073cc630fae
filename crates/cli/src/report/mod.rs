//! `archivist report`: reports about a month.

mod html;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use domain::record::estate::BastionName;
use pipeline::CatalogueReader;
use pipeline::coverage_report::{ReportMonth, coverage_report};
use pipeline::view::CoverageView;
use pipeline::view::csv::{COVERAGE_COLUMNS, coverage_rows};

use crate::arguments::ItemFormat;
use crate::arguments::known::check_bastion;
use crate::output::items::ItemWriter;
use crate::output::json;
use crate::recordings::bastion;
use crate::{CliError, CommandContext, Exit};

/// Commands of `report`.
#[derive(Debug, Clone, Subcommand)]
pub enum ReportCommand {
    /// Report how much of each bastion was recorded, named, kept and looked at in a month.
    Coverage(CoverageArgs),
}

/// Arguments of `report coverage`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist report coverage --month 2026-10 --format html --out coverage.html
  archivist report coverage --bastion bas-hub-01 --format csv > coverage.csv
  archivist report coverage | jq '.total.figures.gaps'

A month is a month in UTC. Unknown figures are null in JSON, empty in CSV and \"not counted\" in HTML, each with the
reason; they are never 0. The report holds the definition of every figure.")]
pub struct CoverageArgs {
    /// Month in UTC, as 2026-10; the default is last month.
    #[arg(long, value_name = "MONTH", value_parser = month)]
    pub month: Option<ReportMonth>,
    /// Only this bastion, by its name in the configuration; may repeat.
    #[arg(long, value_name = "NAME", value_parser = bastion)]
    pub bastion: Vec<BastionName>,
    /// Output format.
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    pub format: ReportFormat,
    /// Short form of --format json.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// File to write; the default is standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people: one page, ready to print.
    Html,
    /// For spreadsheets: a header and one row per bastion and figure, safe to open.
    Csv,
    /// For programs: one JSON document.
    Json,
}

fn month(text: &str) -> Result<ReportMonth, String> {
    ReportMonth::parse(text).ok_or_else(|| "write a month as 2026-10".to_owned())
}

pub(crate) async fn run(command: &ReportCommand, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let ReportCommand::Coverage(args) = command;
    let month = ReportMonth::requested(args.month, context.now)
        .map_err(|refused| CliError::Problems(format!("--month: {refused}")))?;
    for bastion in &args.bastion {
        check_bastion(Some(bastion), context).await?;
    }
    let CommandContext { catalogue, sessions, checkpoints, estate, policy, reviews, now, .. } = *context;
    let time_zone = &context.zone;
    let reading = CatalogueReader { catalogue, sessions, checkpoints, estate, policy, reviews, time_zone, now };
    let mut bastions = args.bastion.clone();
    bastions.sort();
    bastions.dedup();
    let view = CoverageView::from_report(&coverage_report(&reading, month, &bastions).await?);
    match &args.out {
        None => write(&view, args.format, context.out)?,
        Some(path) => write_file(&view, args.format, path)?,
    }
    Ok(Exit::Done)
}

fn write_file(view: &CoverageView, format: ReportFormat, path: &Path) -> Result<(), CliError> {
    let file = File::create(path)
        .map_err(|error| CliError::Problems(format!("--out: cannot write {}: {error}", path.display())))?;
    let mut file = BufWriter::new(file);
    write(view, format, &mut file)?;
    file.flush().map_err(CliError::Output)
}

fn write(view: &CoverageView, format: ReportFormat, out: &mut dyn Write) -> Result<(), CliError> {
    match format {
        ReportFormat::Json => json::write_line(out, view)?,
        ReportFormat::Html => out.write_all(html::page(view).as_bytes())?,
        ReportFormat::Csv => {
            let mut writer = ItemWriter::begin(ItemFormat::Csv, COVERAGE_COLUMNS, out)?;
            coverage_rows(view).iter().try_for_each(|row| writer.write(row))?;
            writer.finish(None)?;
        }
    }
    Ok(())
}
