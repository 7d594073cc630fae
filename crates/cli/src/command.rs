//! The commands and who carries them out.

use std::io::ErrorKind;
use std::path::Path;

use clap::Subcommand;

use crate::doctor::DoctorArgs;
use crate::gaps::{self, GapsArgs};
use crate::hold::HoldCommand;
use crate::notify::NotifyCommand;
use crate::policy::{self, PolicyCommand};
use crate::recordings::{self, RecordingsCommand};
use crate::replay::ReplayCommand;
use crate::retention::RetentionCommand;
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
    /// Check, explain and test the retention policy, and print what the platform needs of it.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Place, release and list legal holds: what one covers is not deleted.
    #[command(subcommand)]
    Hold(HoldCommand),
    /// Show what is due by the retention policy, make a sweep, and allow what waits for a person.
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Show what channels are sent and which way events take, try a channel, bring one back.
    #[command(subcommand)]
    Notify(NotifyCommand),
    /// Put back what could not be processed: a dry run unless --apply is given.
    #[command(subcommand)]
    Replay(ReplayCommand),
    /// Check how everything is set up, and print what mends each finding. Exit code 1 where there are any.
    Doctor(DoctorArgs),
}

impl Command {
    /// Whether it works with the configuration alone, so that there need be no catalogue.
    pub fn keeps_nothing(&self) -> bool {
        match self {
            Self::Notify(command) => command.keeps_nothing(),
            Self::Policy(command) => command.keeps_nothing(),
            _ => false,
        }
    }

    /// Whether it changes something, or plans a change; it is then for [`run_work`](crate::run_work).
    pub fn is_work(&self) -> bool {
        match self {
            Self::Hold(_) | Self::Retention(_) | Self::Notify(_) | Self::Replay(_) | Self::Doctor(_) => true,
            Self::Sessions(command) => command.asks_bastion(),
            Self::Policy(command) => command.is_work(),
            Self::Recordings(command) => command.is_work(),
            Self::Gaps(_) => false,
        }
    }

    /// Whether it works on what is in Azure from its beginning on, so that nothing of it can be done without.
    pub fn reaches_azure(&self) -> bool {
        match self {
            Self::Retention(command) => command.sweeps(),
            Self::Sessions(command) => command.asks_bastion(),
            _ => false,
        }
    }

    /// Whether it says by itself what it could not see.
    pub fn inspects(&self) -> bool {
        matches!(self, Self::Doctor(_))
    }

    /// The file or folder that dead letters are to be taken from. `None` where they are where the configuration says.
    pub fn dead_letters_from(&self) -> Option<&Path> {
        match self {
            Self::Replay(command) => command.dead_letters_from(),
            _ => None,
        }
    }
}

const NOT_HERE: &str = "this command is carried out in another way";

/// Carries a command out that reads. Of those of the policy only the one that explains a recording of the catalogue, the
/// others being for [`run_policy`](crate::run_policy) and [`run_work`](crate::run_work). A reader that goes away early (`| head`) is not an error.
pub async fn run(command: &Command, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let ran = match command {
        Command::Recordings(command) => recordings::run(command, context).await,
        Command::Sessions(command) => sessions::run(command, context).await,
        Command::Gaps(args) => gaps::run(args, context).await,
        Command::Policy(PolicyCommand::Explain(args)) => policy::explain_recording(args, context).await,
        Command::Policy(_)
        | Command::Hold(_)
        | Command::Retention(_)
        | Command::Notify(_)
        | Command::Replay(_)
        | Command::Doctor(_) => Err(CliError::Problems(NOT_HERE.to_owned())),
    };
    let flushed = ran.and_then(|exit| context.out.flush().map(|()| exit).map_err(CliError::Output));
    match flushed {
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        outcome => outcome,
    }
}
