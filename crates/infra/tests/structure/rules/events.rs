//! Rule: no event subscription loses an event, since a lost event cannot be recovered.

use crate::repository::Repository;
use crate::template::{Declaration, DeclarationKind};
use crate::value::BicepValue;

const MAIN: &str = "infra/main.bicep";

/// Watched for changes: bastions, and every account that the app reads.
const WATCHED: &str = "watched: union(bastionIds, map(sources, source => source.accountId), accessLogAccountIds)\n";

const DELIVERY: &str = "properties.deliveryWithResourceIdentity";

/// Checks that each subscription delivers to a queue by identity, does not expire, dead-letters undeliverable events
/// and filters exactly one container, that each topic has an alert on dead-lettered and dropped events, and that changes
/// of every account are reported.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Vec::new();
    for template in &repository.templates {
        for subscription in
            template.declarations(DeclarationKind::Resource).filter(|it| it.of.contains("/eventSubscriptions@"))
        {
            let wrong = problems(subscription).into_iter();
            findings.extend(wrong.map(|what| template.finding(subscription.syntax.line, what)));
        }
        let module = |path: &str| template.declarations(DeclarationKind::Module).find(|it| it.of == path);
        if let (Some(topic), None) = (module("system-topic.bicep"), module("dead-letter-alert.bicep")) {
            findings
                .push(template.finding(topic.syntax.line, "no alert reports events that this topic cannot deliver"));
        }
    }
    if !repository.file(MAIN).contains(WATCHED) {
        findings.push(format!("{MAIN}: the change alarm does not watch every bastion and account"));
    }
    findings
}

fn problems(subscription: &Declaration) -> Vec<&'static str> {
    let body = subscription.body();
    let is = |path: &str, text: &str| body.text(path) == Some(text);
    let destination = format!("{DELIVERY}.destination");
    let prefix = match body.at("properties.filter.subjectBeginsWith").as_slice() {
        [BicepValue::Code(prefix)] => prefix.clone(),
        _ => String::new(),
    };
    let dead = "properties.deadLetterWithResourceIdentity";
    let has = |path: &str| !body.at(path).is_empty();
    let expected = [
        (
            is(&format!("{DELIVERY}.identity.type"), "SystemAssigned"),
            "it does not deliver with the identity of its topic",
        ),
        (is(&format!("{destination}.endpointType"), "StorageQueue"), "it does not deliver to a queue"),
        (
            is(&format!("{destination}.properties.queueMessageTimeToLiveInSeconds"), "-1"),
            "its messages expire while the app is down",
        ),
        (is(&format!("{dead}.identity.type"), "SystemAssigned"), "undelivered events are not kept"),
        (
            has(&format!("{dead}.deadLetterDestination.properties.blobContainerName")),
            "undelivered events have no container",
        ),
        (!has("properties.destination") && !has("properties.deadLetterDestination"), "it delivers in two ways"),
        (
            is("properties.eventDeliverySchema", "CloudEventSchemaV1_0"),
            "its schema differs, and cannot be changed later",
        ),
        (has("properties.filter.includedEventTypes"), "it receives every event type"),
        (
            prefix.contains("/blobServices/default/containers/${container}/'")
                || has("properties.filter.advancedFilters"),
            "its prefix does not end with a slash: it also receives events of containers whose names begin so",
        ),
    ];
    expected.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| what).collect()
}

#[test]
fn a_subscription_that_loses_events_is_found() {
    let here = Repository::here();
    let path = "infra/modules/storage-subscription.bicep";
    let found = |text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found("queueMessageTimeToLiveInSeconds: -1", "queueMessageTimeToLiveInSeconds: 604800"), 1);
    assert_eq!(found("          queueMessageTimeToLiveInSeconds: -1\n", ""), 1);
    assert_eq!(found("${container}/'", "${container}'"), 1);
    assert_eq!(found("deliveryWithResourceIdentity: {", "delivery: {"), 3);
    assert_eq!(found("deadLetterWithResourceIdentity: {", "deadLetter: {"), 2);
    assert_eq!(found("      includedEventTypes: eventTypes\n", ""), 1);
    assert_eq!(found("'CloudEventSchemaV1_0'", "'EventGridSchema'"), 1);
    assert_eq!(found("    filter: {", "    destination: { endpointType: 'WebHook' }\n    filter: {"), 1);
}

#[test]
fn a_topic_without_a_dead_letter_alert_is_found() {
    let here = Repository::here();
    for path in ["infra/modules/estate.bicep", "infra/modules/change-alarm.bicep"] {
        let found = check(&here.with(path, "'dead-letter-alert.bicep'", "'action-group.bicep'"));
        assert!(found.len() == 1 && found[0].contains("cannot deliver"), "{found:?}");
    }
}

#[test]
fn an_account_without_change_events_is_found() {
    let here = Repository::here();
    for (text, other) in
        [("map(sources, source => source.accountId), ", "recordingAccountIds, "), (", accessLogAccountIds)\n", ")\n")]
    {
        let changed = WATCHED.replace(text, other);
        let found = check(&here.with(MAIN, WATCHED, &changed));
        assert!(found.len() == 1 && found[0].contains("change alarm"), "{found:?}");
    }
}
