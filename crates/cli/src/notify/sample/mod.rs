//! Sample notifications, with invented people and machines.

mod bastion;
mod digest;
mod own;
mod posture;
mod recording;

use domain::record::blob::whole_second;
use domain::record::notification::{Event, Notification, NotificationFact, SEVERITY, WAS};
use jiff::{SignedDuration, Timestamp};

const BASTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

pub use digest::digest;

/// Returns a sample of an event that happened at `now`. See [`digest`] for digests.
pub fn notification(event: Event, now: Timestamp) -> Notification {
    let at = whole_second(now);
    let (subject, mut facts) = facts_of(event.resolves().unwrap_or(event), at);
    if let Some(trouble) = event.resolves() {
        facts.retain(|fact| fact.name != SEVERITY);
        facts.push(text(WAS, trouble.severity().name()));
    }
    let is_of_bastion = facts.iter().any(|fact| fact.name == "bastion");
    let link = is_of_bastion.then(|| format!("https://portal.azure.com/#resource{BASTION}"));
    Notification { subject, facts, link, ..Notification::new("sample", event, &at.to_string(), at) }
}

/// Returns the subject and the facts of an event.
fn facts_of(event: Event, at: Timestamp) -> (String, Vec<NotificationFact>) {
    let of_no_recording =
        bastion::facts_of(event, at).or_else(|| posture::facts_of(event, at)).or_else(|| own::facts_of(event, at));
    of_no_recording.unwrap_or_else(|| (recording::NAME.to_owned(), recording::facts_of(event, at)))
}

/// Returns `at` minus `passed`, or `at` if that is out of range.
fn ago(at: Timestamp, passed: SignedDuration) -> Timestamp {
    at.checked_sub(passed).unwrap_or(at)
}

fn text(name: &str, value: impl Into<String>) -> NotificationFact {
    NotificationFact::text(name, value)
}
