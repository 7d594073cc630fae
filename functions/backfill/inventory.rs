//! A backfill from an inventory report and a folder with audit logs.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::sync::Arc;

use adapters_local::DrivenClock;
use adapters_local::inventory::{Inventory, InventoryBlobs, LogFolder};
use configuration::{AccountUrl, AuditLogs, Configuration, ExtraSuffixes, Recordings};
use domain::address::{AccountName, ContainerAddress, ContainerName};
use domain::blob::whole_second;
use domain::estate::BastionName;
use jiff::{SignedDuration, Timestamp};
use pipeline::audit_log::LogPlace;
use pipeline::listed_containers;
use pipeline::ports::{Checkpoints, with_causes};

use super::progress::{Total, say};
use super::summary::Rows;
use super::{BackfillArgs, Source, account, scope};
use crate::start::StartError;

/// How many rows that could not be read are shown.
const SHOWN: usize = 20;

/// What a report and a folder show.
pub(super) fn source(
    args: &BackfillArgs,
    report: &Path,
    logs: &Path,
    configuration: Option<Configuration>,
) -> Result<Source, StartError> {
    let inventory = read(report)?;
    let (configuration, logs_at) = match configuration {
        Some(configuration) => configured(args, configuration)?,
        None => unconfigured(args, &inventory)?,
    };
    let scope = scope(args, &configuration)?;
    let sorted = account::sort(args, &configuration, &inventory)?;
    let since = scope.since.and_then(|since| since.checked_sub(SignedDuration::from_hours(24)).ok());
    let is_wanted = |name: &str| {
        let place = LogPlace::parse(name);
        since.is_none_or(|since| place.is_none_or(|place| place.hour_ends > since))
    };
    let logs = LogFolder::open(logs, is_wanted);
    let logs = logs.map_err(|fault| StartError::Problems(vec![format!("--audit-logs: {fault}")]))?;
    let recordings = sorted.wanted.keys().map(|name| inventory.count(name) as u64).sum();
    let total = Total { recordings, bytes: logs.bytes() };
    let as_of = match args.as_of {
        Some(as_of) => as_of,
        None => written(report)?.min(logs.newest().unwrap_or(Timestamp::MAX)),
    };
    let rows = Rows { unread: inventory.bad, foreign: sorted.foreign };
    let address_of = |name: &ContainerName| sorted.wanted.get(name).cloned();
    let blobs = Arc::new(InventoryBlobs::new(inventory, address_of, logs, logs_at, as_of));
    // What is there is as old as the report, so it is judged as it was to be judged then.
    let clock = Arc::new(DrivenClock::at(as_of));
    Ok(Source { configuration, blobs, clock, scope, rows, total })
}

/// When a file was last written, to the second.
fn written(file: &Path) -> Result<Timestamp, StartError> {
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    let at = modified.and_then(|at| Timestamp::try_from(at).map_err(io::Error::other));
    at.map(whole_second).map_err(|error| StartError::Problems(vec![format!("--inventory {}: {error}", file.display())]))
}

fn read(report: &Path) -> Result<Inventory, StartError> {
    let problem = |reason: String| StartError::Problems(vec![format!("--inventory {}: {reason}", report.display())]);
    let file = File::open(report).map_err(|error| problem(error.to_string()))?;
    let inventory = Inventory::read(BufReader::new(file)).map_err(|error| problem(with_causes(&error)))?;
    for row in inventory.bad_rows.iter().take(SHOWN) {
        say(&format!("{}:{}: row not read: {}", report.display(), row.line, row.reason));
    }
    if inventory.bad > SHOWN as u64 {
        say(&format!("{}: {} more rows not read", report.display(), inventory.bad - SHOWN as u64));
    }
    Ok(inventory)
}

/// The configured bastions; a named one is given the records that name none of them.
fn configured(
    args: &BackfillArgs,
    mut configuration: Configuration,
) -> Result<(Configuration, ContainerAddress), StartError> {
    let named = args.bastion.as_deref().map(BastionName::new);
    let apart = local(Configuration::local(Path::new("")))?;
    if let Some(bastion) = configuration.bastions.iter_mut().find(|bastion| Some(&bastion.name) == named.as_ref()) {
        // The only bastion without a resource id in a container that is its own.
        bastion.resource_id = None;
        let logs_at = apart.1.address();
        bastion.audit_logs = Some(apart.1);
        return Ok((configuration, logs_at));
    }
    let logs_at = configuration.bastions.iter().find_map(|bastion| bastion.audit_logs.as_ref());
    let logs_at = logs_at.map_or_else(|| apart.1.address(), AuditLogs::address);
    // Whoever hands in a bastion's logs wants them read.
    for bastion in configuration.bastions.iter_mut().filter(|bastion| bastion.audit_logs.is_none()) {
        bastion.audit_logs = Some(apart.1.clone());
    }
    Ok((configuration, logs_at))
}

/// One bastion, with all containers of the report that hold no logs of Azure's own.
fn unconfigured(args: &BackfillArgs, inventory: &Inventory) -> Result<(Configuration, ContainerAddress), StartError> {
    let (mut configuration, logs) = local(Configuration::local(Path::new("")))?;
    configuration.channels.clear();
    let account_url = match account::named(args)? {
        Some(named) => nowhere(&named)?,
        None => logs.account_url.clone(),
    };
    for bastion in &mut configuration.bastions {
        bastion.name = args.bastion.as_deref().map_or_else(|| bastion.name.clone(), BastionName::new);
        let containers = inventory.containers().filter(|name| !account::is_azures(name));
        let recordings = containers.map(|container| Recordings {
            account_url: account_url.clone(),
            container: container.clone(),
            until: None,
        });
        bastion.recordings = recordings.collect();
    }
    Ok((configuration, logs.address()))
}

/// The URL of an account of which only the name counts: nothing is read there.
fn nowhere(account: &AccountName) -> Result<AccountUrl, StartError> {
    let url = format!("file:///{}", account.as_str());
    AccountUrl::parse(&url, &ExtraSuffixes::default()).map_err(StartError::needed)
}

/// Adds the containers that earlier reports told of. What this report does not tell of is not gone, so that reports given
/// one after the other come to what all of them at once come to.
pub(super) async fn remember(
    configuration: &mut Configuration,
    checkpoints: &dyn Checkpoints,
) -> Result<(), StartError> {
    for bastion in &mut configuration.bastions {
        for known in listed_containers(checkpoints, &bastion.name).await? {
            if bastion.recordings.iter().all(|recordings| recordings.address() != known) {
                let account_url = nowhere(&known.account)?;
                bastion.recordings.push(Recordings { account_url, container: known.container, until: None });
            }
        }
    }
    Ok(())
}

/// What holds where nothing is configured, and where its logs are.
fn local<E: std::error::Error + Send + Sync + 'static>(
    local: Result<Configuration, E>,
) -> Result<(Configuration, AuditLogs), StartError> {
    let configuration = local.map_err(StartError::needed)?;
    let logs = configuration.bastions.iter().find_map(|bastion| bastion.audit_logs.clone());
    let logs = logs.ok_or_else(|| StartError::Problems(vec!["no bastion has audit logs".to_owned()]))?;
    Ok((configuration, logs))
}
