//! `cargo xtask dev`: runs a packaged app on the storage emulator, driven by the stand-in on the real clock, with
//! periods of seconds and a shortened working day.

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

/// Run a packaged app on the storage emulator with a one-minute working day
#[derive(Debug, Parser)]
#[command(
    name = "dev",
    after_help = "Example:\n  cargo xtask package --debug\n  cargo run -p dev -- --app dist --once"
)]
struct Args {
    /// Folder of the package, with host.json
    #[arg(long, value_name = "DIR")]
    app: PathBuf,
    /// Number of recordings of the day
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=250))]
    recordings: u16,
    /// Number of handlers sharing the work
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=16))]
    instances: u16,
    /// Port of the HTTP functions and for firing functions by hand
    #[arg(long, default_value_t = 7071)]
    port: u16,
    /// End with a summary when every recording is final: exit with 0 if the result is as expected, else 1
    #[arg(long)]
    once: bool,
    /// Play the day twice in parallel, once with ten kills of the handler, and compare the results: exit with 0 if
    /// they are equal and complete, else 1
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

/// Prints a line on standard output.
fn say(line: &str) {
    // Fails only if the reader has closed the pipe.
    let _ = writeln!(std::io::stdout(), "{line}");
}
