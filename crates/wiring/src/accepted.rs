//! Checks a configuration as a start would.

use std::sync::Arc;

use configuration::Configuration;

use crate::places::state_place;
use crate::settings::AppSettingNames;
use crate::start::CommandError;
use crate::{Azure, Show, channels, rules, storage_accounts, watch};

/// Problem of a configuration without bastions.
pub const NO_BASTION: &str =
    "no bastion is configured; write archivist.yaml, or name a file with --config or ARCHIVIST_CONFIG";

/// Builds everything that a start builds from a configuration, without network access.
///
/// # Errors
/// Returns the problems that a start would report.
pub fn accepts(configuration: &Configuration, settings: &AppSettingNames) -> Result<(), CommandError> {
    if configuration.bastions.is_empty() {
        return Err(CommandError::Problems(vec![NO_BASTION.to_owned()]));
    }
    let (state, azure) = (state_place(Some(configuration), settings)?, Azure::new(settings));
    storage_accounts(configuration, &azure)?;
    watch(settings, configuration, state.as_ref(), &azure)?;
    let show: Show = Arc::new(|_: &str| {});
    channels::channels(configuration, &channels::DeliveryObservers { show: &show, accepted: None }, Some(&azure))?;
    rules::rules(configuration, false).map(drop)
}
