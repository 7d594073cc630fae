//! Derives the handler's start parameters from `host.json`.

use std::path::{Path, PathBuf};

use crate::app_settings::{HandlerEnvironment, expand};
use crate::process::HandlerStart;
use crate::settings::HandlerDescription;

pub(super) fn build(root: &Path, handler: &HandlerDescription, app_settings: &HandlerEnvironment) -> HandlerStart {
    HandlerStart {
        executable: executable(root, &handler.executable),
        arguments: arguments(&handler.arguments, app_settings),
        app_root: root.to_owned(),
        working_directory: root.join(&handler.working_directory),
        app_settings: app_settings.clone(),
    }
}

/// Returns a file of the app if it exists, otherwise a name for PATH. The working directory is not searched.
fn executable(root: &Path, named: &str) -> PathBuf {
    let here = root.join(named);
    if here.is_file() { here } else { named.into() }
}

/// The host joins arguments with blanks without quoting them, so an argument with a blank becomes two.
fn arguments(named: &[String], app_settings: &HandlerEnvironment) -> Vec<String> {
    let line = named.join(" ");
    // An unset app setting becomes empty, so this cannot fail.
    let line = expand(&line, |name| Some(app_settings.get(name).cloned().unwrap_or_default())).unwrap_or(line);
    line.split_whitespace().map(str::to_owned).collect()
}
