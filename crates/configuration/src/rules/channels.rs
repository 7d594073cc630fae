//! Rules for channels: valid names, exactly one URL.

use url::Url;

use crate::account_url::is_loopback;
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
            inline_secret(&member.value, &path, findings);
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

/// Warns of a credential in the text of the file. Says where it is, and never repeats it.
fn inline_secret(channel: &ConfigurationNode, path: &str, findings: &mut Findings) {
    let Some(node) = channel.get("url") else { return };
    // The value of an app setting is not in the file.
    let inline =
        node.scalar().filter(|scalar| scalar.written.is_none()).and_then(|scalar| Url::parse(&scalar.text).ok());
    let Some(url) = inline.filter(|url| url.host().is_some_and(|host| !is_loopback(&host))) else {
        return;
    };
    let parameter =
        url.query_pairs().find_map(|(name, _)| SECRETS.iter().find(|secret| name.eq_ignore_ascii_case(secret)));
    let what = match parameter {
        Some(name) => format!("has a secret in its query: {name}"),
        None if is_credential(&url) => "is a credential: who knows it can post to the channel".to_owned(),
        None => return,
    };
    let remedy = "write url_env with the name of an app setting that holds the URL, or ${SETTING} in its place";
    findings.warn(node.place, &below(path, "url"), what, remedy);
}

/// Names of query parameters whose values are secrets.
const SECRETS: [&str; 12] = [
    "sig", "code", "token", "key", "secret", "signature", "access_token", "api_key", "api-key", "apikey", "password",
    "subscription-key",
];

/// Returns true for an incoming webhook of Slack or Teams, whose path is its only protection.
fn is_credential(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let path = url.path();
    let is_slack = ["hooks.slack.com", "hooks.slack-gov.com"].contains(&host) && path.len() > 1;
    let is_teams = host.ends_with(".webhook.office.com") || path.starts_with("/webhookb2/");
    let is_outlook = ["outlook.office.com", "outlook.office365.com"].contains(&host) && path.starts_with("/webhook/");
    is_slack || is_teams || is_outlook
}
