//! From the text of the file to the configuration.

use crate::app_setting::AppSettings;
use crate::configuration::Configuration;
use crate::document::Document;
use crate::findings::Findings;
use crate::problem::{Problem, Problems};
use crate::tree::{Content, Kind, Node, Scalar};
use crate::{rules, schema, structure, yaml};

/// Reads the text of a configuration file of version 1.
///
/// `file_name` is for the problems only. `app_setting` gives the value of an app setting, for `${NAME}` and
/// for the keys that end in `_env`.
///
/// # Errors
/// Every problem of the text: syntax, unknown, doubled and missing keys, values that cannot be, app settings
/// that are not set. Of a file of another version, only that.
pub fn read(
    file_name: &str,
    text: &str,
    app_setting: &dyn Fn(&str) -> Option<String>,
) -> Result<Configuration, Problems> {
    check(file_name, text, app_setting).configuration
}

/// What a text means, and what there is to say about it.
#[derive(Debug)]
pub struct Checked {
    /// As [`read`] gives it.
    pub configuration: Result<Configuration, Problems>,
    /// What means something, but hardly what was meant, in the order of the lines.
    pub warnings: Vec<Problem>,
}

/// Reads as [`read`] does, and says also what hinders nothing.
pub fn check(file_name: &str, text: &str, app_setting: &dyn Fn(&str) -> Option<String>) -> Checked {
    let mut findings = Findings::default();
    let configuration = checked(text, AppSettings(app_setting), &mut findings);
    let (problems, warnings) = findings.in_order();
    let configuration = configuration.ok_or_else(|| Problems { file_name: file_name.to_owned(), problems });
    Checked { configuration, warnings }
}

/// The configuration; `None` where there are findings.
fn checked(text: &str, settings: AppSettings<'_>, findings: &mut Findings) -> Option<Configuration> {
    let mut root = yaml::read(text, settings, findings)?;
    if let Some((version, node)) = other_version(&root) {
        let mut only = Findings::default();
        let remedy = "write version: 1, or use the release that knows this version";
        only.add(node.place, "version", format!("{version} is not known to this release"), remedy);
        *findings = only;
        return None;
    }
    structure::check(&mut root, &schema::as_value(), settings, findings);
    rules::check(&root, findings);
    if !findings.is_empty() {
        return None;
    }
    let configuration = serde_json::from_value::<Document>(root.to_json()).and_then(Configuration::try_from);
    configuration.map_err(|error| findings.add(root.place, "", error.to_string(), "correct it")).ok()
}

/// The version, where it is a number other than ours: no other check knows what such a file may hold.
fn other_version(root: &Node) -> Option<(i64, &Node)> {
    let node = root.get("version")?;
    match node.content {
        Content::Scalar(Scalar { kind: Kind::Integer(version), .. }) if version != 1 => Some((version, node)),
        _ => None,
    }
}
