//! The commands and who carries them out.

use std::io::ErrorKind;

use clap::Subcommand;

use crate::gaps::{self, GapsArgs};
use crate::recordings::{self, RecordingsCommand};
use crate::sessions::{self, SessionsCommand};
use crate::{CliError, CommandContext, Exit};

/// The commands that are not servers.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// List, show and export what the catalogue knows of recordings.
    #[command(subcommand)]
    Recordings(RecordingsCommand),
    /// List and show the sessions that the audit logs tell of.
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Say what is missing. Exit code 1 where anything is.
    ///
    /// Sessions without a recording, recordings without a session, bastions that record no longer, and bastions whose
    /// audit log has stopped.
    Gaps(GapsArgs),
}

/// Carries a command out. A reader that goes away early (`| head`) is not an error.
pub async fn run(command: &Command, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let ran = match command {
        Command::Recordings(command) => recordings::run(command, context).await,
        Command::Sessions(command) => sessions::run(command, context).await,
        Command::Gaps(args) => gaps::run(args, context).await,
    };
    let flushed = ran.and_then(|exit| context.out.flush().map(|()| exit).map_err(CliError::Output));
    match flushed {
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        outcome => outcome,
    }
}
