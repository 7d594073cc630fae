//! App setting with additional host suffixes.

use domain::cloud::ExtraSuffixes;

/// App setting with host suffixes to which tokens may be sent, in addition to those of the known clouds.
/// Read from app settings only, so a shared configuration file cannot set it.
pub const EXTRA_SUFFIXES: &str = "ARCHIVIST_EXTRA_SUFFIXES";

/// Reads the setting.
///
/// # Errors
/// Returns the problem, with the name of the setting.
pub fn extra_suffixes(app_setting: &dyn Fn(&str) -> Option<String>) -> Result<ExtraSuffixes, String> {
    let text = app_setting(EXTRA_SUFFIXES).unwrap_or_default();
    ExtraSuffixes::parse(&text).map_err(|error| format!("{EXTRA_SUFFIXES}: {error}"))
}
