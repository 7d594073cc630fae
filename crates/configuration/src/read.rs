//! Reads the text of the file into the configuration.

use crate::app_setting::AppSettings;
use crate::configuration::Configuration;
use crate::destinations::{self, AppPlace};
use crate::document::Document;
use crate::findings::Findings;
use crate::problem::{Problem, Problems};
use crate::suffixes::extra_suffixes;
use crate::tree::{ConfigurationNode, Content, Scalar, ScalarKind};
use crate::{meaning, rules, schema, structure, yaml};

/// Reads the text of a configuration file of version 1.
///
/// `file_name` is used in problems only. `app_setting` returns the value of an app setting, for `${NAME}`
/// and for keys ending in `_env`.
///
/// # Errors
/// Returns every problem of the text: syntax errors, unknown, duplicate and missing keys, invalid values,
/// and unset app settings. For a file of another version, returns that problem only.
pub fn read(
    file_name: &str,
    text: &str,
    app_setting: &dyn Fn(&str) -> Option<String>,
) -> Result<Configuration, Problems> {
    check(file_name, text, AppPlace::AsSet, app_setting).configuration
}

/// Configuration with its problems and warnings.
#[derive(Debug)]
pub struct CheckedConfiguration {
    /// Result of [`read`].
    pub configuration: Result<Configuration, Problems>,
    /// Valid but probably mistaken values, in the order of the lines.
    pub warnings: Vec<Problem>,
}

/// Reads the configuration of an app at `place` like [`read`], and also returns warnings.
pub fn check(
    file_name: &str,
    text: &str,
    place: AppPlace,
    app_setting: &dyn Fn(&str) -> Option<String>,
) -> CheckedConfiguration {
    let mut findings = Findings::default();
    // An invalid setting is reported when app settings are read; here it adds no suffix.
    let extra = extra_suffixes(app_setting).unwrap_or_default();
    let settings = AppSettings { value: app_setting, extra: &extra };
    let configuration = checked(text, place, settings, &mut findings);
    let (problems, warnings) = findings.in_order();
    let configuration = configuration.ok_or_else(|| Problems { file_name: file_name.to_owned(), problems });
    CheckedConfiguration { configuration, warnings }
}

/// Returns the configuration, or `None` if there are problems.
fn checked(text: &str, place: AppPlace, settings: AppSettings<'_>, findings: &mut Findings) -> Option<Configuration> {
    let mut root = yaml::read(text, settings, findings)?;
    if let Some((version, node)) = other_version(&root) {
        let mut only = Findings::default();
        let remedy = "write version: 1, or use the release that knows this version";
        only.add(node.place, "version", format!("{version} is not known to this release"), remedy);
        *findings = only;
        return None;
    }
    structure::check(&mut root, &schema::as_value(), settings, findings);
    rules::check(&root, settings.extra, findings);
    let loopback = destinations::loopback(&root, place, settings);
    destinations::check(&mut root, loopback, findings);
    if !findings.is_empty() {
        return None;
    }
    let configuration = serde_json::from_value::<Document>(root.to_json());
    let configuration = configuration.and_then(|document| meaning::configuration(document, settings.extra));
    let configuration = configuration.map_err(|error| findings.add(root.place, "", error.to_string(), "correct it"));
    Some(Configuration { loopback, off: findings.take_off(), ..configuration.ok()? })
}

/// Returns the version if it is another number than 1. Such a file is not checked further, because its keys
/// are unknown.
fn other_version(root: &ConfigurationNode) -> Option<(i64, &ConfigurationNode)> {
    let node = root.get("version")?;
    match node.content {
        Content::Scalar(Scalar { kind: ScalarKind::Integer(version), .. }) if version != 1 => Some((version, node)),
        _ => None,
    }
}
