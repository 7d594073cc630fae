//! `archivist review`: the recordings that wait for a review, and reviews of them.

mod list;
mod mark;

use clap::{Args, Subcommand};

use crate::{CliError, CommandContext, Exit, WorkContext};

pub use list::ListReviewsArgs;
pub use mark::MarkArgs;

/// Arguments of `review`; without a subcommand it lists.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ReviewArgs {
    /// Subcommand.
    #[command(subcommand)]
    pub command: Option<ReviewCommand>,
    /// Options of the list.
    #[command(flatten)]
    pub list: ListReviewsArgs,
}

/// Subcommands of `review`.
#[derive(Debug, Clone, Subcommand)]
pub enum ReviewCommand {
    /// List recordings that wait for a review, the earliest due first.
    List(ListReviewsArgs),
    /// Store that you reviewed a recording, and the outcome.
    Mark(MarkArgs),
}

impl ReviewArgs {
    /// Returns true if the command changes something.
    pub(crate) fn is_work(&self) -> bool {
        matches!(self.command, Some(ReviewCommand::Mark(_)))
    }
}

/// Error if `mark` is run as a read-only command.
const CHANGES: &str = "this command runs elsewhere";

/// Error if `list` is run as a command that changes something.
const READS: &str = "this command changes nothing";

pub(crate) async fn run(args: &ReviewArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    match &args.command {
        None => list::run(&args.list, context).await,
        Some(ReviewCommand::List(list)) => list::run(list, context).await,
        Some(ReviewCommand::Mark(_)) => Err(CliError::Problems(CHANGES.to_owned())),
    }
}

pub(crate) async fn run_work(args: &ReviewArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    match &args.command {
        Some(ReviewCommand::Mark(mark)) => mark::run(mark, context).await,
        None | Some(ReviewCommand::List(_)) => Err(CliError::Problems(READS.to_owned())),
    }
}
