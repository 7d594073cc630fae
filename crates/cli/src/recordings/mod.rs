//! `archivist recordings`: what the catalogue knows of recordings.

mod confirm;
mod csv_row;
mod custody;
mod export;
mod filters;
mod list;
mod show;
mod table;

use clap::Subcommand;

use crate::{CliError, CommandContext, Exit};

pub use confirm::ConfirmArgs;
pub(crate) use confirm::confirm;
pub use export::{ExportArgs, ExportFormat};
pub use filters::Filters;
pub(crate) use filters::bastion;
pub use list::ListArgs;
pub use show::ShowArgs;
pub(crate) use show::pending;
pub(crate) use table::table;

/// The commands on recordings.
#[derive(Debug, Clone, Subcommand)]
pub enum RecordingsCommand {
    /// List recordings, newest first.
    List(ListArgs),
    /// Show all that is known of one recording. Exit code 1 where there is none with this id.
    Show(ShowArgs),
    /// Write all recordings that fit, newest first, for spreadsheets or other programs.
    Export(ExportArgs),
    /// Say which session a recording is of, where the log cannot tell or is wrong.
    Confirm(ConfirmArgs),
}

/// The commands on recordings that change something.
const CHANGES: &str = "this command is carried out in another way";

impl RecordingsCommand {
    /// Whether it changes something.
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
