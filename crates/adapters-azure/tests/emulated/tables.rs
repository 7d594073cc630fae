//! Tables of the emulator of this process.

use adapters_azure::{TableStore, TokenScope};

use crate::emulated;

/// The tables of an account that no other test has.
pub async fn store() -> TableStore {
    let account = emulated::account();
    let endpoint = emulated::endpoint(&account.table_url);
    let store = TableStore::new(&emulated::access(&account), &endpoint, TokenScope::Storage).unwrap();
    store.create().await.unwrap();
    store
}
