//! Runs commands that change something, with the same ports and channels as the functions.

use std::io::{self, ErrorKind, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::memory::{self, MemoryDeadLetters};
use adapters_local::{FolderDeadLetters, SystemClock};
use configuration::Configuration;
use configuration::state::StatePlace;
use domain::record::estate::Estate;
use domain::record::hold::Actor;
use jiff::tz::TimeZone;
use pipeline::Archivist;
use pipeline::ports::{Catalogue, Clock, DeadLetters, LifecyclePolicies, LiveSessions, Ports};
use pipeline::replay::Intake;
use wiring::configured::Configured;
use wiring::settings::AppSettingNames;
use wiring::{Azure, CommandError, WiringInputs, local_folder, state_store, storage_accounts, watch, with_bastions};

use crate::output::{ask, say_aside};
use crate::policy::{self, PolicyCommand};
use crate::recordings::RecordingsCommand;
use crate::stores::{refuse_other_policy, sign_in, strange_stores};
use crate::{
    CliCommand, CliError, Exit, Terminal, WorkContext, doctor, hold, notify, recordings, replay, retention, review,
    sessions,
};

/// Builds the intake of a replay from the archivist and the configured bastions.
pub type MakeIntake = for<'a> fn(&'a Archivist, &'a Estate) -> Box<dyn Intake + 'a>;

/// Runs a command that changes something, on the ports of the settings. `zone` replaces the time zone of the
/// configuration.
pub async fn run_write_command(
    command: &CliCommand,
    settings: &AppSettingNames,
    zone: Option<TimeZone>,
    Configured { configuration, state, shared }: Configured,
    make_intake: MakeIntake,
) -> Result<ExitCode, CommandError> {
    let azure = Azure::for_command(settings);
    let stores = CommandStores { command, settings, place: state.as_ref(), azure: &azure };
    stores.check_existing()?;
    let (is_configured, configuration) =
        (configuration.is_some(), with_bastions(configuration, &local_folder(settings))?);
    let ports = stores.ports(&configuration)?;
    let catalogue = ports.catalogue.clone();
    stores.check_policy(is_configured, catalogue.as_ref(), &configuration).await?;
    // Notifications are queued for the functions; only `notify test` calls a channel from here.
    let plan = WiringInputs {
        configuration: &configuration,
        ports,
        announce_started: false,
        show: Arc::new(say_aside),
        accepted: None,
        azure: Some(&azure),
    };
    let wired = plan.wire()?;
    let watching = watch(settings, &configuration, state.as_ref(), &azure)?;
    let archivist = wired.archivist.with_watch(watching.watch);
    let archivist = match &shared {
        Some(shared) => archivist.under(&shared.digest).refusing(shared.refused.as_deref()),
        None => archivist,
    };
    let dead_letters = stores.dead_letters()?;
    if command.reaches_azure() {
        sign_in(&azure, settings, &configuration).await?;
    }
    let by = stores.actor().await?;
    if !command.keeps_nothing()
        && let Err(fault) = strange_stores(&archivist, false).await
    {
        tracing::debug!(%fault, "stores not compared with those of the catalogue");
    }
    let estate = configuration.estate();
    let (mut out, mut err) = (io::BufWriter::new(io::stdout()), io::stderr());
    let is_answered = io::stdin().is_terminal() && io::stderr().is_terminal();
    let intake = make_intake(&archivist, &estate);
    let mut context = WorkContext {
        archivist: &archivist,
        intake: intake.as_ref(),
        live: watching.management.as_ref().map(|management| management as &dyn LiveSessions),
        lifecycle: watching.management.as_ref().map(|management| management as &dyn LifecyclePolicies),
        dead_letters: dead_letters.as_ref(),
        catalogue: catalogue.as_ref(),
        estate: &estate,
        policy: configuration.retention.as_ref(),
        tiers: &configuration.tiers,
        by,
        now: SystemClock.now(),
        zone: zone.unwrap_or_else(|| configuration.time_zone.clone()),
        terminal: Terminal::detect(settings),
        input: &mut io::stdin(),
        ask: if is_answered { Some(&mut ask) } else { None },
        out: &mut out,
        err: &mut err,
    };
    let exit = run_work(command, &mut context).await?;
    Ok(ExitCode::from(exit.code()))
}

/// Stores of one command: those of the settings, or memory for a command that keeps nothing.
struct CommandStores<'a> {
    command: &'a CliCommand,
    settings: &'a AppSettingNames,
    place: Option<&'a StatePlace>,
    azure: &'a Azure<'a>,
}

