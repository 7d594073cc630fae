//! Fewer cases for properties of which one case is long, such as a simulated day.
//!
//! `proptest_config` cannot do this: the macro lets `PROPTEST_CASES` override the number written there.

use std::panic::Location;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

/// Below this number no case is left out.
const AT_LEAST: u32 = 24;

/// One part in `parts` of the usual number of cases, but at least 24, or all if there are fewer.
pub fn one_in(parts: u32) -> u32 {
    let usual = Config::default().cases;
    (usual / parts).max(AT_LEAST).min(usual)
}

/// The usual settings with the cases of [`one_in`], and the caller's file as the one whose failures are kept.
#[track_caller]
pub fn config(parts: u32) -> Config {
    Config { cases: one_in(parts), source_file: Some(Location::caller().file()), ..Config::default() }
}

/// Checks a property for the cases of [`config`]. Panics with the smallest failing case.
pub fn check<S: Strategy>(config: Config, cases: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    TestRunner::new(config).run(cases, property).unwrap_or_else(|failed| panic!("{failed}"));
}
