//! Requests and answers: every route, every refusal, and pages of a catalogue that changes.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod paging;
mod refusals;
mod routes;
mod world;
