//! What a command that changes something is given of the world.

use std::io::{self, ErrorKind, Write};

use domain::estate::Estate;
use domain::hold::Actor;
use domain::retention::Policy;
use domain::retention::lifecycle::Tiers;
use jiff::Timestamp;
use pipeline::Archivist;
use pipeline::ports::{Catalogue, DeadLetters, LifecyclePolicies, LiveSessions};
use pipeline::replay::Intake;

use crate::policy::{self, PolicyCommand};
use crate::recordings::RecordingsCommand;
use crate::{CliError, Command, Exit, Terminal, doctor, hold, notify, recordings, replay, retention, sessions};

/// Asks a person a question, and gives whether they say yes.
pub type Ask<'a> = dyn FnMut(&str) -> io::Result<bool> + 'a;

/// Everything that a command works with that changes something.
pub struct WorkContext<'a> {
    /// Who carries the command out.
    pub archivist: &'a Archivist,
    /// Who takes what is put back.
    pub intake: &'a dyn Intake,
    /// What the event service could not deliver.
    pub dead_letters: &'a dyn DeadLetters,
    /// The catalogue to ask.
    pub catalogue: &'a dyn Catalogue,
    /// The bastions that are configured.
    pub estate: &'a Estate,
    /// The retention policy. `None` where nothing ever expires.
    pub policy: Option<&'a Policy>,
    /// When recordings of a class move to cheaper tiers.
    pub tiers: &'a [Tiers],
    /// Who wants it done.
    pub by: Actor,
    /// The time at which the command was given.
    pub now: Timestamp,
    /// What the standard streams are connected to.
    pub terminal: Terminal,
    /// Who knows of the sessions that go on. `None` where nobody can be asked.
    pub live: Option<&'a dyn LiveSessions>,
    /// Who reads and writes the lifecycle management policies of accounts. `None` where nobody can be asked.
    pub lifecycle: Option<&'a dyn LifecyclePolicies>,
    /// What is given on the standard input.
    pub input: &'a mut dyn io::Read,
    /// Asks a question that is answered with yes or no. `None` where nobody is there to answer.
    pub ask: Option<&'a mut Ask<'a>>,
    /// Where the answer goes.
    pub out: &'a mut dyn Write,
    /// Where notes about the answer go.
    pub err: &'a mut dyn Write,
}

const READS_ONLY: &str = "this command changes nothing";

/// Carries a command out that changes something, or that plans a change. A reader that goes away early is not an error.
pub async fn run_work(command: &Command, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let ran = match command {
        Command::Hold(command) => hold::run(command, context).await,
        Command::Retention(command) => retention::run(command, context).await,
        Command::Notify(command) => notify::run(command, context).await,
        Command::Replay(command) => replay::run(command, context).await,
        Command::Doctor(args) => doctor::run(args, context).await,
        Command::Sessions(command) if command.asks_bastion() => sessions::run_live(command, context).await,
        Command::Recordings(RecordingsCommand::Confirm(args)) => recordings::confirm(args, context).await,
        Command::Policy(PolicyCommand::Assign(args)) => policy::assign(args, context).await,
        Command::Policy(PolicyCommand::Lifecycle(args)) if args.apply => policy::apply_lifecycle(args, context).await,
        Command::Policy(PolicyCommand::Reapply(args)) => policy::reapply(args, context).await,
        _ => Err(CliError::Problems(READS_ONLY.to_owned())),
    };
    let flushed = ran.and_then(|exit| context.out.flush().map(|()| exit).map_err(CliError::Output));
    match flushed {
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        outcome => outcome,
    }
}

impl WorkContext<'_> {
    /// Whether a person wants this done: they have said so beforehand, or say so now.
    pub(crate) fn is_wanted(&mut self, yes: bool, question: &str) -> Result<bool, CliError> {
        if yes {
            return Ok(true);
        }
        match &mut self.ask {
            Some(ask) => Ok(ask(question)?),
            None => {
                let problem = format!("{question} Nobody is there to answer: add --yes. Nothing was changed.");
                Err(CliError::Problems(problem))
            }
        }
    }
}
