//! Backfill from an inventory report and a folder with audit logs.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::sync::Arc;

use adapters_local::DrivenClock;
use adapters_local::inventory::{Inventory, InventoryBlobs, LogFolder};
use configuration::{AccountUrl, AuditLogs, Configuration, ExtraSuffixes, RecordingContainer};
use domain::address::{AccountName, ContainerAddress, ContainerName};
use domain::record::blob::whole_second;
use domain::record::estate::BastionName;
use jiff::{SignedDuration, Timestamp};
use pipeline::audit_log::LogPlace;
use pipeline::listed_containers;
use pipeline::ports::{Checkpoints, with_causes};
use wiring::CommandError;

use super::progress::{WorkAmount, say};
use super::summary::SkippedRows;
use super::{BackfillArgs, Source, account, scope};

/// Maximum number of unreadable rows to print.
const SHOWN: usize = 20;

/// Builds a source from a report and a folder.
pub(super) fn source(
    args: &BackfillArgs,
    report: &Path,
    logs: &Path,
    configuration: Option<Configuration>,
) -> Result<Source, CommandError> {
    let inventory = read(report)?;
    let (configuration, logs_at) = match configuration {
        Some(configuration) if !configuration.bastions.is_empty() => configured(args, configuration)?,
        rest => unconfigured(args, &inventory, rest)?,
    };
    let scope = scope(args, &configuration)?;
    let sorted = account::sort(args, &configuration, &inventory)?;
    let since = scope.since.and_then(|since| since.checked_sub(SignedDuration::from_hours(24)).ok());
    let is_wanted = |name: &str| {
        let place = LogPlace::parse(name);
        since.is_none_or(|since| place.is_none_or(|place| place.hour_ends > since))
    };
    let logs = LogFolder::open(logs, is_wanted);
    let logs = logs.map_err(|fault| CommandError::Problems(vec![format!("--audit-logs: {fault}")]))?;
    let recordings = sorted.wanted.keys().map(|name| inventory.count(name) as u64).sum();
    let total = WorkAmount { recordings, bytes: logs.bytes() };
    let as_of = match args.as_of {
        Some(as_of) => as_of,
        None => written(report)?.min(logs.newest().unwrap_or(Timestamp::MAX)),
    };
    let rows = SkippedRows { unread: inventory.bad, foreign: sorted.foreign };
    let address_of = |name: &ContainerName| sorted.wanted.get(name).cloned();
    let blobs = Arc::new(InventoryBlobs::new(inventory, address_of, logs, logs_at, as_of));
    // The blobs are as old as the report, so the clock stands at that time.
    let clock = Arc::new(DrivenClock::at(as_of));
    Ok(Source { configuration, blobs, clock, scope, rows, total })
}

/// Returns the time of the last write of a file, to the second.
fn written(file: &Path) -> Result<Timestamp, CommandError> {
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    let at = modified.and_then(|at| Timestamp::try_from(at).map_err(io::Error::other));
    at.map(whole_second)
        .map_err(|error| CommandError::Problems(vec![format!("--inventory {}: {error}", file.display())]))
}

fn read(report: &Path) -> Result<Inventory, CommandError> {
    let problem = |reason: String| CommandError::Problems(vec![format!("--inventory {}: {reason}", report.display())]);
    let file = File::open(report).map_err(|error| problem(error.to_string()))?;
    let inventory = Inventory::read(BufReader::new(file)).map_err(|error| problem(with_causes(&error)))?;
    for row in inventory.bad_rows.iter().take(SHOWN) {
        say(&format!("{}:{}: row not read: {}", report.display(), row.line, row.reason));
    }
    if inventory.bad > SHOWN as u64 {
        say(&format!("{}: {} more rows not read", report.display(), inventory.bad - SHOWN as u64));
    }
    for row in inventory.untagged_rows.iter().take(SHOWN) {
        say(&format!("{}:{}: tags unknown: {}", report.display(), row.line, row.reason));
    }
    if inventory.untagged > SHOWN as u64 {
        say(&format!("{}: {} more rows with unknown tags", report.display(), inventory.untagged - SHOWN as u64));
    }
    Ok(inventory)
}

