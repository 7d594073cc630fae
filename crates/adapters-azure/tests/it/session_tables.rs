//! Conformance suites of sessions and checkpoints in tables, on the storage emulator.

mod sessions {
    use adapters_azure::TableSessions;

    async fn make() -> (TableSessions, ()) {
        (TableSessions::new(&crate::emulated::tables::store().await), ())
    }

    pipeline::sessions_conformance!(make);
}

mod checkpoints {
    use adapters_azure::TableCheckpoints;

    async fn make() -> (TableCheckpoints, ()) {
        (TableCheckpoints::new(&crate::emulated::tables::store().await), ())
    }

    pipeline::checkpoints_conformance!(make);
}
