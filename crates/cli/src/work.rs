//! Input and output of a command that changes something.

use std::io::{self, Write};

use domain::policy::retention::Policy;
use domain::policy::retention::lifecycle::Tiers;
use domain::record::estate::Estate;
use domain::record::hold::Actor;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use pipeline::Archivist;
use pipeline::ports::{Catalogue, DeadLetters, LifecyclePolicies, LiveSessions};
use pipeline::replay::Intake;

use crate::{CliError, Exit, Terminal};

/// Asks the user a question. Returns true if the answer is yes.
pub type Ask<'a> = dyn FnMut(&str) -> io::Result<bool> + 'a;

/// Dependencies of a command that changes something.
pub struct WorkContext<'a> {
    /// Carries out the command.
    pub archivist: &'a Archivist,
    /// Processes replayed input.
    pub intake: &'a dyn Intake,
    /// Events not delivered by Event Grid.
    pub dead_letters: &'a dyn DeadLetters,
    /// The catalogue to query.
    pub catalogue: &'a dyn Catalogue,
    /// The configured bastions.
    pub estate: &'a Estate,
    /// The retention policy. `None` if nothing ever expires.
    pub policy: Option<&'a Policy>,
    /// Ages at which recordings of a class move to cheaper tiers.
    pub tiers: &'a [Tiers],
    /// The person who runs the command.
    pub by: Actor,
    /// Time at which the command was started.
    pub now: Timestamp,
    /// Time zone of days in options and of times in tables.
    pub zone: TimeZone,
    /// Abilities of the standard streams.
    pub terminal: Terminal,
    /// Source of live sessions. `None` if no API can be reached.
    pub live: Option<&'a dyn LiveSessions>,
    /// Reads and writes lifecycle management policies. `None` if no API can be reached.
    pub lifecycle: Option<&'a dyn LifecyclePolicies>,
    /// Standard input.
    pub input: &'a mut dyn io::Read,
    /// Asks a yes-or-no question. `None` if the command is not interactive.
    pub ask: Option<&'a mut Ask<'a>>,
    /// Receives the answer.
    pub out: &'a mut dyn Write,
    /// Receives notes about the answer.
    pub err: &'a mut dyn Write,
}

impl WorkContext<'_> {
    /// Returns the current time in the zone.
    pub(crate) fn today(&self) -> Zoned {
        self.now.to_zoned(self.zone.clone())
    }

    /// Ends a command: prints why it was refused, if it was.
    pub(crate) fn end(&mut self, refused: Option<String>) -> Result<Exit, CliError> {
        let Some(refused) = refused else { return Ok(Exit::Done) };
        writeln!(self.err, "{refused}")?;
        Ok(Exit::Findings)
    }

    /// Returns true if `yes` is set or the user confirms. Returns an error if a prompt is needed and the
    /// command is not interactive.
    pub(crate) fn is_wanted(&mut self, yes: bool, question: &str) -> Result<bool, CliError> {
        if yes {
            return Ok(true);
        }
        match &mut self.ask {
            Some(ask) => Ok(ask(question)?),
            None => {
                let problem = format!("{question} There is no terminal to confirm on: add --yes. Nothing was changed.");
                Err(CliError::Problems(problem))
            }
        }
    }
}
