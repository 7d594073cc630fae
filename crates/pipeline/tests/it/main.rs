//! Integration tests in one binary: the use cases on the memory adapters.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod body;
mod coverage_report;
mod day;
mod delivery;
mod fewer_cases;
mod hostile;
mod ledger;
mod posture;
mod profile;
mod promises;
mod recording_habits;
mod retention;
mod schemas;
mod search;
mod session_queries;
mod sessions;
mod simulation;
mod stored;
mod summary;
mod view_golden;
