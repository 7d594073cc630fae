//! `cargo xtask test`: runs all tests.

use crate::step::{self, StepError};

/// Selects the random cases of the property tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cases {
    /// New cases in every run, to find failures that fixed cases miss.
    New,
    /// The same cases in every run, so that a failed build is caused by the change alone.
    Same,
}

/// Random seed of the repeatable cases.
const SEED: &str = "20260302";

/// Runs every test of the workspace, including tidy and doc tests, and continues after a failure. `seeds` is the
/// number of cases for each property test.
pub fn run(seeds: Option<u32>, cases: Cases) -> Result<(), StepError> {
    let name = seeds.map_or_else(|| "test".to_owned(), |seeds| format!("test, {seeds} seeds"));
    step::step(&name, "fix the failed test, then run `cargo xtask test` again", || {
        let mut command = step::cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
        if let Some(seeds) = seeds {
            command.env("PROPTEST_CASES", seeds.to_string());
        }
        if cases == Cases::Same {
            command.env("PROPTEST_RNG_SEED", SEED);
        }
        step::run(command)
    })
}
