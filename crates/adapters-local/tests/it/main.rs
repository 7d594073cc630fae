//! Integration tests in one binary: the adapters in memory, in a folder and in SQLite.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod blob_stores;
mod folder;
mod folder_dead_letters;
mod folder_ledger;
mod inventory;
mod memory;
mod memory_blobs;
mod queues;
mod sqlite;
mod sqlite_file;
mod sqlite_filled;