impl CommandStores<'_> {
    /// Returns an error if there is no catalogue, instead of creating one.
    fn check_existing(&self) -> Result<(), CommandError> {
        if !self.command.keeps_nothing() {
            state_store::to_read(self.settings, self.place, self.azure)?;
        }
        Ok(())
    }

    /// Returns an error if the command would apply the default policy to a catalogue of another one.
    async fn check_policy(
        &self,
        is_configured: bool,
        catalogue: &dyn Catalogue,
        configuration: &Configuration,
    ) -> Result<(), CommandError> {
        if is_configured || self.command.keeps_nothing() || self.command.inspects() {
            return Ok(());
        }
        refuse_other_policy(catalogue, configuration.retention.as_ref()).await
    }

    fn ports(&self, configuration: &Configuration) -> Result<Ports, CommandError> {
        let clock = Arc::new(SystemClock);
        if self.command.keeps_nothing() {
            return Ok(memory::ports(clock));
        }
        let blobs = storage_accounts(configuration, self.azure)?;
        Ok(state_store::as_set(self.settings, self.place, self.azure, blobs, clock)?.0)
    }

    fn dead_letters(&self) -> Result<Arc<dyn DeadLetters>, CommandError> {
        match self.command.dead_letters_from() {
            Some(place) => Ok(Arc::new(FolderDeadLetters::new(place))),
            None if self.command.keeps_nothing() => Ok(Arc::new(MemoryDeadLetters::default())),
            None => state_store::dead_letters(self.settings, self.place, self.azure),
        }
    }

    /// Identifies the user: the identity signed in to the catalogue, or this machine's user, who is not verified.
    async fn actor(&self) -> Result<Actor, CommandError> {
        let signed_in = if self.command.keeps_nothing() {
            None
        } else {
            match state_store::signed_in(self.settings, self.place, self.azure).await {
                // The command reports the outage itself, beside the configuration.
                Err(error) if error.is_outage() && self.command.inspects() => None,
                asked => asked?,
            }
        };
        Ok(match signed_in {
            Some(name) => Actor { name, is_verified: true },
            None => {
                Actor { name: self.settings.user.clone().unwrap_or_else(|| "unknown".to_owned()), is_verified: false }
            }
        })
    }
}

const READS_ONLY: &str = "this command changes nothing";

/// Runs a command that changes or plans a change. A reader that closes the pipe early is not an error.
pub async fn run_work(command: &CliCommand, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let ran = match command {
        CliCommand::Hold(command) => hold::run(command, context).await,
        CliCommand::Retention(command) => retention::run(command, context).await,
        CliCommand::Notify(command) => notify::run(command, context).await,
        CliCommand::Replay(command) => replay::run(command, context).await,
        CliCommand::Doctor(args) => doctor::run(args, context).await,
        CliCommand::Sessions(command) if command.asks_bastion() => sessions::run_live(command, context).await,
        CliCommand::Recordings(RecordingsCommand::Confirm(args)) => recordings::confirm(args, context).await,
        CliCommand::Review(args) => review::run_work(args, context).await,
        CliCommand::Policy(PolicyCommand::Assign(args)) => policy::assign(args, context).await,
        CliCommand::Policy(PolicyCommand::Lifecycle(args)) if args.apply => {
            policy::apply_lifecycle(args, context).await
        }
        CliCommand::Policy(PolicyCommand::Reapply(args)) => policy::reapply(args, context).await,
        _ => Err(CliError::Problems(READS_ONLY.to_owned())),
    };
    let flushed = ran.and_then(|exit| context.out.flush().map(|()| exit).map_err(CliError::Output));
    match flushed {
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        outcome => outcome,
    }
}