/// Adapts the configured bastions. A named bastion gets the records that name no configured bastion.
fn configured(
    args: &BackfillArgs,
    mut configuration: Configuration,
) -> Result<(Configuration, ContainerAddress), CommandError> {
    let named = args.bastion.as_deref().map(BastionName::new);
    let apart = local(Configuration::local(Path::new("")))?;
    if let Some(bastion) = configuration.bastions.iter_mut().find(|bastion| Some(&bastion.name) == named.as_ref()) {
        // A bastion without a resource id that has its own container gets all of its records.
        bastion.resource_id = None;
        let logs_at = apart.1.address();
        bastion.audit_logs = Some(apart.1);
        return Ok((configuration, logs_at));
    }
    let logs_at = configuration.bastions.iter().find_map(|bastion| bastion.audit_logs.as_ref());
    let logs_at = logs_at.map_or_else(|| apart.1.address(), AuditLogs::address);
    // Bastions without configured audit logs get the logs of the folder.
    for bastion in configuration.bastions.iter_mut().filter(|bastion| bastion.audit_logs.is_none()) {
        bastion.audit_logs = Some(apart.1.clone());
    }
    Ok((configuration, logs_at))
}

/// Creates one bastion with all containers of the report except Azure's own. Keeps the rest of the configuration.
fn unconfigured(
    args: &BackfillArgs,
    inventory: &Inventory,
    rest: Option<Configuration>,
) -> Result<(Configuration, ContainerAddress), CommandError> {
    let (mut local, logs) = local(Configuration::local(Path::new("")))?;
    local.channels.clear();
    let mut configuration = match rest {
        Some(rest) => Configuration { bastions: local.bastions, ..rest },
        None => local,
    };
    let account_url = match account::named(args)? {
        Some(named) => nowhere(&named)?,
        None => logs.account_url.clone(),
    };
    for bastion in &mut configuration.bastions {
        bastion.name = args.bastion.as_deref().map_or_else(|| bastion.name.clone(), BastionName::new);
        let containers = inventory.containers().filter(|name| !account::is_azures(name));
        let recordings = containers.map(|container| RecordingContainer {
            account_url: account_url.clone(),
            container: container.clone(),
            until: None,
        });
        bastion.recordings = recordings.collect();
    }
    Ok((configuration, logs.address()))
}

/// Returns a URL for an account of which only the name is used; nothing is read from it.
fn nowhere(account: &AccountName) -> Result<AccountUrl, CommandError> {
    let url = format!("file:///{}", account.as_str());
    AccountUrl::parse(&url, &ExtraSuffixes::default()).map_err(CommandError::needed)
}

/// Adds the containers of earlier reports. Containers missing in this report are not gone, so several
/// reports give the same result one by one as together.
pub(super) async fn remember(
    configuration: &mut Configuration,
    checkpoints: &dyn Checkpoints,
) -> Result<(), CommandError> {
    for bastion in &mut configuration.bastions {
        for known in listed_containers(checkpoints, &bastion.name).await? {
            if bastion.recordings.iter().all(|recordings| recordings.address() != known) {
                let account_url = nowhere(&known.account)?;
                bastion.recordings.push(RecordingContainer { account_url, container: known.container, until: None });
            }
        }
    }
    Ok(())
}

/// Returns the default configuration with its audit logs.
fn local<E: std::error::Error + Send + Sync + 'static>(
    local: Result<Configuration, E>,
) -> Result<(Configuration, AuditLogs), CommandError> {
    let configuration = local.map_err(CommandError::needed)?;
    let logs = configuration.bastions.iter().find_map(|bastion| bastion.audit_logs.clone());
    let logs = logs.ok_or_else(|| CommandError::Problems(vec!["no bastion has audit logs".to_owned()]))?;
    Ok((configuration, logs))
}
