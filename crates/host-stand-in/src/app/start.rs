//! How `host.json` says the handler is started.

use std::path::{Path, PathBuf};

use crate::app_settings::{AppSettings, expand};
use crate::process::HandlerStart;
use crate::settings::HandlerDescription;

pub(super) fn of(root: &Path, handler: &HandlerDescription, app_settings: &AppSettings) -> HandlerStart {
    HandlerStart {
        executable: executable(root, &handler.executable),
        arguments: arguments(&handler.arguments, app_settings),
        app_root: root.to_owned(),
        working_directory: root.join(&handler.working_directory),
        app_settings: app_settings.clone(),
    }
}

/// A file of the app where there is one, else left to PATH. The working directory does not matter.
fn executable(root: &Path, named: &str) -> PathBuf {
    let here = root.join(named);
    if here.is_file() { here } else { named.into() }
}

/// The host joins arguments with blanks and puts none in quotes, so one that holds a blank becomes two.
fn arguments(named: &[String], app_settings: &AppSettings) -> Vec<String> {
    let line = named.join(" ");
    // An app setting that is not set becomes nothing, so there is no error.
    let line = expand(&line, |name| Some(app_settings.get(name).cloned().unwrap_or_default())).unwrap_or(line);
    line.split_whitespace().map(str::to_owned).collect()
}
