//! Measures the costs of the archivist as ratios within one run: `cargo xtask bench -- [--quick] [NAME…]`.
//!
//! Every round measures our side and the baseline one straight after the other, so that other load on the machine
//! affects both. Figures are medians over the rounds. They are not tests: a missed figure is not a failure.

mod api;
mod azure;
mod backfill;
mod cpu;
mod growth;
mod handler;
mod hashing;
mod matching;
mod million;
mod notifications;
mod package;
mod page;
mod pages;
mod policy;
mod process;
mod python;
mod reader;
mod report;
mod retention;
mod soak;
mod sqlite;
mod watch;
mod watching;
mod world;

use std::error::Error;

use report::Measurement;
use tokio::runtime::Runtime;

/// Result of a measurement; an error ends the run.
type Measured<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Length of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    Quick,
    Full,
}

impl Effort {
    /// Returns the first value for a quick run, the second for a full one.
    fn pick<T>(self, quick: T, full: T) -> T {
        if self == Self::Quick { quick } else { full }
    }
}

/// Returns a runtime on the calling thread, as in production.
fn runtime() -> Measured<Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

type Benchmark = (&'static str, fn(Effort) -> Measured<Vec<Measurement>>);

const BENCHMARKS: [Benchmark; 18] = [
    ("handler", handler::figures),
    ("sqlite", sqlite::figures),
    ("growth", growth::figures),
    ("million", million::figures),
    ("api", api::figures),
    ("page", page::figures),
    ("pages", pages::figures),
    ("azure", azure::figures),
    ("reader", reader::figures),
    ("matching", matching::figures),
    ("backfill", backfill::figures),
    ("policy", policy::figures),
    ("retention", retention::figures),
    ("hashing", hashing::figures),
    ("notifications", notifications::figures),
    ("watching", watching::figures),
    ("package", package::figures),
    ("soak", soak::figures),
];

fn main() -> Measured<()> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [reader::whole::ARGUMENT, file] => return reader::whole::sum_up(file),
        [retention::ARGUMENT, file, round] => return retention::sweep_once(file, round),
        [hashing::ARGUMENT, folder] => return hashing::hash_once(folder),
        _ => {}
    }
    let (options, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| argument.starts_with('-'));
    let effort = match options.as_slice() {
        [] => Effort::Full,
        [one] if *one == "--quick" => Effort::Quick,
        _ => return Err(usage().into()),
    };
    if names.iter().any(|name| BENCHMARKS.iter().all(|(known, _)| known != name)) {
        return Err(usage().into());
    }
    for (name, figures) in BENCHMARKS.iter().filter(|(name, _)| names.is_empty() || names.iter().any(|n| n == name)) {
        println!("{name}\n{}\n", report::table(&figures(effort)?));
    }
    Ok(())
}

fn usage() -> String {
    let names: String = BENCHMARKS.iter().map(|(name, _)| format!(" [{name}]")).collect();
    format!("usage: cargo xtask bench -- [--quick]{names}")
}
