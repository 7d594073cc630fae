//! Rules for channels: valid names, exactly one URL.

use crate::findings::Findings;
use crate::tree::{ConfigurationNode, below};

/// Longest name of a channel, in characters.
const LONGEST_NAME: usize = 40;

pub fn check(channels: &ConfigurationNode, findings: &mut Findings) {
    for member in channels.members() {
        let path = below("notifications.channels", &member.key);
        if !is_name(&member.key) {
            let remedy = "write 1 to 40 lower-case letters, digits, hyphens and _, a letter first";
            findings.add(member.key_place, &path, "is not a channel's name", remedy);
        }
        let kind = member.value.get("kind").and_then(ConfigurationNode::text);
        if kind.is_some_and(|kind| ["webhook", "teams", "slack"].contains(&kind)) {
            one_url(&member.value, &path, findings);
        }
    }
}

fn is_name(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b));
    plain && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.len() <= LONGEST_NAME
}

fn one_url(channel: &ConfigurationNode, path: &str, findings: &mut Findings) {
    match (channel.get("url"), channel.get("url_env")) {
        (Some(_), Some(named)) => {
            findings.add(named.place, &format!("{path}.url_env"), "is set together with url", "keep one of the two");
        }
        (None, None) => {
            let remedy = "add url: https://…, or url_env with the name of the app setting that holds it";
            findings.add(channel.place, &format!("{path}.url"), "is missing", remedy);
        }
        _ => {}
    }
}
