//! Tests of the bundle: every change is found, and hostile files do no harm.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod attacks;
mod bundle;
mod changes;
mod contents;
mod hostile;
mod signatures;
mod statements;
