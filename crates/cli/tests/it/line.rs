//! Runs command lines and captures their output.

use clap::Parser;
use cli::{CliCommand, CliError, CommandContext, Terminal};
use jiff::tz::TimeZone;

use crate::catalogue::ListedCatalogue;
use crate::day;

#[derive(Debug, Parser)]
#[command(name = "archivist")]
pub struct CliLine {
    #[arg(long, global = true, hide = true, value_parser = cli::parse_zone)]
    pub tz: Option<TimeZone>,
    #[command(subcommand)]
    pub command: CliCommand,
}

/// Exit code and output of a command.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: u8,
    pub out: String,
    pub err: String,
}

/// Output without a terminal.
pub const PIPED: Terminal = Terminal { width: None, colour: false, progress: false };

/// A terminal of this width, without colours.
pub fn wide(width: u16) -> Terminal {
    Terminal { width: Some(width), ..PIPED }
}

/// Runs `archivist` with these arguments.
pub fn run(catalogue: &ListedCatalogue, arguments: &str, terminal: Terminal) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let ran = try_run(catalogue, arguments, terminal, &mut out, &mut err);
    let code = ran.unwrap_or_else(|error| {
        err.extend_from_slice(format!("error: {error}\n").as_bytes());
        error.exit().code()
    });
    Ran { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

/// Runs `archivist` with these arguments and streams.
pub fn try_run(
    catalogue: &ListedCatalogue,
    arguments: &str,
    terminal: Terminal,
    out: &mut dyn std::io::Write,
    err: &mut dyn std::io::Write,
) -> Result<u8, CliError> {
    let line = CliLine::try_parse_from(words(arguments)).unwrap();
    let zone = line.tz.unwrap_or(TimeZone::UTC);
    let estate = day::estate();
    let now = day::at("2026-03-03T08:00:00Z");
    let policy = crate::policy::policy();
    let reviews = day::review_rules();
    let (sessions, checkpoints) = (&catalogue.sessions, &catalogue.checkpoints);
    let mut context = CommandContext {
        catalogue,
        sessions,
        checkpoints,
        estate: &estate,
        policy: Some(&policy),
        reviews: &reviews,
        now,
        zone: zone.clone(),
        terminal,
        out,
        err,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(cli::run(&line.command, &mut context)).map(cli::Exit::code)
}

/// Returns the exit code and message of the command line parser.
pub fn refused(arguments: &str) -> (i32, String) {
    let error = CliLine::try_parse_from(words(arguments)).unwrap_err();
    (error.exit_code(), error.to_string())
}

/// Splits a command line into words.
pub fn words(arguments: &str) -> impl Iterator<Item = &str> {
    std::iter::once("archivist").chain(arguments.split_whitespace())
}
