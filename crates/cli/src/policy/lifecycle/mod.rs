//! `archivist policy lifecycle`.

mod document;

use std::io::Write;

use configuration::Configuration;
use domain::address::{ContainerAddress, ContainerName, Printable};
use domain::retention::lifecycle::{MOST_RULES, rules};
use serde_json::Value;

use super::{LifecycleArgs, PolicyContext, write_pretty};
use crate::{CliError, Exit};
use document::{Change, Document};

pub(super) fn run(args: &LifecycleArgs, context: &mut PolicyContext<'_>) -> Result<Exit, CliError> {
    let configuration = context.configuration()?;
    let policy = PolicyContext::policy(&configuration)?;
    let containers = containers(&configuration, args.account.as_deref())?;
    let ours: Vec<Value> = rules(policy, &configuration.tiers, &containers).iter().map(document::rule).collect();
    let current = match &args.current {
        None => Document::empty(),
        Some(path) => {
            let (name, text) = context.read(path)?;
            let wrong = |what: String| CliError::Problems(format!("{}: {what}", Printable(&name)));
            let value = serde_json::from_str(&text).map_err(|error| wrong(format!("is not JSON: {error}")))?;
            Document::read(value).ok_or_else(|| wrong(NO_DOCUMENT.to_owned()))?
        }
    };
    let (merged, changes) = current.with(ours);
    let count = merged.rules().len();
    if count > MOST_RULES {
        let what = format!(
            "an account has at most {MOST_RULES} lifecycle rules, and these are {count}: give fewer classes tiers, or put \
             recordings into fewer containers"
        );
        return Err(CliError::Problems(what));
    }
    write_pretty(context.out, merged.value())?;
    context.out.flush()?;
    write_changes(context.err, &changes, args.current.is_some())?;
    Ok(Exit::Done)
}

const NO_DOCUMENT: &str =
    "is no lifecycle management policy: it has no `rules`, nor `policy.rules`, nor `properties.policy.rules`";

fn write_changes(err: &mut dyn Write, changes: &[Change], is_known: bool) -> Result<(), CliError> {
    for change in changes {
        let (sign, name, what) = match change {
            Change::Added(name) => ('+', name, "is new"),
            Change::Changed(name) => ('~', name, "changes"),
            Change::Removed(name) => ('-', name, "goes"),
        };
        writeln!(err, "{sign} {} {what}", Printable(name))?;
    }
    if changes.is_empty() {
        writeln!(err, "nothing changes")?;
    }
    if !is_known {
        writeln!(err, "the account's present rules are not known: name them with --current, or they are lost")?;
    }
    Ok(())
}

/// The containers with recordings in one account.
fn containers(configuration: &Configuration, account: Option<&str>) -> Result<Vec<ContainerName>, CliError> {
    let all: Vec<ContainerAddress> = configuration
        .bastions
        .iter()
        .flat_map(|bastion| bastion.recordings.iter().map(configuration::Recordings::address))
        .collect();
    let mut accounts: Vec<&str> = all.iter().map(|address| address.account.as_str()).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let account = match (account, accounts.as_slice()) {
        (Some(named), known) if known.contains(&named) => named,
        (None, [only]) => only,
        (None, []) => {
            return Err(CliError::Problems("no bastion is configured, so there are no containers".to_owned()));
        }
        (Some(named), known) => {
            let what = format!("no recordings are in the account {named}; they are in {}", known.join(", "));
            return Err(CliError::Problems(what));
        }
        (None, known) => {
            let what = format!("recordings are in the accounts {}; name one with --account", known.join(", "));
            return Err(CliError::Problems(what));
        }
    };
    let own = all.iter().filter(|address| address.account.as_str() == account);
    let mut containers: Vec<ContainerName> = own.map(|address| address.container.clone()).collect();
    containers.sort();
    containers.dedup();
    Ok(containers)
}
