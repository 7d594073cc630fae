//! `archivist hold`: places, releases and lists legal holds, which override the retention policy.

mod list;
mod place;
mod release;
mod view;

use std::net::IpAddr;

use clap::Subcommand;
use domain::policy::matcher::Network;

use crate::arguments::text::not_empty;
use crate::{CliError, Exit, WorkContext};

pub use list::ListHoldsArgs;
pub use place::{PlaceArgs, ScopeArgs};
pub use release::ReleaseArgs;

/// Subcommands of `hold`.
#[derive(Debug, Clone, Subcommand)]
pub enum HoldCommand {
    /// Keep the recordings of a case until the hold is released, including later ones.
    ///
    /// From then on no covered recording is deleted. A recording about to be deleted carries the hold in
    /// its entry and its tag before the command ends; the others carry it after the next retention sweep.
    /// Placing the same hold again changes nothing.
    Place(PlaceArgs),
    /// Release the holds of a case. Covered recordings can be deleted when due, after a new warning.
    Release(ReleaseArgs),
    /// List active holds, or all holds.
    List(ListHoldsArgs),
}

pub(crate) async fn run(command: &HoldCommand, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    match command {
        HoldCommand::Place(args) => place::run(args, context).await,
        HoldCommand::Release(args) => release::run(args, context).await,
        HoldCommand::List(args) => list::run(args, context).await,
    }
}

/// Parses a machine. Refuses an address with a prefix length that makes no network, because it could match nothing.
fn machine(text: &str) -> Result<String, String> {
    let text = not_empty(text)?;
    let address = text.split_once('/').and_then(|(address, _)| address.parse::<IpAddr>().ok());
    match address {
        Some(address) if Network::parse(&text).is_none() => {
            let (longest, example) = if address.is_ipv4() { (32, "10.0.0.0/24") } else { (128, "fd00::/64") };
            Err(format!(
                "it is not a network; write an address and a prefix length from 0 to {longest}, as in {example}"
            ))
        }
        _ => Ok(text),
    }
}
