//! Account of the emulator, which takes the place of Azure.

use std::sync::Arc;

use adapters_azure::{AzureQueues, Patience, StorageAccess};
use adapters_local::SystemClock;
use azure_core::http::Url;
use azurite::Account;

use crate::error::DevError;

/// Creates all queues of the account.
pub async fn queues(account: &Account) -> Result<AzureQueues, DevError> {
    let access = StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), Patience::default())
        .map_err(DevError::needed)?;
    let endpoint = Url::parse(&account.queue_url).map_err(DevError::needed)?;
    let queues = AzureQueues::new(&access, &endpoint).map_err(DevError::needed)?;
    queues.create().await?;
    Ok(queues)
}
