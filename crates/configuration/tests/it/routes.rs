//! Routes of a configuration that has none.

use std::collections::BTreeMap;

use domain::policy::person::PersonForm;
use domain::policy::route::facts_of_notification;
use domain::record::notification::{Event, Notification, NotificationFact, Severity, WAS};
use jiff::Timestamp;

use crate::read;

const CHANNELS: &str = "
version: 1
time_zone: Europe/Berlin
notifications:
  channels:
    security: { kind: teams, url: 'https://prod-01.westeurope.logic.azure.com/workflows/a' }
    ops: { kind: slack, url: 'https://hooks.slack.com/services/a' }
    siem: { kind: webhook, url: 'https://siem.example/hook', secret_env: SIEM_SECRET }
    topic: { kind: event_grid, endpoint: 'https://t.westeurope-1.eventgrid.azure.net/api/events' }
";

/// Returns the channels of a notification, each with the schedule of its digest.
fn channels(text: &str, notification: &Notification) -> BTreeMap<String, Option<String>> {
    let configuration = read(text).unwrap();
    let known = ["ops", "security", "siem", "topic"];
    facts_of_notification(notification, PersonForm::Full, |facts| {
        let heard = configuration.routing.channels(facts, Timestamp::UNIX_EPOCH, known.into_iter());
        let digest = |route: &domain::policy::route::NotificationRoute| route.digest.as_ref().map(ToString::to_string);
        heard.into_iter().map(|(name, route)| (name.to_owned(), route.and_then(digest))).collect()
    })
}

fn notification(event: Event) -> Notification {
    Notification::new("about", event, "", Timestamp::UNIX_EPOCH)
}

#[test]
fn without_routes_programs_get_every_event_at_once() {
    let only_named = [Event::RecordingViewed, Event::ReportMonthly];
    for event in Event::ALL.into_iter().filter(|event| !only_named.contains(event)) {
        let channels = channels(CHANNELS, &notification(event));
        assert_eq!((channels.get("siem"), channels.get("topic")), (Some(&None), Some(&None)), "{}", event.name());
    }
}

#[test]
fn without_routes_chats_get_troubles_and_their_ends_at_once_and_the_rest_in_a_daily_digest() {
    let daily = Some("daily at 08:00 Europe/Berlin".to_owned());
    let only_named = [Event::RecordingStarted, Event::RecordingViewed, Event::ReportMonthly];
    for event in Event::ALL.into_iter().filter(|event| !only_named.contains(event)) {
        let notification = notification(event);
        let is_urgent = notification.severity() != Severity::Info || event.resolves().is_some();
        let expected = if is_urgent { None } else { daily.clone() };
        let channels = channels(CHANNELS, &notification);
        assert_eq!((&channels["ops"], &channels["security"]), (&expected, &expected), "{}", event.name());
    }
}

#[test]
fn without_routes_no_chat_gets_the_start_of_a_recording() {
    let channels = channels(CHANNELS, &notification(Event::RecordingStarted));
    assert_eq!(channels.into_keys().collect::<Vec<_>>(), ["siem", "topic"]);
}

#[test]
fn without_routes_only_the_viewing_of_a_held_recording_is_sent() {
    let viewed = |severity: &str| Notification {
        facts: vec![NotificationFact::text("severity", severity)],
        ..notification(Event::RecordingViewed)
    };
    assert!(channels(CHANNELS, &viewed("info")).is_empty());
    let held = channels(CHANNELS, &viewed("warning"));
    assert_eq!((held.get("siem"), held.get("ops")), (Some(&None), Some(&None)));
}

#[test]
fn an_event_with_a_severity_of_its_own_is_routed_by_it() {
    let was = |severity: &str| Notification {
        facts: vec![NotificationFact::text(WAS, severity)],
        ..notification(Event::PostureFindingResolved)
    };
    assert_eq!(channels(CHANNELS, &was("critical"))["ops"], None);
    let info =
        Notification { facts: vec![NotificationFact::text("severity", "info")], ..notification(Event::PostureChanged) };
    assert!(channels(CHANNELS, &info)["ops"].is_some());
}

#[test]
fn configured_routes_replace_all_others() {
    let routes = "  routes: [{ name: critical, when: { severity: critical }, channels: [ops] }]\n";
    let text = format!("{CHANNELS}{routes}");
    assert!(channels(&text, &notification(Event::RecordingReady)).is_empty());
    assert_eq!(channels(&text, &notification(Event::LedgerBroken)).into_keys().collect::<Vec<_>>(), ["ops"]);
}
