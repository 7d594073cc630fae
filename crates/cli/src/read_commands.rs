//! Runs commands that read, with the stores that the settings name.

use std::path::Path;
use std::process::ExitCode;

use adapters_local::SystemClock;
use configuration::Configuration;
use jiff::tz::TimeZone;
use pipeline::ports::Clock;
use wiring::configured::Configured;
use wiring::settings::AppSettingNames;
use wiring::{Azure, CommandError, LOCAL_FOLDER, state_store};

use crate::{CliCommand, CommandContext, Terminal, run};

/// Runs a command that reads, on the stores of the settings. `zone` replaces the time zone of the configuration.
pub async fn run_read_command(
    command: &CliCommand,
    settings: &AppSettingNames,
    zone: Option<TimeZone>,
    Configured { configuration, state, .. }: Configured,
) -> Result<ExitCode, CommandError> {
    let kept = state_store::to_read(settings, state.as_ref(), &Azure::for_command(settings))?;
    let local = Configuration::local(Path::new(LOCAL_FOLDER)).map_err(CommandError::needed)?;
    let policy = configuration.as_ref().unwrap_or(&local).retention.clone();
    let reviews = configuration.as_ref().unwrap_or(&local).reviews.clone();
    let zone = zone.or_else(|| configuration.as_ref().map(|configuration| configuration.time_zone.clone()));
    let configuration = match configuration.filter(|configuration| !configuration.bastions.is_empty()) {
        Some(configuration) => configuration,
        None => local,
    };
    let (mut out, mut err) = (std::io::BufWriter::new(std::io::stdout()), std::io::stderr());
    let mut context = CommandContext {
        catalogue: kept.catalogue.as_ref(),
        sessions: kept.sessions.as_ref(),
        checkpoints: kept.checkpoints.as_ref(),
        estate: &configuration.estate(),
        policy: policy.as_ref(),
        reviews: &reviews,
        now: SystemClock.now(),
        zone: zone.unwrap_or(TimeZone::UTC),
        terminal: Terminal::of(settings),
        out: &mut out,
        err: &mut err,
    };
    let exit = run(command, &mut context).await?;
    Ok(ExitCode::from(exit.code()))
}
