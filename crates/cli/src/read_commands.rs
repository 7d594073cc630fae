//! Runs commands that read, with the stores that the settings name.

use std::process::ExitCode;

use adapters_local::SystemClock;
use jiff::tz::TimeZone;
use pipeline::ports::Clock;
use wiring::configured::Configured;
use wiring::settings::AppSettingNames;
use wiring::{Azure, CommandError, local_folder, state_store, with_bastions};

use crate::{CliCommand, CommandContext, Terminal, run};

/// Runs a command that reads, on the stores of the settings. `zone` replaces the time zone of the configuration.
pub async fn run_read_command(
    command: &CliCommand,
    settings: &AppSettingNames,
    zone: Option<TimeZone>,
    Configured { configuration, state, .. }: Configured,
) -> Result<ExitCode, CommandError> {
    let kept = state_store::to_read(settings, state.as_ref(), &Azure::for_command(settings))?;
    let configuration = with_bastions(configuration, &local_folder(settings))?;
    let (mut out, mut err) = (std::io::BufWriter::new(std::io::stdout()), std::io::stderr());
    let mut context = CommandContext {
        catalogue: kept.catalogue.as_ref(),
        sessions: kept.sessions.as_ref(),
        checkpoints: kept.checkpoints.as_ref(),
        estate: &configuration.estate(),
        policy: configuration.retention.as_ref(),
        reviews: &configuration.reviews,
        now: SystemClock.now(),
        zone: zone.unwrap_or(configuration.time_zone),
        terminal: Terminal::detect(settings),
        out: &mut out,
        err: &mut err,
    };
    let exit = run(command, &mut context).await?;
    Ok(ExitCode::from(exit.code()))
}
