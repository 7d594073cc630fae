//! `cargo xtask bench`: runs the benchmarks, which print ratios measured within one run.

use crate::package::{self, BuildProfile, PackagedProgram};
use crate::step::{self, StepError};

/// Benchmarks that measure the deployed package; `run` builds the package first.
const PACKAGE: [&str; 2] = ["package", "soak"];

/// Runs the benchmarks with these arguments, after building the package if one of them needs it.
pub fn run(arguments: &[String]) -> Result<(), StepError> {
    if needs_package(arguments) {
        package::run(None, &PackagedProgram::Built(BuildProfile::Release))?;
    }
    step::step("bench", "fix the reported problem, then run `cargo xtask bench` again", || {
        let mut command = step::cargo(&["bench", "--locked", "--bench", "ratios", "--"]);
        command.args(arguments);
        step::run(command)
    })
}

/// Returns true if no benchmark is named (all run) or a named one measures the package.
fn needs_package(arguments: &[String]) -> bool {
    let mut names = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
    names.peek().is_none() || names.any(|name| PACKAGE.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::needs_package;

    #[test]
    fn the_package_is_put_together_for_the_benchmark_that_measures_it() {
        let needs = |line: &str| needs_package(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(needs("") && needs("--quick") && needs("sqlite package") && needs("--quick soak"));
        assert!(!needs("--quick sqlite"));
    }
}
