//! The app setting that adds suffixes of hosts.

use domain::cloud::ExtraSuffixes;

/// The app setting with suffixes of hosts that tokens may be sent to, besides those of the known clouds. A shared
/// configuration cannot set it: it is read where app settings are, and never from the file.
pub const EXTRA_SUFFIXES: &str = "ARCHIVIST_EXTRA_SUFFIXES";

/// Reads the setting.
///
/// # Errors
/// What is wrong with it, with its name.
pub fn extra_suffixes(app_setting: &dyn Fn(&str) -> Option<String>) -> Result<ExtraSuffixes, String> {
    let text = app_setting(EXTRA_SUFFIXES).unwrap_or_default();
    ExtraSuffixes::parse(&text).map_err(|error| format!("{EXTRA_SUFFIXES}: {error}"))
}
