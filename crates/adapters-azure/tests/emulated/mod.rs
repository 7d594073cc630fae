//! Accounts of the emulator of this process.

use adapters_azure::{Access, Patience};
use azure_core::http::Url;
use azurite::{Account, Azurite};

/// An account that no other test has.
pub fn account() -> Account {
    Azurite::shared().unwrap().account().unwrap()
}

/// Access to it.
pub fn access(account: &Account) -> Access {
    Access::emulator(&account.name, &account.key, Patience::default()).unwrap()
}

/// An endpoint of it.
pub fn endpoint(url: &str) -> Url {
    Url::parse(url).unwrap()
}
