//! Accounts of the emulator that all tests of this process share, and other parties on the way to it.

pub mod answering;
pub mod before;
mod conditions;
pub mod expiring;
pub mod tables;
pub mod written;

use std::sync::Arc;

use adapters_azure::{Patience, StorageAccess};
use adapters_local::SystemClock;
use azure_core::http::Url;
use azurite::{Account, Azurite};

/// Returns an account no other test uses.
pub fn account() -> Account {
    Azurite::shared().unwrap().account().unwrap()
}

pub fn access(account: &Account) -> StorageAccess {
    StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), Patience::default()).unwrap()
}

pub fn endpoint(url: &str) -> Url {
    Url::parse(url).unwrap()
}
