//! `archivist hold`: what a case needs stays, whatever the retention policy says.

mod list;
mod place;
mod release;
mod view;

use clap::Subcommand;

use crate::{CliError, Exit, WorkContext};

pub use list::ListHoldsArgs;
pub use place::{PlaceArgs, ScopeArgs};
pub use release::ReleaseArgs;

/// What to do with legal holds.
#[derive(Debug, Clone, Subcommand)]
pub enum HoldCommand {
    /// Keep what a case needs until the hold is released, also what is recorded later.
    ///
    /// No recording that is covered is deleted from then on, and every one that is about to go carries the hold in its
    /// entry and its tag before the command ends. The others carry it after the next retention sweep. The same hold placed
    /// again changes nothing.
    Place(PlaceArgs),
    /// Release the holds of a case. What they covered may go when it is due, after people have been warned anew.
    Release(ReleaseArgs),
    /// List the holds that count, or all there ever were.
    List(ListHoldsArgs),
}

pub(crate) async fn run(command: &HoldCommand, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    match command {
        HoldCommand::Place(args) => place::run(args, context).await,
        HoldCommand::Release(args) => release::run(args, context).await,
        HoldCommand::List(args) => list::run(args, context).await,
    }
}

/// A text that says something.
fn said(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() { Err("it says nothing") } else { Ok(text.to_owned()) }
}
