//! Determines the account of an inventory report, and sorts its containers.

use std::collections::{BTreeMap, BTreeSet};

use adapters_local::inventory::Inventory;
use configuration::Configuration;
use domain::address::{AccountName, ContainerAddress, ContainerName};
use domain::record::estate::BastionName;
use wiring::CommandError;

use super::BackfillArgs;
use super::progress::say;

/// Containers of a report, by their use.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Containers with recordings to catalogue.
    pub wanted: BTreeMap<ContainerName, ContainerAddress>,
    /// Number of rows of other containers, except Azure's own.
    pub foreign: u64,
}

/// Parses `--account`. Returns an error if it is not an account name.
pub(super) fn named(args: &BackfillArgs) -> Result<Option<AccountName>, CommandError> {
    let parsed = args.account.as_deref().map(AccountName::parse).transpose();
    parsed.map_err(|error| CommandError::Problems(vec![format!("--account: {error}")]))
}

/// Finds the account of a report by the arguments, or else by the containers in it, then sorts its
/// containers. Returns an error if the report, which covers one account, could belong to several.
pub(super) fn sort(
    args: &BackfillArgs,
    configuration: &Configuration,
    inventory: &Inventory,
) -> Result<Sorted, CommandError> {
    if inventory.containers().next().is_none() {
        return Ok(Sorted::default());
    }
    let only = args.bastion.as_deref().map(BastionName::new);
    let estate = configuration.estate();
    let mut ours: BTreeMap<&ContainerAddress, &BastionName> = BTreeMap::new();
    for bastion in &estate.bastions {
        ours.extend(bastion.recordings.iter().map(|container| (container, &bastion.name)));
    }
    let is_in_scope = |bastion: &BastionName| only.as_ref().is_none_or(|only| only == bastion);
    let in_scope = ours.iter().filter(|(_, bastion)| is_in_scope(bastion)).map(|(container, _)| *container);
    let account = account(args, &in_scope.collect::<Vec<_>>(), inventory)?;
    let logs: BTreeSet<ContainerAddress> =
        estate.bastions.iter().filter_map(|bastion| bastion.audit_logs.clone()).collect();
    let mut sorted = Sorted::default();
    for name in inventory.containers() {
        let address = ContainerAddress { account: account.clone(), container: name.clone() };
        let rows = inventory.count(name) as u64;
        match ours.get(&address) {
            Some(bastion) if is_in_scope(bastion) => drop(sorted.wanted.insert(name.clone(), address)),
            Some(bastion) => {
                sorted.foreign += rows;
                say(&format!("{} skipped: container {address} belongs to bastion {}", counted(rows), bastion.as_str()));
            }
            None if is_azures(name) || logs.contains(&address) => {}
            None => {
                sorted.foreign += rows;
                say(&format!("{} skipped: container {address} is not configured", counted(rows)));
            }
        }
    }
    Ok(sorted)
}

fn counted(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

/// Returns true if Azure uses a container of this name for its own data.
pub(super) fn is_azures(name: &ContainerName) -> bool {
    name.as_str().starts_with("insights-") || name.as_str().starts_with('$')
}

fn account(
    args: &BackfillArgs,
    in_scope: &[&ContainerAddress],
    inventory: &Inventory,
) -> Result<AccountName, CommandError> {
    let accounts: BTreeSet<&AccountName> = in_scope.iter().map(|container| &container.account).collect();
    let of = args.bastion.as_deref().map(|bastion| format!(" of bastion {bastion}")).unwrap_or_default();
    let problem = |problem: String| Err(CommandError::Problems(vec![problem]));
    if let Some(named) = named(args)? {
        if accounts.contains(&named) {
            return Ok(named);
        }
        let known = listed(&accounts, ", ");
        return problem(format!("--account: {:?} has no recordings{of}; write one of {known}", named.as_str()));
    }
    let mut fitting = accounts.clone();
    if fitting.len() > 1 {
        let is_told = |container: &&&ContainerAddress| inventory.count(&container.container) > 0;
        fitting = in_scope.iter().filter(is_told).map(|container| &container.account).collect();
    }
    let mut found = fitting.iter();
    match (found.next(), found.next()) {
        (Some(only), None) => Ok((*only).clone()),
        (None, _) if accounts.is_empty() => {
            problem(format!("--inventory: no container of recordings{of} is configured"))
        }
        _ => {
            let candidates = if fitting.is_empty() { &accounts } else { &fitting };
            let choices = listed(candidates, " or --account ");
            problem(format!("--inventory: the report could belong to several accounts{of}; add --account {choices}"))
        }
    }
}

fn listed(accounts: &BTreeSet<&AccountName>, between: &str) -> String {
    accounts.iter().map(|account| account.as_str()).collect::<Vec<_>>().join(between)
}
