//! Backfill from the storage accounts.

use std::sync::Arc;

use adapters_local::SystemClock;
use configuration::Configuration;
use wiring::settings::Settings;
use wiring::{Azure, StartError, storage_accounts};

use super::progress::Total;
use super::summary::Rows;
use super::{BackfillArgs, Source, scope};

const NO_BASTION: &str =
    "no bastion is configured; write archivist.yaml or name a file with --config, or give --inventory and --audit-logs";

/// Builds a source from the configured storage accounts.
pub(super) fn source(
    args: &BackfillArgs,
    settings: &Settings,
    configuration: Option<Configuration>,
) -> Result<Source, StartError> {
    let configuration = configuration.ok_or_else(|| StartError::Problems(vec![NO_BASTION.to_owned()]))?;
    Ok(Source {
        scope: scope(args, &configuration)?,
        blobs: storage_accounts(&configuration, &Azure::for_command(settings))?,
        configuration,
        clock: Arc::new(SystemClock),
        rows: Rows::default(),
        total: Total::default(),
    })
}
