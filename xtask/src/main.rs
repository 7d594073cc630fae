//! Build chores. The pipeline runs `cargo xtask ci` and nothing else.

mod background;
mod bench;
mod chore;
mod ci;
mod deny;
mod dev;
mod fuzz;
mod metadata;
mod package;
mod step;
mod test;
mod tidy;

use std::process::ExitCode;

use chore::Chore;
use step::StepError;

/// Root of the repository at compile time.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn main() -> ExitCode {
    let chore = match Chore::parse(std::env::args().skip(1)) {
        Ok(chore) => chore,
        Err(usage) => {
            eprintln!("{usage}\n\n{}", chore::USAGE);
            return ExitCode::from(2);
        }
    };
    match carry_out(&chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("xtask: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(chore: &Chore) -> Result<(), StepError> {
    match chore {
        Chore::Help => {
            println!("{}", chore::USAGE);
            Ok(())
        }
        Chore::Test { seeds } => test::run(*seeds, test::Cases::New),
        Chore::Bench { arguments } => bench::run(arguments),
        Chore::Fuzz { seconds } => fuzz::run(*seconds),
        Chore::Tidy => tidy::run(),
        Chore::Advisories => deny::run(deny::Unreachable::Refused),
        Chore::Package { out, program } => package::run(out.as_deref(), program),
        Chore::Arm64 => package::for_arm64(),
        Chore::Reproduce => package::reproduce(),
        Chore::Dev { profile, arguments } => dev::run(*profile, arguments),
        Chore::Ci { seeds, seconds } => ci::run(*seeds, *seconds),
    }
}
