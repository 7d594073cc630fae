//! Lines of `archivist.yaml`.

use configuration::WrittenContainer;

use super::found::{Found, FoundContainer};

/// Beginning of a new file.
pub(super) const HEAD: &str = "# Written by `archivist init`; run it again to compare. docs/configuration.md describes every key.\nversion: 1\n\n";

/// Returns the lines of an entry, without those of the recordings if they are unknown. `indent` is that of the dash.
pub(super) fn entry(found: &Found, recordings: &FoundContainer, indent: usize) -> Vec<String> {
    let dash = " ".repeat(indent);
    let mut lines = vec![
        format!("{dash}- name: {}", plain(&found.name)),
        format!("{dash}  resource_id: {}", plain(found.id.as_str())),
    ];
    lines.extend(present(recordings, indent + 2));
    lines.extend(found.audit.as_ref().map(|audit| audit_logs(audit, indent + 2)));
    lines.extend(found.has_identity.then(|| access(indent + 2)));
    lines
}

/// Returns the lines of `recordings` with earlier containers; `until` closes the last present one.
pub(super) fn moved(now: &FoundContainer, earlier: &[WrittenContainer], until: &str, indent: usize) -> Vec<String> {
    let space = " ".repeat(indent);
    let mut lines =
        vec![format!("{space}recordings:"), format!("{space}  - {{ {} }}", container(&now.url, &now.container))];
    for old in earlier {
        let (name, until) = (old.container.as_deref().unwrap_or_default(), old.until.as_deref().unwrap_or(until));
        lines.push(format!("{space}  - {{ {}, until: {until} }}", container(&old.account_url, name)));
    }
    lines
}

pub(super) fn audit_logs(audit: &FoundContainer, indent: usize) -> String {
    format!("{}audit_logs: {{ account_url: {} }}", " ".repeat(indent), quoted(&audit.url))
}

pub(super) fn access(indent: usize) -> String {
    format!("{}recording_access: {{ managed_identity: true }}", " ".repeat(indent))
}

fn present(now: &FoundContainer, indent: usize) -> Option<String> {
    Some(format!("{}recordings: {{ {} }}", " ".repeat(indent), container(&now.url, &now.container)))
}

fn container(url: &str, name: &str) -> String {
    format!("account_url: {}, container: {}", quoted(url), plain(name))
}

/// Quotes a text unless it reads as itself without quotes.
fn plain(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
        && text.contains(|c: char| c.is_ascii_alphabetic())
        && !["true", "false", "null"].contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
