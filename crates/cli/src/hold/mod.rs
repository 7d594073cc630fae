//! `archivist hold`: places, releases and lists legal holds, which override the retention policy.

mod list;
mod place;
mod release;
mod view;

use clap::Subcommand;

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

/// Trims `text`. Returns an error if nothing is left.
fn said(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() { Err("it is empty") } else { Ok(text.to_owned()) }
}
