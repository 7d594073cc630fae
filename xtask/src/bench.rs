//! `cargo xtask bench`: the benchmarks, printed as ratios measured in the same run.

use crate::package::{self, Profile, Program};
use crate::step::{self, Trouble};

/// The benchmarks that measure what is deployed, which is put together first.
const PACKAGE: [&str; 2] = ["package", "soak"];

/// Runs the benchmarks with these arguments.
pub fn run(arguments: &[String]) -> Result<(), Trouble> {
    if needs_package(arguments) {
        package::run(None, &Program::Built(Profile::Release))?;
    }
    step::step("bench", "mend what it names, then run `cargo xtask bench` again", || {
        let mut command = step::cargo(&["bench", "--locked", "--bench", "ratios", "--"]);
        command.args(arguments);
        step::run(command)
    })
}

/// Benchmarks are named, or all of them run.
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
