//! Extracts the facts of a notification that routes can test.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::policy::join::AT_ONCE;
use crate::policy::matcher::Facts;
use crate::policy::person::PersonForm;
use crate::policy::retention::segment_after;
use crate::record::notification::{Event, FactValue, Notification};
use crate::record::review::NO_REVIEW;

/// Calls `with` with the facts of a notification. If people are not shown in full in notifications, they are unknown to
/// routes: a shortened or made-up name must not be compared with patterns for the full one.
pub fn facts_of_notification<T>(
    notification: &Notification,
    shown: PersonForm,
    with: impl FnOnce(&Facts<'_>) -> T,
) -> T {
    let fact = |name: &str| notification.facts.iter().find(|fact| fact.name == name).map(|fact| &fact.value);
    let text = |name: &str| match fact(name) {
        Some(FactValue::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let time = |name: &str| text(name).and_then(|text| text.parse::<Timestamp>().ok());
    let address = |name: &str| text(name).and_then(|text| text.parse::<IpAddr>().ok());
    let segment = |name: &str| text("target_resource_id").and_then(|id| segment_after(id, name));
    let is_shown = shown == PersonForm::Full;
    let is_recording = notification.event.name().starts_with("recording.");
    let created_at = time("created_at");
    let accessed_at = time("accessed_at");
    // If log and storage contradict each other, start and duration are unknown.
    let is_contradicted = fact("warning").is_some();
    let number = |name: &str| match fact(name) {
        Some(FactValue::Number(number)) => Some(*number),
        _ => None,
    };
    // A recording written at once may have been uploaded after its session. One with a `recording.started` event was
    // not.
    let written_for = created_at.zip(time("last_modified")).map(|(from, to)| to.duration_since(from));
    let may_be_uploaded =
        notification.event != Event::RecordingStarted && written_for.is_some_and(|length| length <= AT_ONCE);
    let begun_at = created_at.filter(|_| !may_be_uploaded);
    with(&Facts {
        person: text("person").filter(|_| is_shown),
        // An account may be an Azure identity, which is hidden like a person.
        account: text("user_name").filter(|_| is_shown),
        // A machine without a name is represented by its address.
        machine: text("machine").filter(|machine| machine.parse::<IpAddr>().is_err()),
        resource_group: segment("resourceGroups"),
        subscription: segment("subscriptions"),
        bastion: text("bastion"),
        container: text("container"),
        name: is_recording.then_some(notification.subject.as_str()),
        protocol: text("protocol"),
        verdict: text("match"),
        is_verdict_open: false,
        // A notification from before the first review of its recording has no such fact.
        review_outcome: text("review_outcome").or(is_recording.then_some(NO_REVIEW)),
        tags: None,
        client_ip: address("client_ip"),
        target_ip: address("target_ip").or_else(|| address("machine")),
        duration: number("duration_ms")
            .filter(|_| !is_contradicted)
            .and_then(|millis| i64::try_from(millis).ok())
            .map(SignedDuration::from_millis),
        size: number("size_bytes"),
        // The time of an access counts, for example outside working hours, and not that of the session.
        started: accessed_at.or_else(|| time("started_at").or(begun_at).filter(|_| !is_contradicted)),
        event: Some(notification.event),
        // The end of a trouble takes the routes that the trouble took.
        held: text("held").map(|fact| fact == "yes").or_else(|| fact("case").map(|_| is_recording)),
        own_session: text("own_session").map(|fact| fact == "yes"),
        first_use: None,
        after_failed_logins: None,
        severity: Some(notification.resolves().map_or_else(|| notification.severity(), |(_, was)| was)),
    })
}
