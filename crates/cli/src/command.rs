//! The commands and who carries them out.

use std::io::ErrorKind;

use clap::Subcommand;

use crate::recordings::{self, RecordingsCommand};
use crate::{CliError, CommandContext, Exit};

/// The commands that are not servers.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// List, show and export what the catalogue knows of recordings.
    #[command(subcommand)]
    Recordings(RecordingsCommand),
}

/// Carries a command out. A reader that goes away early (`| head`) is not an error.
pub async fn run(command: &Command, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let ran = match command {
        Command::Recordings(command) => recordings::run(command, context).await,
    };
    let flushed = ran.and_then(|exit| context.out.flush().map(|()| exit).map_err(CliError::Output));
    match flushed {
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        outcome => outcome,
    }
}
