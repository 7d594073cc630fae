//! The catalogue and the outbox in tables pass every suite, on the storage emulator.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use adapters_azure::{Access, Patience, TableCatalogue, TableNotifications, TableStore, TokenScope};
use azurite::Azurite;

/// The tables of an account that nobody else has.
async fn store() -> TableStore {
    let account = Azurite::shared().unwrap().account().unwrap();
    let access = Access::emulator(&account.name, &account.key, Patience::default()).unwrap();
    let store = TableStore::new(&access, &account.table_url.parse().unwrap(), TokenScope::Storage).unwrap();
    store.create().await.unwrap();
    store
}

mod catalogue {
    use super::*;

    async fn make() -> (TableCatalogue, ()) {
        (TableCatalogue::new(&store().await), ())
    }

    pipeline::catalogue_conformance!(make);
}

mod notifications {
    use super::*;

    async fn make() -> (TableNotifications, ()) {
        (TableNotifications::new(&store().await), ())
    }

    pipeline::notifications_conformance!(make);
}
