//! The daily check.

use std::sync::Arc;

use domain::decide::posture::{BastionFacts, Question, WriteAccess};
use domain::record::notification::{Event, NotificationFact, Severity};
use pipeline::ports::{CheckpointKey, CheckpointKind, FaultKind};
use pipeline::testing::schedule::now;
use pipeline::testing::{Death, Gate};

use crate::posture::world::{PostureWorld, container, host};

fn off(world: &PostureWorld) {
    *world.seen.host.lock().unwrap() = Some(BastionFacts { records: false, ..host() });
}

#[test]
fn a_correct_setup_is_not_reported() {
    let world = PostureWorld::new();
    for _ in 0..3 {
        assert_eq!(world.checks(), [""; 0]);
        world.pass(1);
    }
}

#[test]
fn information_about_something_optional_is_shown_and_not_notified() {
    let world = PostureWorld::new();
    let report = now(world.archivist().posture.inspect());
    let findings: Vec<_> = report.checks.iter().filter(|check| check.is_finding()).collect();
    let shown: Vec<_> = findings.iter().map(|check| (check.question, check.severity())).collect();
    assert_eq!(shown, [(Question::AccessLogSetting, Some(Severity::Info))]);
    assert!(!report.has_findings());
    let checked = now(world.archivist().posture.check_posture()).unwrap();
    assert_eq!((checked.findings, checked.notified), (1, 0));
}

#[test]
fn a_finding_is_notified_once_its_repair_too_and_then_again() {
    let world = PostureWorld::new();
    off(&world);
    for told in [1, 0, 0] {
        assert_eq!(now(world.archivist().posture.check_posture()).unwrap().notified, told);
        assert_eq!(world.told().len(), 1);
        world.pass(1);
    }
    let told = &world.told()[0];
    assert_eq!((told.severity(), told.subject.as_str()), (Severity::Critical, "bas-hub-01"));
    *world.seen.host.lock().unwrap() = Some(host());
    for _ in 0..2 {
        assert_eq!(world.checks().len(), 2, "the repair is notified once");
        world.pass(1);
    }
    off(&world);
    assert_eq!(world.checks().len(), 3);
    let mut told = world.told();
    told.sort_by_key(|one| one.at);
    let events: Vec<&str> = told.iter().map(|one| one.event.name()).collect();
    assert_eq!(events, ["posture.finding", "posture.finding.resolved", "posture.finding"]);
    assert!(told.iter().all(|one| one.key == told[0].key));
    assert_eq!(told[1].resolves(), Some((Event::PostureFinding, Severity::Critical)), "it takes the same routes");
}

#[test]
fn an_unobservable_finding_is_neither_resolved_nor_notified_again() {
    let world = PostureWorld::new();
    off(&world);
    assert_eq!(world.checks().len(), 1);
    for is_hidden in [true, false] {
        *world.seen.is_hidden.lock().unwrap() = is_hidden;
        assert_eq!(world.checks().len(), 1);
    }
}

#[test]
fn an_expiring_signature_is_notified_at_30_14_7_and_1_days() {
    let mut world = PostureWorld::new();
    world.access = WriteAccess::SasUntil("2026-04-11T00:00:00Z".parse().unwrap());
    let mut told = Vec::new();
    for day in 0..45 {
        let count = world.checks().len();
        if count > told.len() {
            told.push(day);
        }
        assert_eq!(count, told.len(), "day {day}");
        world.pass(1);
    }
    // The check runs at nine in the morning: with 39, 30, 14, 7 and 1 days left, and finally after the expiry.
    assert_eq!(told, [10, 26, 33, 39, 40]);
    let mut by_event = world.told();
    by_event.sort_by_key(|one| one.at);
    let events: Vec<(Event, Severity)> = by_event.iter().map(|one| (one.event, one.severity())).collect();
    use Event::{BastionSasExpiring, PostureFinding};
    use Severity::{Critical, Warning};
    assert_eq!(
        events,
        [
            (BastionSasExpiring, Warning),
            (BastionSasExpiring, Warning),
            (BastionSasExpiring, Critical),
            (BastionSasExpiring, Critical),
            (PostureFinding, Critical)
        ]
    );
}

#[test]
fn a_name_near_its_last_suffix_is_reported() {
    let world = PostureWorld::new();
    let put = |suffix: u32| {
        let name = domain::address::BlobName::parse(&format!("vm-ann.{suffix}")).unwrap();
        world.blobs.put(&container().blob(name), 10, "2026-03-02T08:00:00Z".parse().unwrap());
    };
    put(199);
    assert_eq!(world.checks(), [""; 0]);
    for suffix in [200, 201, 230] {
        put(suffix);
        assert_eq!(world.checks(), ["bastion.suffix_limit"]);
    }
}

#[test]
fn a_bastion_switching_to_uploads_is_reported_once() {
    let world = PostureWorld::new();
    let teach = |day: &str, at_once: u32| {
        let key = CheckpointKey { kind: CheckpointKind::Calibration, name: format!("bas-hub-01 {day}") };
        let counts = format!(
            r#"{{"{}":[[60,30]],"recordings":30,"at_once":{at_once},"sessions":30}}"#,
            if at_once == 0 { "starts" } else { "uploads" }
        );
        let doc = format!(r#"{{"schema":1,"day":{counts},"before":{{}}}}"#);
        now(world.ports.checkpoints.save(&key, None, &doc)).unwrap().unwrap();
    };
    let told = || {
        let told =
            world.told().into_iter().filter(|one| one.facts.contains(&NotificationFact::text("check", "matching.way")));
        told.map(|one| (one.event, one.severity(), one.subject)).collect::<Vec<_>>()
    };
    teach("2026-02-27", 0);
    world.checks();
    assert_eq!(told(), []);
    teach("2026-03-01", 30);
    for _ in 0..3 {
        world.checks();
        assert_eq!(told(), [(Event::PostureFinding, Severity::Warning, "bas-hub-01".to_owned())]);
        world.pass(1);
    }
}

#[test]
fn a_posture_check_failing_at_any_call_is_repeated_without_duplicates() {
    for number in 0..200 {
        for death in [Some(Death::Before(number)), Some(Death::After(number)), None] {
            let world = PostureWorld::new();
            off(&world);
            let gate = Arc::new(match death {
                Some(death) => Gate::deadly(death),
                None => Gate::failing_at(number, FaultKind::Transient { retry_after: None }),
            });
            let archivist = world.behind(&gate);
            drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| now(archivist.posture.check_posture()))));
            assert_eq!(world.checks(), ["posture.finding"], "{number}");
            world.pass(1);
            assert_eq!(world.checks(), ["posture.finding"], "{number}");
        }
    }
}
