//! The storage accounts with recordings.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use adapters_azure::AzureBlobs;
use adapters_local::folder::{Folder, FolderBlobs};
use configuration::{AccountUrl, Configuration};
use domain::address::AccountName;
use pipeline::ports::BlobStore;
use url::Url;

use super::OWN_FOLDER;
use super::accounts::AccountBlobs;
use super::azure::Azure;
use crate::start::StartError;

/// The storage accounts of the configuration, each behind its adapter. Says at once what is wrong with any.
pub fn recordings(configuration: &Configuration, azure: &Azure<'_>) -> Result<Arc<dyn BlobStore>, StartError> {
    let mut accounts: BTreeMap<AccountName, Arc<dyn BlobStore>> = BTreeMap::new();
    let mut problems = Vec::new();
    for recordings in configuration.bastions.iter().flat_map(|bastion| &bastion.recordings) {
        let url = &recordings.account_url;
        if accounts.contains_key(url.account()) {
            continue;
        }
        let store: Arc<dyn BlobStore> = match (url.folder().and_then(Path::parent), url.endpoint()) {
            (Some(root), _) => Arc::new(FolderBlobs::new(Folder::open(root, root.join(OWN_FOLDER))?)),
            (None, Some(endpoint)) => match in_storage(url, endpoint, azure)? {
                Ok(store) => store,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            },
            (None, None) => continue,
        };
        accounts.insert(url.account().clone(), store);
    }
    if problems.is_empty() {
        Ok(Arc::new(AccountBlobs::new(accounts)))
    } else {
        Err(StartError::Problems(problems))
    }
}

fn in_storage(
    url: &AccountUrl,
    endpoint: &Url,
    azure: &Azure<'_>,
) -> Result<Result<Arc<dyn BlobStore>, String>, StartError> {
    if endpoint.scheme() == "http" && !azure.has_emulator_key() {
        let account = url.account().as_str();
        return Ok(Err(format!(
            "account {account}: the key of the storage emulator is not known; set AzureWebJobsStorage to UseDevelopmentStorage=true, or to the emulator's connection string"
        )));
    }
    let access = azure.access(url.account().as_str(), url.is_local())?;
    let store = AzureBlobs::new(&access, endpoint, url.account().clone()).map_err(StartError::needed)?;
    Ok(Ok(Arc::new(store)))
}
