//! `cargo xtask dev`: a packaged app on the storage emulator, driven by the stand-in on the real clock, with a
//! configuration of second-long periods and a shortened working day.

mod account;
mod app;
mod check;
mod console;
mod day;
mod error;
mod expected;
mod http;
mod run;
mod storage;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use pipeline::ports::with_causes;

use error::DevError;

/// A packaged app on the storage emulator, with a working day of a minute
#[derive(Debug, Parser)]
#[command(
    name = "dev",
    after_help = "Example:\n  cargo xtask package --debug\n  cargo run -p dev -- --app dist --once"
)]
struct Args {
    /// The package: a folder with host.json
    #[arg(long, value_name = "DIR")]
    app: PathBuf,
    /// How many recordings the day has
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=250))]
    recordings: u16,
    /// How many handlers share the work
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=16))]
    instances: u16,
    /// Where HTTP functions answer and functions are fired by hand
    #[arg(long, default_value_t = 7071)]
    port: u16,
    /// End with a summary when every recording is final: 0 if all is as it should be, else 1
    #[arg(long)]
    once: bool,
    /// Play the day twice beside each other, once with ten kills of the handler, and compare what came of it: 0 if it is
    /// the same and complete, else 1
    #[arg(long, conflicts_with_all = ["once", "instances", "port"])]
    check: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new(if args.check { "error" } else { "warn,host_stand_in=info" })
    });
    tracing_subscriber::fmt().compact().with_target(false).with_env_filter(filter).with_writer(std::io::stderr).init();
    match begin(&args) {
        Ok(code) => code,
        Err(error) => {
            say(&format!("dev: {}", with_causes(&error)));
            ExitCode::from(3)
        }
    }
}

fn begin(args: &Args) -> Result<ExitCode, DevError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime
        .map_err(DevError::needed)?
        .block_on(async { if args.check { check::run(args).await } else { run::run(args).await } })
}

/// Says something to the person who watches.
fn say(line: &str) {
    // A reader that went away wants no more lines.
    let _ = writeln!(std::io::stdout(), "{line}");
}
