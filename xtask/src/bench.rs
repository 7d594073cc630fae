//! `cargo xtask bench`: the benchmarks, printed as ratios measured in the same run.

use crate::step::{self, Trouble};

/// Runs the benchmarks with these arguments.
pub fn run(arguments: &[String]) -> Result<(), Trouble> {
    step::step("bench", "mend what it names, then run `cargo xtask bench` again", || {
        let mut command = step::cargo(&["bench", "--locked", "--bench", "ratios", "--"]);
        command.args(arguments);
        step::run(command)
    })
}
