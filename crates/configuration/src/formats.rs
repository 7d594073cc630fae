//! Checks of each `format` of the schema.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::address::ContainerName;
use domain::cloud::ExtraSuffixes;
use domain::policy::person::PersonForm;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;

use crate::account_url::{AccountService, AccountUrl, ServiceUrl, is_loopback};
use crate::fault::TextProblem;
use crate::hosts;
use crate::names;
use crate::texts;
use crate::topic_url::TopicUrl;

/// A `format` of the schema.
pub struct Format {
    /// Name in the schema.
    pub name: &'static str,
    /// Returns true if a text may carry a secret, so no problem repeats it.
    pub secret: fn(&str) -> bool,
    check: Check,
}

enum Check {
    /// Needs the text only.
    Text(fn(&str) -> Result<(), TextProblem>),
    /// Also needs the hosts that tokens may be sent to.
    Host(fn(&str, &ExtraSuffixes) -> Result<(), TextProblem>),
}

impl Format {
    /// Returns an error if the text does not have this format.
    pub fn check(&self, text: &str, extra: &ExtraSuffixes) -> Result<(), TextProblem> {
        match self.check {
            Check::Text(check) => check(text),
            Check::Host(check) => check(text, extra),
        }
    }
}

/// Every `format` of a text in the file, or of an app setting that it names.
const FORMATS: [Format; 40] = [
    Format { name: "account-url", secret: carries_credential, check: Check::Host(account_url) },
    Format { name: "address", secret: never, check: Check::Text(|text| texts::address(text).map(drop)) },
    Format { name: "bastion-name", secret: never, check: Check::Text(bastion_name) },
    Format {
        name: "blob-endpoint",
        secret: carries_credential,
        check: Check::Host(|text, extra| endpoint(AccountService::Blob, text, extra)),
    },
    Format { name: "clock", secret: never, check: Check::Text(|text| texts::clock(text).map(drop)) },
    Format { name: "container-name", secret: never, check: Check::Text(container_name) },
    Format { name: "date", secret: never, check: Check::Text(date) },
    Format {
        name: "date-or-never",
        secret: never,
        check: Check::Text(|text| if text == "never" { Ok(()) } else { date(text) }),
    },
    Format {
        name: "date-or-time",
        secret: never,
        check: Check::Text(|text| texts::date_or_time(text, &TimeZone::UTC).map(drop)),
    },
    Format { name: "days", secret: never, check: Check::Text(|text| texts::days(text).map(drop)) },
    Format { name: "due-within", secret: never, check: Check::Text(|text| texts::due_within(text).map(drop)) },
    Format { name: "duration", secret: never, check: Check::Text(|text| texts::duration(text).map(drop)) },
    Format { name: "event", secret: never, check: Check::Text(|text| texts::event(text).map(drop)) },
    Format { name: "event-source", secret: carries_credential, check: Check::Text(hosts::event_source) },
    Format { name: "executor", secret: never, check: Check::Text(|text| texts::executor(text).map(drop)) },
    Format { name: "host-name", secret: carries_credential, check: Check::Text(hosts::name) },
    Format { name: "identity-id", secret: never, check: Check::Text(identity_id) },
    Format { name: "match", secret: never, check: Check::Text(texts::match_name) },
    Format { name: "name-pattern", secret: never, check: Check::Text(names::pattern) },
    Format { name: "name-template", secret: never, check: Check::Text(names::template) },
    Format { name: "network", secret: never, check: Check::Text(|text| texts::network(text).map(drop)) },
    Format { name: "page-url", secret: carries_credential, check: Check::Text(page_url) },
    Format { name: "pattern", secret: never, check: Check::Text(pattern) },
    Format { name: "period", secret: never, check: Check::Text(|text| texts::period(text).map(drop)) },
    Format {
        name: "queue-endpoint",
        secret: carries_credential,
        check: Check::Host(|text, extra| endpoint(AccountService::Queue, text, extra)),
    },
    Format { name: "resource-id", secret: never, check: Check::Text(resource_id) },
    Format { name: "review-outcome", secret: never, check: Check::Text(texts::review_outcome) },
    Format { name: "severity", secret: never, check: Check::Text(|text| texts::severity(text).map(drop)) },
    Format { name: "shown", secret: never, check: Check::Text(shown) },
    Format { name: "shown-in-tags", secret: never, check: Check::Text(shown_in_tags) },
    Format { name: "signing-secret", secret: always, check: Check::Text(signing_secret) },
    Format { name: "size", secret: never, check: Check::Text(|text| texts::size(text).map(drop)) },
    Format {
        name: "table-endpoint",
        secret: carries_credential,
        check: Check::Host(|text, extra| endpoint(AccountService::Table, text, extra)),
    },
    Format { name: "then", secret: never, check: Check::Text(|text| texts::then(text).map(drop)) },
    Format { name: "time", secret: never, check: Check::Text(|text| texts::time(text).map(drop)) },
    Format { name: "time-of-day", secret: never, check: Check::Text(|text| texts::time_of_day(text).map(drop)) },
    Format { name: "time-zone", secret: never, check: Check::Text(|text| texts::time_zone(text).map(drop)) },
    Format { name: "topic-endpoint", secret: carries_credential, check: Check::Host(topic_endpoint) },
    Format { name: "weekday", secret: never, check: Check::Text(|text| texts::weekday(text).map(drop)) },
    Format { name: "webhook-url", secret: always, check: Check::Text(webhook_url) },
];

/// Longest URL of a page, in bytes, because messages contain it.
const LONGEST_PAGE: usize = 2000;

