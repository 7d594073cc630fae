//! Backfill from the storage accounts.

use std::sync::Arc;

use adapters_local::SystemClock;
use configuration::Configuration;
use wiring::settings::AppSettingNames;
use wiring::{Azure, CommandError, storage_accounts, with_bastions};

use super::progress::WorkAmount;
use super::summary::SkippedRows;
use super::{BackfillArgs, Source, scope};

const NO_BASTION: &str = "no bastion is configured; write archivist.yaml or name a file with --config, name the folder of `archivist local` with --folder, or give --inventory and --audit-logs";

/// Builds a source from the configured storage accounts.
pub(super) fn source(
    args: &BackfillArgs,
    settings: &AppSettingNames,
    configuration: Option<Configuration>,
) -> Result<Source, CommandError> {
    let configuration = match (&settings.folder, configuration) {
        (Some(folder), configuration) => with_bastions(configuration, folder)?,
        (None, Some(configuration)) if !configuration.bastions.is_empty() => configuration,
        (None, _) => return Err(CommandError::Problems(vec![NO_BASTION.to_owned()])),
    };
    Ok(Source {
        scope: scope(args, &configuration)?,
        blobs: storage_accounts(&configuration, &Azure::for_command(settings))?,
        configuration,
        clock: Arc::new(SystemClock),
        rows: SkippedRows::default(),
        total: WorkAmount::default(),
    })
}
