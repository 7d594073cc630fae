//! Rejects filters that name an unknown bastion or class.

use domain::address::Printable;
use domain::record::estate::BastionName;
use jiff::tz::TimeZone;
use pipeline::ports::{CheckpointKind, Fault, Heading, ListRequest};
use pipeline::summary::summary;

use crate::{CliError, CommandContext};

/// Number of bastions to read from a catalogue.
const BASTIONS: usize = 1000;

/// Returns an error if the bastion is neither configured nor in the catalogue.
pub(crate) async fn check_bastion(name: Option<&BastionName>, context: &CommandContext<'_>) -> Result<(), CliError> {
    let Some(name) = name else { return Ok(()) };
    let mut known: Vec<String> =
        context.estate.bastions.iter().map(|bastion| bastion.name.as_str().to_owned()).collect();
    if known.iter().any(|known| known == name.as_str()) || has_recordings(name, context).await? {
        return Ok(());
    }
    let logged = context.checkpoints.list(CheckpointKind::Bastion, None, BASTIONS).await?;
    known.extend(logged.into_iter().map(|(name, _)| name));
    refuse_unknown("bastion", name.as_str(), known)
}

async fn has_recordings(name: &BastionName, context: &CommandContext<'_>) -> Result<bool, Fault> {
    let under = Some(Heading::Bastion(name.clone()));
    let request = ListRequest { under, below: None, from: None, limit: 1 };
    Ok(!context.catalogue.list(&request).await?.is_empty())
}

/// Returns an error if neither the policy nor a stored recording has the class. Without a policy, any name is
/// accepted.
pub(crate) async fn check_class(name: Option<&str>, context: &CommandContext<'_>) -> Result<(), CliError> {
    let (Some(name), Some(policy)) = (name, context.policy) else { return Ok(()) };
    let mut known: Vec<String> = policy.classes.iter().map(|class| class.name.clone()).collect();
    if known.iter().any(|known| known == name) {
        return Ok(());
    }
    let today = context.now.to_zoned(TimeZone::UTC).date();
    let counted = summary(context.checkpoints, today, today).await?.totals.by_class;
    known.extend(counted.into_iter().filter_map(|(class, _)| class));
    refuse_unknown("class", name, known)
}

fn refuse_unknown(option: &str, name: &str, mut known: Vec<String>) -> Result<(), CliError> {
    if known.iter().any(|known| known == name) {
        return Ok(());
    }
    known.sort_unstable();
    known.dedup();
    let known = known.iter().map(|name| Printable(name).to_string()).collect::<Vec<_>>().join(", ");
    Err(CliError::Problems(format!("--{option}: {} is not known; known are {known}", Printable(name))))
}
