//! Tests retention policies against a naive implementation of their language.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod covers;
mod matching;
mod naive;
mod resolving;
mod times;
mod truth;
mod world;
