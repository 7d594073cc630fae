//! The command tree, and the dispatch of read-only commands.

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
use crate::report::{self, ReportCommand};
use crate::retention::RetentionCommand;
use crate::review::{self, ReviewArgs};
use crate::sessions::{self, SessionsCommand};
use crate::{CliError, CommandContext, Exit};

/// Commands that are not servers.
#[derive(Debug, Clone, Subcommand)]
pub enum CliCommand {
    /// List, show and export the recordings of the catalogue.
    #[command(subcommand)]
    Recordings(RecordingsCommand),
    /// List and show the sessions in the audit logs.
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Report missing recordings, sessions and logs. Exit code 1 if there are gaps.
    ///
    /// Lists sessions without a recording, recordings without a session, bastions that stopped recording,
    /// and bastions whose audit log stopped.
    Gaps(GapsArgs),
    /// Report on a month, for audits.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Check, explain and test the retention policy, and print its lifecycle rules.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Place, release and list legal holds. A recording on hold is not deleted.
    #[command(subcommand)]
    Hold(HoldCommand),
    /// Plan deletions, run a retention sweep, and approve a plan that needs a person.
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// List recordings that wait for a review by a person, and store reviews.
    Review(ReviewArgs),
    /// Preview, route and test notifications, and enable a disabled channel again.
    #[command(subcommand)]
    Notify(NotifyCommand),
    /// Replay input and notifications that failed. Dry run unless --apply is given.
    #[command(subcommand)]
    Replay(ReplayCommand),
    /// Check the setup, and print a fix for each finding. Exit code 1 if there are findings.
    Doctor(DoctorArgs),
}

impl CliCommand {
    /// Returns true if the command needs the configuration only and no catalogue.
    pub fn keeps_nothing(&self) -> bool {
        match self {
            Self::Notify(command) => command.keeps_nothing(),
            Self::Policy(command) => command.keeps_nothing(),
            _ => false,
        }
    }

    /// Returns true if the command changes or plans a change; [`run_work`](crate::run_work) carries it out.
    pub fn is_work(&self) -> bool {
        match self {
            Self::Hold(_) | Self::Retention(_) | Self::Notify(_) | Self::Replay(_) | Self::Doctor(_) => true,
            Self::Sessions(command) => command.asks_bastion(),
            Self::Policy(command) => command.is_work(),
            Self::Recordings(command) => command.is_work(),
            Self::Review(args) => args.is_work(),
            Self::Gaps(_) | Self::Report(_) => false,
        }
    }

    /// Returns true if the command cannot run without a connection to Azure.
    pub fn reaches_azure(&self) -> bool {
        match self {
            Self::Retention(command) => command.sweeps(),
            Self::Sessions(command) => command.asks_bastion(),
            _ => false,
        }
    }

    /// Returns true if the command reports failed connections itself, as findings.
    pub fn inspects(&self) -> bool {
        matches!(self, Self::Doctor(_))
    }

    /// File or folder to read dead letters from. `None` if they are read from the configured storage.
    pub fn dead_letters_from(&self) -> Option<&Path> {
        match self {
            Self::Replay(command) => command.dead_letters_from(),
            _ => None,
        }
    }
}

const NOT_HERE: &str = "this command runs elsewhere";

/// Runs a command that reads. [`run_policy`](crate::run_policy) and [`run_work`](crate::run_work) run the
/// others; the only policy command handled here explains a recording of the catalogue. A reader that closes
/// the pipe early (`| head`) is not an error.
pub async fn run(command: &CliCommand, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let ran = match command {
        CliCommand::Recordings(command) => recordings::run(command, context).await,
        CliCommand::Sessions(command) => sessions::run(command, context).await,
        CliCommand::Gaps(args) => gaps::run(args, context).await,
        CliCommand::Review(args) => review::run(args, context).await,
        CliCommand::Report(command) => report::run(command, context).await,
        CliCommand::Policy(PolicyCommand::Explain(args)) => policy::explain_recording(args, context).await,
        CliCommand::Policy(_)
        | CliCommand::Hold(_)
        | CliCommand::Retention(_)
        | CliCommand::Notify(_)
        | CliCommand::Replay(_)
        | CliCommand::Doctor(_) => Err(CliError::Problems(NOT_HERE.to_owned())),
    };
    let flushed = ran.and_then(|exit| context.out.flush().map(|()| exit).map_err(CliError::Output));
    match flushed {
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        outcome => outcome,
    }
}
