//! The change alarm.

use domain::decide::posture::{BastionFacts, ResourceChange, ResourceId, ResourceOperation, WriteAccess};
use domain::policy::person::PersonForm;
use domain::record::notification::{Event, FactValue, NotificationId, Severity};
use pipeline::testing::schedule::now;
use pipeline::{Ignored, Outcome};

use crate::posture::world::{HUB, PostureWorld, host};

const ACCOUNT: &str = "/subscriptions/s1/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/stbastionrec01";

fn change(resource: &str, act: ResourceOperation, operation: &str) -> ResourceChange {
    ResourceChange {
        id: "e1".to_owned(),
        resource: ResourceId::parse(resource).unwrap(),
        act,
        operation: operation.to_owned(),
        at: "2026-03-02T08:59:00.5Z".parse().unwrap(),
        by: Some("ada@contoso.example".to_owned()),
        from: Some("203.0.113.7".to_owned()),
        correlation: Some("c1".to_owned()),
    }
}

fn text(world: &PostureWorld, name: &str) -> Option<String> {
    let told = world.told();
    let fact = told[0].facts.iter().find(|fact| fact.name == name)?;
    match &fact.value {
        FactValue::Text(text) => Some(text.clone()),
        FactValue::Number(number) => Some(number.to_string()),
    }
}

#[test]
fn disabled_recording_is_reported_with_its_author_and_remedy() {
    let world = PostureWorld::new();
    *world.seen.host.lock().unwrap() = Some(BastionFacts { records: false, ..host() });
    let off = change(HUB, ResourceOperation::Write, "Microsoft.Network/bastionHosts/write");
    for _ in 0..2 {
        assert_eq!(now(world.archivist().resource_change.resource_changed(&off)).unwrap(), Outcome::Applied);
    }
    let told = world.told();
    assert_eq!(told.len(), 1, "a second delivery adds no notification");
    assert_eq!((told[0].event, told[0].severity()), (Event::PostureChanged, Severity::Critical));
    assert_eq!(told[0].at.to_string(), "2026-03-02T08:59:00Z");
    assert_eq!(text(&world, "by").as_deref(), Some("ada@contoso.example"));
    assert_eq!(text(&world, "found").as_deref(), Some("session recording is on: off: nothing is recorded"));
    assert!(text(&world, "fix").unwrap().contains("--session-recording true"));
}

#[test]
fn a_resource_change_is_reported_without_earlier_findings() {
    let world = PostureWorld::new();
    let lets_in = BastionFacts { lets_native_clients_in: true, ..host() };
    *world.seen.host.lock().unwrap() = Some(lets_in.clone());
    now(world.archivist().posture.check_posture()).unwrap();
    let alarm = |id: &str, at: &str| {
        let mut tagged = change(HUB, ResourceOperation::Write, "Microsoft.Network/bastionHosts/write");
        (tagged.id, tagged.at) = (id.to_owned(), at.parse().unwrap());
        now(world.archivist().resource_change.resource_changed(&tagged)).unwrap();
        let id = NotificationId::derive(id, Event::PostureChanged, "bas-hub-01");
        let told = world.told().into_iter().find(|told| told.id == id).unwrap();
        let found = told.facts.iter().filter(|fact| fact.name == "found").count();
        (told.severity(), found)
    };
    let standing = alarm("e2", "2026-03-02T10:00:00Z");
    assert_eq!(standing.1, 0, "{standing:?}");
    // The alarm cannot attribute a finding to a change that precedes the check.
    assert!(alarm("e3", "2026-03-02T08:00:00Z").1 > 0);
    *world.seen.host.lock().unwrap() = Some(BastionFacts { records: false, ..lets_in });
    assert_eq!(alarm("e4", "2026-03-02T10:00:00Z"), (Severity::Critical, 1));
}

#[test]
fn keys_that_were_rotated_under_a_signature_are_critical() {
    let rotated = change(ACCOUNT, ResourceOperation::Action, "Microsoft.Storage/storageAccounts/regenerateKey/action");
    for (access, severity) in [
        (WriteAccess::SasUntil("2027-01-01T00:00:00Z".parse().unwrap()), Severity::Critical),
        (WriteAccess::Identity, Severity::Info),
    ] {
        let mut world = PostureWorld::new();
        world.access = access;
        now(world.archivist().resource_change.resource_changed(&rotated)).unwrap();
        assert_eq!(world.told()[0].severity(), severity);
    }
}

#[test]
fn diagnostics_that_were_removed_are_critical() {
    let world = PostureWorld::new();
    world.seen.settings.lock().unwrap().clear();
    let gone = change(
        &format!("{HUB}/providers/Microsoft.Insights/diagnosticSettings/to-storage"),
        ResourceOperation::Delete,
        "",
    );
    now(world.archivist().resource_change.resource_changed(&gone)).unwrap();
    assert_eq!(
        (world.told()[0].severity(), text(&world, "what").as_deref()),
        (Severity::Critical, Some("diagnostics"))
    );
}

#[test]
fn a_change_of_an_unrelated_resource_is_ignored() {
    let world = PostureWorld::new();
    let other = change(&HUB.replace("bas-hub-01", "bas-other"), ResourceOperation::Write, "");
    let outcome = now(world.archivist().resource_change.resource_changed(&other)).unwrap();
    assert_eq!(outcome, Outcome::Ignored(Ignored::ForeignResource));
    assert!(world.told().is_empty());
}

#[test]
fn the_author_of_a_change_is_shown_by_the_privacy_setting() {
    for (shown, by) in [(PersonForm::None, None), (PersonForm::Sanitised, Some("ada_contoso.example"))] {
        let mut world = PostureWorld::new();
        world.rules.privacy.in_notifications = shown;
        now(world.archivist().resource_change.resource_changed(&change(HUB, ResourceOperation::Write, ""))).unwrap();
        assert_eq!(text(&world, "by").as_deref(), by);
    }
}
