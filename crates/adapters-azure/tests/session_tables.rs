//! Conformance suites of sessions and checkpoints in tables, on the storage emulator.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod emulated;
#[path = "emulated/tables.rs"]
mod tables;

mod sessions {
    use adapters_azure::TableSessions;

    async fn make() -> (TableSessions, ()) {
        (TableSessions::new(&crate::tables::store().await), ())
    }

    pipeline::sessions_conformance!(make);
}

mod checkpoints {
    use adapters_azure::TableCheckpoints;

    async fn make() -> (TableCheckpoints, ()) {
        (TableCheckpoints::new(&crate::tables::store().await), ())
    }

    pipeline::checkpoints_conformance!(make);
}
