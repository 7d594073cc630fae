//! Tables of the emulator that all tests of this process share.

use adapters_azure::{TableStore, TokenScope};

use crate::emulated;

/// Creates the tables of an account no other test uses.
pub async fn store() -> TableStore {
    let account = emulated::account();
    let endpoint = emulated::endpoint(&account.table_url);
    let store = TableStore::new(&emulated::access(&account), &endpoint, TokenScope::Storage).unwrap();
    store.create().await.unwrap();
    store
}
