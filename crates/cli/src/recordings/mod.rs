//! `archivist recordings`: lists, shows, exports and confirms recordings.

mod confirm;
mod custody;
mod export;
mod filters;
mod list;
mod pages;
mod searched;
mod show;
mod table;

use clap::Subcommand;

use crate::{CliError, CommandContext, Exit};

pub use confirm::ConfirmArgs;
pub(crate) use confirm::confirm;
pub use export::ExportArgs;
pub use filters::Filters;
pub(crate) use filters::bastion;
pub use list::ListArgs;
pub(crate) use list::checked;
pub use show::ShowArgs;
pub(crate) use show::pending;
pub(crate) use table::table;

/// Subcommands of `recordings`.
#[derive(Debug, Clone, Subcommand)]
pub enum RecordingsCommand {
    /// List recordings, newest first.
    ///
    /// The order is that of the first event of each recording, which is nearly always its creation. A recording of which
    /// only a later event was heard, such as its deletion, stands at the time of that event.
    List(ListArgs),
    /// Show a recording with all details. Exit code 1 if no recording has this id.
    Show(ShowArgs),
    /// Export all recordings that pass the filters, newest first, as CSV, JSON or JSON lines.
    Export(ExportArgs),
    /// Set the session of a recording if the audit log is ambiguous or wrong.
    Confirm(ConfirmArgs),
}

/// Error if `confirm` is run as a read-only command.
const CHANGES: &str = "this command runs elsewhere";

impl RecordingsCommand {
    /// Returns true if the command changes something.
    pub(crate) fn is_work(&self) -> bool {
        matches!(self, Self::Confirm(_))
    }
}

pub(crate) async fn run(command: &RecordingsCommand, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    match command {
        RecordingsCommand::List(args) => list::run(args, context).await,
        RecordingsCommand::Show(args) => show::run(args, context).await,
        RecordingsCommand::Export(args) => export::run(args, context).await,
        RecordingsCommand::Confirm(_) => Err(CliError::Problems(CHANGES.to_owned())),
    }
}
