//! Conformance suites of catalogue and outbox in tables, on the storage emulator.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod emulated;
#[path = "emulated/tables.rs"]
mod tables;

mod catalogue {
    use adapters_azure::TableCatalogue;

    async fn make() -> (TableCatalogue, ()) {
        (TableCatalogue::new(&crate::tables::store().await), ())
    }

    pipeline::catalogue_conformance!(make);
}

mod notifications {
    use adapters_azure::TableNotifications;

    async fn make() -> (TableNotifications, ()) {
        (TableNotifications::new(&crate::tables::store().await), ())
    }

    pipeline::notifications_conformance!(make);
}
