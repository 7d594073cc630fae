//! Summarizes events for a person who decides on them, mainly dead letters.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;

use crate::elements::{Element, elements};
use crate::place;
use crate::wire::WireField;

/// Summary of a payload element, for display only. A member that is absent or of another type is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSummary<'a> {
    /// Exact bytes of the element in the payload.
    pub raw: &'a [u8],
    /// Type of the event.
    pub kind: Option<String>,
    /// Name of the blob, or the whole subject if that names no blob.
    pub name: Option<String>,
    /// Time at which the event was raised.
    pub at: Option<Timestamp>,
    /// Delivery data added by Event Grid when it gives up.
    pub given_up: DeadLetterMembers,
}

/// Members added by Event Grid to an undeliverable event, in either spelling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadLetterMembers {
    /// Reason for giving up, such as `MaxDeliveryAttemptsExceeded`.
    pub reason: Option<String>,
    /// Outcome of the last attempt, such as `NotFound`.
    pub outcome: Option<String>,
    /// Number of attempts.
    pub attempts: Option<u64>,
    /// Time of the last attempt.
    pub at: Option<Timestamp>,
}

/// Summarizes a payload: one event or an array, in either schema. Returns at least one element for any bytes except an
/// empty array.
pub fn event_summaries(payload: &[u8]) -> Vec<EventSummary<'_>> {
    let at_element = |element| match element {
        Element::Document { json, .. } => Some(at_one(json)),
        Element::Broken { raw, .. } => Some(at_one(raw)),
        Element::EmptyBatch => None,
    };
    elements(payload).filter_map(at_element).collect()
}

fn at_one(raw: &[u8]) -> EventSummary<'_> {
    let wire: Wire<'_> = serde_json::from_slice(raw).unwrap_or_default();
    let subject = text(wire.subject);
    let name = subject.map(|subject| match place::container_and_name(&subject) {
        Some((_, name)) => name.to_owned(),
        None => subject,
    });
    let given_up = DeadLetterMembers {
        reason: text(wire.reason),
        outcome: text(wire.outcome),
        attempts: wire.attempts.optional("").ok().flatten(),
        at: time(wire.last_attempt),
    };
    EventSummary {
        raw,
        kind: text(wire.event_type).or(text(wire.kind)),
        name,
        at: time(wire.event_time).or(time(wire.time)),
        given_up,
    }
}

fn text(field: WireField<Cow<'_, str>>) -> Option<String> {
    field.optional("").ok().flatten().map(Cow::into_owned).filter(|text| !text.is_empty())
}

fn time(field: WireField<Cow<'_, str>>) -> Option<Timestamp> {
    text(field).and_then(|text| text.parse().ok())
}

/// Members of both schemas; CloudEvents spells those added by Event Grid in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    subject: WireField<Cow<'a, str>>,
    #[serde(borrow, rename = "eventType")]
    event_type: WireField<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    kind: WireField<Cow<'a, str>>,
    #[serde(borrow, rename = "eventTime")]
    event_time: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    time: WireField<Cow<'a, str>>,
    #[serde(borrow, rename = "deadLetterReason", alias = "deadletterreason")]
    reason: WireField<Cow<'a, str>>,
    #[serde(borrow, rename = "lastDeliveryOutcome", alias = "lastdeliveryoutcome")]
    outcome: WireField<Cow<'a, str>>,
    #[serde(rename = "deliveryAttempts", alias = "deliveryattempts")]
    attempts: WireField<u64>,
    #[serde(borrow, rename = "lastDeliveryAttemptTime", alias = "lastdeliveryattempttime")]
    last_attempt: WireField<Cow<'a, str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_EVENT_GRID: &[u8] = include_bytes!("../../../tests/fixtures/event-grid/doc-dead-letter.eventgrid.json");
    const OF_CLOUD_EVENTS: &[u8] =
        include_bytes!("../../../tests/fixtures/event-grid/made-dead-letter.cloudevents.json");

    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_dead_letter_shows_the_reason_and_time_of_giving_up() {
        let [one] = &*event_summaries(OF_EVENT_GRID) else {
            panic!("one object is one event")
        };
        assert_eq!(one.kind.as_deref(), Some("Microsoft.Storage.BlobCreated"));
        assert_eq!(one.name.as_deref(), Some("myBlobFile.txt"));
        let given_up = DeadLetterMembers {
            reason: Some("MaxDeliveryAttemptsExceeded".to_owned()),
            outcome: Some("NotFound".to_owned()),
            attempts: Some(1),
            at: at("2020-08-13T17:18:14.0465788Z"),
        };
        assert_eq!((one.at, &one.given_up), (at("2020-08-13T17:18:13.1647262Z"), &given_up));
        let [one] = &*event_summaries(OF_CLOUD_EVENTS) else {
            panic!("an array of one")
        };
        assert_eq!(one.kind.as_deref(), Some("Microsoft.Storage.BlobCreated"));
        assert_eq!(one.name.as_deref(), Some("vmwins2022-AzureAdmin"));
        let given_up = DeadLetterMembers {
            reason: Some("TimeToLiveExceeded".to_owned()),
            outcome: Some("Busy".to_owned()),
            attempts: Some(12),
            at: at("2025-11-06T09:20:00Z"),
        };
        assert_eq!((one.at, &one.given_up), (at("2025-11-05T09:21:09.771553Z"), &given_up));
    }

    #[test]
    fn each_element_has_its_own_bytes() {
        let raws = |payload: &'static [u8]| event_summaries(payload).into_iter().map(|one| one.raw).collect::<Vec<_>>();
        assert_eq!(raws(b"\xEF\xBB\xBF [ {\"a\" :1}, 7 ] "), [b"{\"a\" :1}".as_slice(), b"7"]);
        assert_eq!(raws(b"[]"), [b""; 0]);
    }

    #[test]
    fn an_unreadable_payload_is_one_unknown_event() {
        for payload in
            [b"".as_slice(), b"[{}", b"\xff", b"{\"subject\":1,\"subject\":2}", b"{\"subject\":\"\",\"type\":[]}"]
        {
            let [one] = &*event_summaries(payload) else { panic!("{payload:?}") };
            assert_eq!((&one.kind, &one.name, one.at), (&None, &None, None));
            assert_eq!(one.given_up, DeadLetterMembers::default());
        }
    }

    #[test]
    fn a_subject_that_names_no_blob_is_shown_whole() {
        let one = &event_summaries(b"{\"subject\":\"/subscriptions/s\"}")[0];
        assert_eq!(one.name.as_deref(), Some("/subscriptions/s"));
    }
}
