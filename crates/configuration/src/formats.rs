//! How the texts of each `format` of the schema are read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::address::ContainerName;
use domain::person::Shown;
use jiff::SignedDuration;
use jiff::civil::Date;
use url::Url;

use crate::account_url::{AccountUrl, Service, ServiceUrl, is_loopback};
use crate::fault::Fault;
use crate::names;

/// One `format`.
pub struct Format {
    /// Its name in the schema.
    pub name: &'static str,
    /// Whether this text may carry a secret, so that no problem repeats it.
    pub secret: fn(&str) -> bool,
    /// Whether a text has it.
    pub check: fn(&str) -> Result<(), Fault>,
}

/// Every `format` that a text of the file, or of an app setting that it names, can have.
const FORMATS: [Format; 15] = [
    Format { name: "account-url", secret: carries_credential, check: account_url },
    Format { name: "bastion-name", secret: never, check: bastion_name },
    Format { name: "blob-endpoint", secret: carries_credential, check: |text| endpoint(Service::Blob, text) },
    Format { name: "container-name", secret: never, check: container_name },
    Format { name: "date", secret: never, check: date },
    Format { name: "duration", secret: never, check: duration },
    Format { name: "name-pattern", secret: never, check: names::pattern },
    Format { name: "name-template", secret: never, check: names::template },
    Format { name: "queue-endpoint", secret: carries_credential, check: |text| endpoint(Service::Queue, text) },
    Format { name: "resource-id", secret: never, check: resource_id },
    Format { name: "shown", secret: never, check: shown },
    Format { name: "shown-in-tags", secret: never, check: shown_in_tags },
    Format { name: "signing-secret", secret: always, check: signing_secret },
    Format { name: "table-endpoint", secret: carries_credential, check: |text| endpoint(Service::Table, text) },
    Format { name: "webhook-url", secret: always, check: webhook_url },
];

/// The format with this name.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

fn never(_: &str) -> bool {
    false
}

fn always(_: &str) -> bool {
    true
}

/// A SAS is the query of a URL, a password stands before an @.
fn carries_credential(text: &str) -> bool {
    text.contains(['?', '@', '#'])
}

fn account_url(text: &str) -> Result<(), Fault> {
    AccountUrl::parse(text).map(drop).map_err(|error| Fault::new(error.to_string(), error.remedy()))
}

fn endpoint(service: Service, text: &str) -> Result<(), Fault> {
    ServiceUrl::parse(service, text).map(drop).map_err(|error| Fault::new(error.to_string(), error.remedy()))
}

fn bastion_name(text: &str) -> Result<(), Fault> {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let ends_well = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let right = plain && ends_well && text.len() <= 80;
    expect(right, "is not a bastion's name", "write 1 to 80 letters, digits, dots, hyphens and _, as in bas-hub-01")
}

fn container_name(text: &str) -> Result<(), Fault> {
    let right = ContainerName::parse(text).is_ok();
    expect(right, "is not a container's name", "write 3 to 63 lower-case letters, digits and single hyphens")
}

fn date(text: &str) -> Result<(), Fault> {
    expect(text.parse::<Date>().is_ok() && text.len() == 10, "is not a date", "write it as 2026-01-31")
}

/// Hours, minutes and seconds only: a day has no fixed length, and the friendly form is not ISO 8601.
fn duration(text: &str) -> Result<(), Fault> {
    let right = text.starts_with("PT") && text.parse::<SignedDuration>().is_ok();
    expect(right, "is not an ISO 8601 duration of hours, minutes and seconds", "write it as PT5M or PT12H")
}

fn resource_id(text: &str) -> Result<(), Fault> {
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

fn shown(text: &str) -> Result<(), Fault> {
    let known = Shown::ALL.map(Shown::name).join(", ");
    expect(Shown::parse(text).is_some(), "is no way to show a person", &format!("write one of {known}"))
}

fn shown_in_tags(text: &str) -> Result<(), Fault> {
    let Some(shown) = Shown::parse(text) else {
        return Err(Fault::new("is no way to show a person", "write sanitised, pseudonym or none"));
    };
    expect(shown != Shown::Full, "cannot be in a tag, which carries no @", "write sanitised")
}

/// The prefix may be left out, as Standard Webhooks allows.
fn signing_secret(text: &str) -> Result<(), Fault> {
    let key = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok();
    let right = key.is_some_and(|key| (24..=64).contains(&key.len()));
    expect(right, "is not a signing secret", "write whsec_ and the base64 of 24 to 64 random bytes")
}

fn webhook_url(text: &str) -> Result<(), Fault> {
    let url = Url::parse(text).ok();
    let host = url.as_ref().and_then(Url::host);
    let right = match (&url, host) {
        (Some(url), Some(host)) => url.scheme() == "https" || url.scheme() == "http" && is_loopback(&host),
        _ => false,
    };
    expect(right, "is not an https URL", "write https://<host>/<path>; http is only for a loopback address")
}

fn expect(right: bool, what: &str, remedy: &str) -> Result<(), Fault> {
    if right { Ok(()) } else { Err(Fault::new(what, remedy)) }
}
