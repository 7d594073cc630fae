//! `cargo xtask test`: everything there is.

use crate::step::{self, Trouble};

/// Which cases a property test makes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cases {
    /// Other ones in every run: to find what nobody thought of.
    New,
    /// The same ones in every run: a red build then tells of the change and of nothing else.
    Same,
}

/// Begins the row of cases that are the same in every run.
const SEED: &str = "20260302";

/// Runs every test of the workspace, tidy and doc tests included, also after one has failed; `seeds` cases for each property
/// test.
pub fn run(seeds: Option<u32>, cases: Cases) -> Result<(), Trouble> {
    let name = seeds.map_or_else(|| "test".to_owned(), |seeds| format!("test, {seeds} seeds"));
    step::step(&name, "mend what the failed test names, then run `cargo xtask test` again", || {
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
