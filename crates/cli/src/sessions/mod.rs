//! `archivist sessions`: what the audit logs tell of sessions.

mod filters;
mod list;
mod show;
mod table;

use clap::Subcommand;

use crate::{CliError, CommandContext, Exit};

pub use filters::SessionFilters;
pub use list::ListSessionsArgs;
pub use show::ShowSessionArgs;
pub(crate) use show::session_lines;

/// The commands on sessions.
#[derive(Debug, Clone, Subcommand)]
pub enum SessionsCommand {
    /// List sessions, newest first.
    List(ListSessionsArgs),
    /// Show all that is known of one session. Exit code 1 where there is none with this id.
    Show(ShowSessionArgs),
}

pub(crate) async fn run(command: &SessionsCommand, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    match command {
        SessionsCommand::List(args) => list::run(args, context).await,
        SessionsCommand::Show(args) => show::run(args, context).await,
    }
}
