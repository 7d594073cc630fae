//! Runs the policy commands that need no catalogue.

use std::io::stderr;
use std::path::Path;
use std::process::ExitCode;

use configuration::{AppPlace, Configuration};
use wiring::settings::{AppSettingNames, ConfigPlace};
use wiring::{CommandError, LOCAL_FOLDER, configured};

use crate::{PolicyCommand, PolicyContext};

/// Runs a command that needs no catalogue. The configuration may be invalid, since `policy check` reports that.
pub async fn run(
    command: &PolicyCommand,
    config: Option<&ConfigPlace>,
    settings: &AppSettingNames,
) -> Result<ExitCode, CommandError> {
    let file = configured::text(config, settings).await?;
    let default = Configuration::local(Path::new(LOCAL_FOLDER)).map_err(CommandError::needed)?;
    let (mut out, mut err) = (std::io::BufWriter::new(std::io::stdout()), stderr());
    let mut context = PolicyContext {
        file: file.as_ref().map(|file| (file.name.as_str(), file.text.as_str())),
        default: &default,
        place: match config.or(settings.config.as_ref()) {
            Some(ConfigPlace::Blob(url)) => configured::place(url),
            _ => AppPlace::AsSet,
        },
        app_setting: &|name| settings.app_setting(name),
        read: &|path| std::fs::read_to_string(path),
        out: &mut out,
        err: &mut err,
    };
    let exit = crate::run_policy(command, &mut context)?;
    Ok(ExitCode::from(exit.code()))
}
