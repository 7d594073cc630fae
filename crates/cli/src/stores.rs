//! Opens the stores of a catalogue, and compares those of recordings with it.

use std::sync::Arc;

use adapters_local::SystemClock;
use configuration::Configuration;
use domain::policy::retention::Policy;
use pipeline::ports::{Catalogue, ListRequest, Ports};
use pipeline::{Archivist, StrangeStore};
use wiring::configured::Configured;
use wiring::settings::AppSettingNames;
use wiring::{Azure, CommandError, local_folder, state_store, storage_accounts, with_bastions};

use crate::output::note;

/// Prints the stores that differ from those of the catalogue on stderr, and returns their number. Adopts
/// them first if `adopt` is set.
pub async fn strange_stores(archivist: &Archivist, adopt: bool) -> Result<usize, CommandError> {
    if adopt {
        for adopted in archivist.stores().adopt().await? {
            note(&format!("adopted: container {} is in {} now", adopted.container, adopted.found.as_str()));
        }
    }
    let strangers = archivist.stores().strangers().await?;
    for line in StrangeStore::in_words(&strangers) {
        note(&line);
    }
    strangers.iter().for_each(|stranger| archivist.stores().mute(stranger));
    Ok(strangers.len())
}

/// Opens the stores of an existing catalogue, with the configuration that names them. The ports check no store yet.
///
/// # Errors
/// There is no catalogue, or nobody is signed in.
pub async fn open_existing(
    settings: &AppSettingNames,
    Configured { configuration, state, .. }: Configured,
) -> Result<(Configuration, Ports), CommandError> {
    let azure = Azure::for_command(settings);
    // Returns an error if there is no catalogue, instead of creating one.
    state_store::to_read(settings, state.as_ref(), &azure)?;
    let configuration = with_bastions(configuration, &local_folder(settings))?;
    sign_in(&azure, settings, &configuration).await?;
    let blobs = storage_accounts(&configuration, &azure)?;
    let ports = state_store::as_set(settings, state.as_ref(), &azure, blobs, Arc::new(SystemClock))?.0;
    Ok((configuration, ports))
}

/// Number of the newest entries whose policy is compared.
const COMPARED: usize = 50;

/// Returns an error if no configuration was found, but the catalogue was filled with one: the newest entries have
/// another retention policy than `defaults`, and a forgotten `--config` would replace it everywhere.
pub async fn refuse_other_policy(catalogue: &dyn Catalogue, defaults: Option<&Policy>) -> Result<(), CommandError> {
    let request = ListRequest { under: None, below: None, from: None, limit: COMPARED };
    let entries = catalogue.list(&request).await?;
    let mut applied = entries.iter().filter_map(|entry| entry.custody.retention.as_ref()).peekable();
    let has_policy = applied.peek().is_some();
    if !has_policy || applied.any(|retention| defaults.is_some_and(|policy| policy.digest == retention.policy)) {
        return Ok(());
    }
    Err(CommandError::Problems(vec![
        "--config: there is no archivist.yaml here, but the recordings of this catalogue have the retention policy of \
         another configuration. Name it with --config or ARCHIVIST_CONFIG. To apply the defaults instead, name a file \
         that has only the line `version: 1`."
            .to_owned(),
    ]))
}

/// Requests a token if any configured account needs one. If that fails and the accounts are also folders of
/// `archivist local`, says how to work on these.
pub async fn sign_in(
    azure: &Azure<'_>,
    settings: &AppSettingNames,
    configuration: &Configuration,
) -> Result<(), CommandError> {
    let signed_in = azure.sign_in(configuration.account_urls()).await;
    let folder = local_folder(settings);
    if signed_in.is_err() && configuration.account_urls().any(|url| folder.join(url.account().as_str()).is_dir()) {
        let shown = folder.display();
        note(&format!(
            "the folder {shown} stands for the storage accounts, as `archivist local` uses it; to work on it, add --folder {shown}"
        ));
    }
    signed_in
}
