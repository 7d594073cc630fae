//! Conformance suites of catalogue and outbox in tables, on the storage emulator.

mod catalogue {
    use adapters_azure::TableCatalogue;

    async fn make() -> (TableCatalogue, ()) {
        (TableCatalogue::new(&crate::emulated::tables::store().await), ())
    }

    pipeline::catalogue_conformance!(make);
}

mod notifications {
    use adapters_azure::TableNotifications;

    async fn make() -> (TableNotifications, ()) {
        (TableNotifications::new(&crate::emulated::tables::store().await), ())
    }

    pipeline::notifications_conformance!(make);
}
