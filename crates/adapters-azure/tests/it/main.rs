//! Integration tests in one binary: the adapters on the storage emulator, and the management API with canned answers.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod append_blobs;
mod blobs;
mod configuration;
mod dead_letters;
mod deleting;
mod emulated;
mod holds;
mod identity;
mod ledger;
mod management;
mod promises;
mod quarantine;
mod queues;
mod rights;
mod session_tables;
mod setup;
mod table_mishaps;
mod tables;
mod vault;
