//! `archivist policy lifecycle`.

mod apply;
mod document;

use std::io::Write;

use domain::address::{AccountName, ContainerAddress, ContainerName, Printable};
use domain::policy::retention::Policy;
use domain::policy::retention::lifecycle::{Tiers, rules};
use domain::record::estate::Estate;
use serde_json::Value;

use super::{LifecycleArgs, PolicyContext, write_pretty};
use crate::{CliError, Exit};
pub(crate) use apply::run as apply;
use document::{LifecycleDocument, RuleChange};

pub(super) fn run(args: &LifecycleArgs, context: &mut PolicyContext<'_>) -> Result<Exit, CliError> {
    let configuration = context.configuration()?;
    let policy = PolicyContext::policy(&configuration)?;
    let (_, containers) = containers(&configuration.estate(), args.account.as_deref())?;
    let ours = ours(policy, &configuration.tiers, &containers);
    let current = match &args.current {
        None => LifecycleDocument::empty(),
        Some(path) => {
            let (name, text) = context.read(path)?;
            let wrong = |what: String| CliError::Problems(format!("{}: {what}", Printable(&name)));
            let value = serde_json::from_str(&text).map_err(|error| wrong(format!("is not JSON: {error}")))?;
            LifecycleDocument::read(value).ok_or_else(|| wrong(NO_DOCUMENT.to_owned()))?
        }
    };
    let (merged, changes) = current.with(ours);
    if let Some(what) = merged.beyond_limits() {
        return Err(CliError::Problems(what));
    }
    write_pretty(context.out, merged.value())?;
    context.out.flush()?;
    write_changes(context.err, &changes)?;
    if args.current.is_none() {
        writeln!(context.err, "the account's present rules are not known: name them with --current, or they are lost")?;
    }
    Ok(Exit::Done)
}

/// Returns the archivist's rules in the form of the management API.
fn ours(policy: &Policy, tiers: &[Tiers], containers: &[ContainerName]) -> Vec<Value> {
    rules(policy, tiers, containers).iter().map(document::rule).collect()
}

const NO_DOCUMENT: &str =
    "is not a lifecycle management policy: it has no `rules`, nor `policy.rules`, nor `properties.policy.rules`";

fn write_changes(err: &mut dyn Write, changes: &[RuleChange]) -> Result<(), CliError> {
    for change in changes {
        let (sign, name, what) = match change {
            RuleChange::Added(name) => ('+', name, "is new"),
            RuleChange::Changed(name) => ('~', name, "changes"),
            RuleChange::Removed(name) => ('-', name, "goes"),
        };
        writeln!(err, "{sign} {} {what}", Printable(name))?;
    }
    if changes.is_empty() {
        writeln!(err, "nothing changes")?;
    }
    Ok(())
}

/// Selects the account and the containers with recordings in it.
fn containers(estate: &Estate, account: Option<&str>) -> Result<(AccountName, Vec<ContainerName>), CliError> {
    let all: Vec<&ContainerAddress> = estate.bastions.iter().flat_map(|bastion| &bastion.recordings).collect();
    let mut accounts: Vec<&AccountName> = all.iter().map(|address| &address.account).collect();
    accounts.sort();
    accounts.dedup();
    let named = |accounts: &[&AccountName]| accounts.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let account = match (account, accounts.as_slice()) {
        (None, [only]) => only,
        (None, []) => {
            return Err(CliError::Problems("no bastion is configured, so there are no containers".to_owned()));
        }
        (Some(wanted), known) => known.iter().find(|name| name.as_str() == wanted).ok_or_else(|| {
            CliError::Problems(format!("no recordings are in the account {wanted}; they are in {}", named(known)))
        })?,
        (None, known) => {
            let what = format!("recordings are in the accounts {}; name one with --account", named(known));
            return Err(CliError::Problems(what));
        }
    };
    let own = all.iter().filter(|address| address.account == **account);
    let mut containers: Vec<ContainerName> = own.map(|address| address.container.clone()).collect();
    containers.sort();
    containers.dedup();
    Ok(((*account).clone(), containers))
}
