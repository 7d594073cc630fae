//! `archivist sessions`: lists, shows and disconnects sessions.

mod disconnect;
mod filters;
mod list;
mod live;
mod pages;
mod show;
mod table;

use clap::Subcommand;

use crate::{CliError, CommandContext, Exit, WorkContext};

pub use disconnect::DisconnectArgs;
pub use filters::SessionFilters;
pub use list::{ExportSessionsArgs, ListSessionsArgs};
pub use show::ShowSessionArgs;
pub(crate) use table::short_tunnel;

/// Subcommands of `sessions`.
#[derive(Debug, Clone, Subcommand)]
pub enum SessionsCommand {
    /// List sessions, newest first.
    List(ListSessionsArgs),
    /// Show a session with all details. Exit code 1 if no session has this id.
    Show(ShowSessionArgs),
    /// Export all sessions that pass the filters, newest first, as CSV, JSON or JSON lines.
    Export(ExportSessionsArgs),
    /// End a live session, after a confirmation prompt.
    Disconnect(DisconnectArgs),
}

impl SessionsCommand {
    /// Returns true if the command sends a request to a bastion.
    pub(crate) fn asks_bastion(&self) -> bool {
        match self {
            Self::List(args) => args.live,
            Self::Show(_) | Self::Export(_) => false,
            Self::Disconnect(_) => true,
        }
    }
}

pub(crate) async fn run(command: &SessionsCommand, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    match command {
        SessionsCommand::List(args) => list::run(args, context).await,
        SessionsCommand::Show(args) => show::run(args, context).await,
        SessionsCommand::Export(args) => list::export(args, context).await,
        SessionsCommand::Disconnect(_) => Err(CliError::Problems("this command runs elsewhere".to_owned())),
    }
}

pub(crate) async fn run_live(command: &SessionsCommand, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    match command {
        SessionsCommand::List(args) => live::list(args, context).await,
        SessionsCommand::Disconnect(args) => disconnect::run(args, context).await,
        SessionsCommand::Show(_) | SessionsCommand::Export(_) => {
            Err(CliError::Problems("this command runs elsewhere".to_owned()))
        }
    }
}
