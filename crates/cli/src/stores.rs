//! Compares the stores of recordings with those of the catalogue.

use configuration::Configuration;
use pipeline::{Archivist, StrangeStore};
use wiring::settings::AppSettingNames;
use wiring::{Azure, CommandError, local_folder};

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
    for line in StrangeStore::said(&strangers) {
        note(&line);
    }
    strangers.iter().for_each(|stranger| archivist.stores().mute(stranger));
    Ok(strangers.len())
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
