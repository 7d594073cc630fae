//! Blob stores of the accounts that bastions write into.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use adapters_azure::AzureBlobs;
use adapters_local::folder::{Folder, FolderBlobs};
use configuration::{AccountUrl, Configuration};
use domain::address::AccountName;
use pipeline::ports::BlobStore;

use crate::OWN_FOLDER;
use crate::accounts::AccountBlobs;
use crate::azure::Azure;
use crate::start::CommandError;

/// Builds one adapter per storage account of the configuration. Returns all problems at once.
pub fn storage_accounts(configuration: &Configuration, azure: &Azure<'_>) -> Result<Arc<dyn BlobStore>, CommandError> {
    let mut urls: BTreeMap<&AccountName, &AccountUrl> = BTreeMap::new();
    for url in configuration.account_urls() {
        urls.entry(url.account()).or_insert(url);
    }
    let problems: Vec<String> = urls.values().filter_map(|url| without_key(url, azure)).collect();
    if !problems.is_empty() {
        return Err(CommandError::Problems(problems));
    }
    let mut accounts: BTreeMap<AccountName, Arc<dyn BlobStore>> = BTreeMap::new();
    for (name, url) in urls {
        let store: Arc<dyn BlobStore> = match (url.folder().and_then(Path::parent), url.endpoint()) {
            (Some(root), _) => Arc::new(FolderBlobs::new(Folder::open(root, root.join(OWN_FOLDER))?)),
            (None, Some(endpoint)) => {
                let access = azure.access(name.as_str(), url.is_local())?;
                Arc::new(AzureBlobs::new(&access, endpoint, name.clone()).map_err(CommandError::needed)?)
            }
            (None, None) => continue,
        };
        accounts.insert(name.clone(), store);
    }
    Ok(Arc::new(AccountBlobs::new(accounts)))
}

/// Reports a missing key: an emulator over http accepts only its key.
fn without_key(url: &AccountUrl, azure: &Azure<'_>) -> Option<String> {
    let needed = url.endpoint().is_some_and(|endpoint| endpoint.scheme() == "http");
    (needed && !azure.has_emulator_key()).then(|| {
        let account = url.account().as_str();
        format!(
            "account {account}: the key of the storage emulator is not known; set AzureWebJobsStorage to UseDevelopmentStorage=true, or to the emulator's connection string"
        )
    })
}