/// Returns the format with this name.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Placeholder for a missing app setting of a channel that is off. Nothing is ever sent with it. Returns
/// `None` for all other formats.
pub fn stand_in(format: &str) -> Option<&'static str> {
    match format {
        "webhook-url" => Some("https://channel-is-off.invalid/"),
        "topic-endpoint" => Some("https://channel-is-off.westeurope-1.eventgrid.azure.net/api/events"),
        "signing-secret" => Some("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        _ => None,
    }
}

fn never(_: &str) -> bool {
    false
}

fn always(_: &str) -> bool {
    true
}

/// A SAS is the query of a URL; a password precedes an `@`.
fn carries_credential(text: &str) -> bool {
    text.contains(['?', '@', '#'])
}

fn account_url(text: &str, extra: &ExtraSuffixes) -> Result<(), TextProblem> {
    AccountUrl::parse(text, extra).map(drop).map_err(|error| TextProblem::new(error.to_string(), error.remedy()))
}

fn endpoint(service: AccountService, text: &str, extra: &ExtraSuffixes) -> Result<(), TextProblem> {
    ServiceUrl::parse(service, text, extra)
        .map(drop)
        .map_err(|error| TextProblem::new(error.to_string(), error.remedy()))
}

fn bastion_name(text: &str) -> Result<(), TextProblem> {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let ends_well = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let right = plain && ends_well && text.len() <= 80;
    expect(right, "is not a bastion's name", "write 1 to 80 letters, digits, dots, hyphens and _, as in bas-hub-01")
}

fn identity_id(text: &str) -> Result<(), TextProblem> {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let right = is_hex && groups == [8, 4, 4, 4, 12];
    expect(right, "is not the id of an identity", "write its object id or client id: 32 hexadecimal digits in 5 groups")
}

fn container_name(text: &str) -> Result<(), TextProblem> {
    let right = ContainerName::parse(text).is_ok();
    expect(right, "is not a container's name", "write 3 to 63 lower-case letters, digits and single hyphens")
}

fn date(text: &str) -> Result<(), TextProblem> {
    expect(text.parse::<Date>().is_ok() && text.len() == 10, "is not a date", "write it as 2026-01-31")
}

fn pattern(text: &str) -> Result<(), TextProblem> {
    expect(!text.is_empty(), "matches nothing", "write a name, with * for any characters and ? for any one")
}

fn resource_id(text: &str) -> Result<(), TextProblem> {
    let pattern =
        ["", "subscriptions", "*", "resourceGroups", "*", "providers", "Microsoft.Network", "bastionHosts", "*"];
    let parts: Vec<&str> = text.split('/').collect();
    let right = parts.len() == pattern.len()
        && parts.iter().zip(pattern).all(|(part, expected)| match expected {
            "*" => !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control()),
            _ => part.eq_ignore_ascii_case(expected),
        });
    let remedy = "copy it from the bastion's properties: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/bastionHosts/…";
    expect(right, "is not the resource id of a bastion", remedy)
}

fn shown(text: &str) -> Result<(), TextProblem> {
    let known = PersonForm::ALL.map(PersonForm::name).join(", ");
    expect(PersonForm::parse(text).is_some(), "is not a way to show a person", &format!("write one of {known}"))
}

fn shown_in_tags(text: &str) -> Result<(), TextProblem> {
    let Some(shown) = PersonForm::parse(text) else {
        return Err(TextProblem::new("is not a way to show a person", "write sanitised, pseudonym or none"));
    };
    expect(shown != PersonForm::Full, "cannot be in a tag, which cannot contain @", "write sanitised")
}

/// One or more secrets, separated by blanks. The prefix is optional, as in Standard Webhooks.
fn signing_secret(text: &str) -> Result<(), TextProblem> {
    let is_key = |secret: &str| {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).ok();
        key.is_some_and(|key| (24..=64).contains(&key.len()))
    };
    let right = text.split_whitespace().next().is_some() && text.split_whitespace().all(is_key);
    expect(right, "is not a signing secret", "write whsec_ and the base64 of 24 to 64 random bytes")
}

fn page_url(text: &str) -> Result<(), TextProblem> {
    let is_plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let is_short = Url::parse(text).is_ok_and(|url| url.as_str().len() <= LONGEST_PAGE);
    let right = webhook_url(text).is_ok() && !carries_credential(text) && is_plain && is_short;
    expect(right, "is not the URL of a page", "write https://<host>/<path>, without ? and #")
}

fn topic_endpoint(text: &str, extra: &ExtraSuffixes) -> Result<(), TextProblem> {
    TopicUrl::parse(text, extra).map(drop).map_err(|error| TextProblem::new(error.to_string(), error.remedy()))
}

fn webhook_url(text: &str) -> Result<(), TextProblem> {
    let url = Url::parse(text).ok();
    let host = url.as_ref().and_then(Url::host);
    let right = match (&url, host) {
        (Some(url), Some(host)) => url.scheme() == "https" || url.scheme() == "http" && is_loopback(&host),
        _ => false,
    };
    expect(right, "is not an https URL", "write https://<host>/<path>; http is only for a loopback address")?;
    let is_named = url.is_some_and(|url| !url.username().is_empty() || url.password().is_some());
    let remedy = "write the URL without user:password@; a webhook is signed with the secret of secret_env";
    expect(!is_named, "contains a user name or a password, which are not sent", remedy)
}

fn expect(right: bool, what: &str, remedy: &str) -> Result<(), TextProblem> {
    if right { Ok(()) } else { Err(TextProblem::new(what, remedy)) }
}
