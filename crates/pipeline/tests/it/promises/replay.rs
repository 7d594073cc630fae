//! Replays unprocessed input: exactly once under failures and crashes, without repeated notifications.

mod desk;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::policy::matcher::Pattern;
use domain::record::delivery::{ChannelAnswer, Delivery};
use domain::record::notification::Event;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{FaultKind, Notifications, Quarantine, QuarantineId, QuarantinedInput, QueueName};
use pipeline::replay::{ItemSource, ReplayOutcome, ReplaySelection, Replayed};
use pipeline::testing::schedule::{Task, Turns, interleaved, now};
use pipeline::testing::{Death, Gate};

use crate::promises::outcome::{catalogue, heard, poison, quarantined, stored_sessions};
use crate::promises::visits::Visit;
use crate::promises::world::World;
use desk::{Desk, Place, everything};

const PLACES: [Place; 4] = [Place::File, Place::Notification, Place::Poison, Place::Quarantine];

fn fates(replayed: &Replayed) -> Vec<&ReplayOutcome> {
    replayed.items.iter().map(|item| &item.outcome).collect()
}

fn healthy() -> Arc<Gate> {
    Arc::new(Gate::open())
}

#[test]
fn replaying_a_file_twice_changes_and_notifies_only_once() {
    let desk = Desk::new();
    desk.leave("a.json", &["0", "1"]);
    let first = desk.replay(Place::File, &healthy());
    assert_eq!((fates(&first), first.removed), (vec![&ReplayOutcome::Applied, &ReplayOutcome::Applied], 1));
    desk.world.run_to_the_end();
    let (before, told) = (catalogue(&desk.world), desk.world.receiver.accepted());
    assert_eq!((before.len(), told.is_empty()), (2, false));
    desk.leave("a.json", &["0", "1"]);
    let second = desk.replay(Place::File, &healthy());
    let known = &ReplayOutcome::Ignored("already_known");
    assert_eq!((fates(&second), second.removed), (vec![known, known], 1));
    desk.world.run_to_the_end();
    assert_eq!((catalogue(&desk.world), desk.world.receiver.accepted()), (before, told));
    assert_eq!(desk.world.receiver.repeats(), 0);
}

#[test]
fn a_dry_run_of_a_replay_changes_no_state() {
    for place in PLACES {
        let desk = Desk::filled(place);
        let (gate, before) = (healthy(), desk.waiting(place));
        let replayed = desk.dry(place, &gate, &everything());
        assert_eq!(fates(&replayed), vec![&ReplayOutcome::Waits; 2], "{place:?}");
        let reads = [
            "dead_letters.list", "dead_letters.read", "notifications.given_up", "quarantine.since",
            "quarantine.behind", "quarantine.get", "queue.receive", "queue.release",
        ];
        let made: BTreeSet<_> = gate.calls().into_keys().collect();
        assert!(made.is_subset(&reads.into()), "{place:?}: {made:?}");
        assert_eq!((desk.waiting(place), replayed.removed), (before, 0), "{place:?}");
        assert_eq!(
            fates(&desk.dry(place, &gate, &everything())),
            vec![&ReplayOutcome::Waits; 2],
            "{place:?}: at once again"
        );
    }
}

/// State that must not depend on failures.
fn end(desk: &Desk, place: Place) -> impl PartialEq + std::fmt::Debug + use<> {
    desk.world.run_to_the_end();
    let world = &desk.world;
    (catalogue(world), heard(world), world.neighbour.heard(), desk.waiting(place))
}

#[test]
fn a_replay_failing_at_any_call_is_completed_by_another() {
    let passing = FaultKind::Transient { retry_after: None };
    let variants: [fn(usize) -> Gate; 3] = [
        |n| Gate::deadly(Death::Before(n)),
        |n| Gate::deadly(Death::After(n)),
        |n| Gate::failing_at(n, FaultKind::Transient { retry_after: None }),
    ];
    for place in PLACES {
        let undisturbed = Desk::filled(place);
        undisturbed.replay(place, &healthy());
        let expected = end(&undisturbed, place);
        for variant in variants {
            for n in 1.. {
                let desk = Desk::filled(place);
                let gate = Arc::new(variant(n));
                drop(desk.try_replay(place, &gate, &everything()));
                let Some(call) = gate.died_in().or(gate.failed_in()) else { break };
                // Messages hidden by a dead run are visible again.
                desk.world.pass_time(SignedDuration::from_mins(6));
                drop(desk.replay(place, &healthy()));
                assert_eq!(end(&desk, place), expected, "{place:?}: {call}, the {n}th");
                assert_eq!(desk.world.receiver.repeats(), 0, "{place:?}: {call}");
            }
        }
        let gate = healthy();
        for call in ["catalogue", "notifications.save", "queue.send"] {
            gate.fail(call, passing);
        }
        let desk = Desk::filled(place);
        let before = desk.waiting(place);
        let replayed = desk.try_replay(place, &gate, &everything()).unwrap();
        assert!(
            replayed.items.iter().all(|item| matches!(item.outcome, ReplayOutcome::Failed(_))),
            "{:?}",
            replayed.items
        );
        assert_eq!((desk.waiting(place), replayed.removed), (before, 0), "{place:?}: all inputs are still in place");
    }
}

#[test]
fn an_item_that_cannot_be_removed_is_applied_once() {
    for (place, call) in [
        (Place::File, "dead_letters.remove"),
        (Place::Poison, "queue.delete"),
        (Place::Quarantine, "quarantine.remove"),
    ] {
        let desk = Desk::filled(place);
        let gate = healthy();
        gate.fail(call, FaultKind::Refused);
        let first = desk.replay(place, &gate);
        assert!(!first.left_over.is_empty() && first.removed == 0, "{place:?}: {first:?}");
        let second = desk.replay(place, &healthy());
        assert_eq!(fates(&second), vec![&ReplayOutcome::Ignored("already_known"); 2], "{place:?}");
        assert!(second.left_over.is_empty() && second.removed > 0, "{place:?}: {second:?}");
        assert_eq!(desk.waiting(place), 0, "{place:?}");
    }
}

#[test]
fn a_file_with_unapplied_events_stays() {
    let desk = Desk::new();
    desk.leave("broken.json", &["0", "broken"]);
    let replayed = desk.replay(Place::File, &healthy());
    assert_eq!(fates(&replayed), [&ReplayOutcome::Applied, &ReplayOutcome::Refused("broken".to_owned())]);
    assert_eq!((desk.waiting(Place::File), replayed.removed), (1, 0));
    let desk = Desk::new();
    desk.leave("a.json", &["0", "1"]);
    let wanted = ReplaySelection { name: Some(Pattern::any_case("vm-1*")), ..everything() };
    let replayed = desk.try_replay(Place::File, &healthy(), &wanted).unwrap();
    assert_eq!((fates(&replayed), replayed.removed), (vec![&ReplayOutcome::Applied], 0));
    assert_eq!((catalogue(&desk.world).len(), desk.waiting(Place::File)), (1, 1));
    let rest = desk.replay(Place::File, &healthy());
    assert_eq!(fates(&rest), [&ReplayOutcome::Applied, &ReplayOutcome::Ignored("already_known")]);
    assert_eq!(desk.waiting(Place::File), 0);
}

#[test]
fn quarantined_input_still_unreadable_keeps_its_first_reason() {
    let desk = Desk::new();
    let id = now(desk.world.archivist().quarantined.quarantine(b"broken", "not JSON", "recording_landed")).unwrap();
    desk.world.run_to_the_end();
    let replayed = desk.replay(Place::Quarantine, &healthy());
    assert_eq!(fates(&replayed), [&ReplayOutcome::Refused("broken".to_owned())]);
    assert_eq!(replayed.items[0].reason, "not JSON");
    assert_eq!(now(desk.world.quarantine.get(&id)).unwrap().unwrap().reason, "not JSON");
    desk.world.run_to_the_end();
    assert_eq!(desk.world.receiver.accepted().len(), 1, "notified once, when it was quarantined");
}

#[test]
fn input_is_replayed_to_its_original_function() {
    let desk = Desk::new();
    now(desk.world.archivist().quarantined.quarantine(b"0", "refused", "audit_log_landed")).unwrap();
    let replayed = desk.replay(Place::Quarantine, &healthy());
    assert_eq!(fates(&replayed), [&ReplayOutcome::Refused("nobody is called audit_log_landed".to_owned())]);
}

#[test]
fn poison_is_replayed_from_its_queue_and_from_quarantine() {
    let desk = Desk::new();
    desk.world.give_up(QueueName::RecordingEvents, "0");
    now(desk.world.archivist().due_work.sweep(&|| true)).unwrap();
    desk.world.give_up(QueueName::RecordingEvents, "1");
    now(desk.world.archivist().quarantined.quarantine(b"2", "not JSON", "recording_landed")).unwrap();
    let replayed = desk.replay(Place::Poison, &healthy());
    assert_eq!((fates(&replayed), replayed.removed), (vec![&ReplayOutcome::Applied; 2], 2));
    assert!(
        replayed.items.iter().all(|item| item.source == ItemSource::Poison && item.reason.contains("host gave it up"))
    );
    assert_eq!((poison(&desk.world), quarantined(&desk.world).len()), (0, 1));
}

#[test]
fn unreplayable_poison_stays_for_the_sweep() {
    let desk = Desk::new();
    desk.world.give_up(QueueName::RecordingEvents, "broken");
    let replayed = desk.replay(Place::Poison, &healthy());
    assert_eq!(fates(&replayed), [&ReplayOutcome::Refused("broken".to_owned())]);
    assert_eq!(now(desk.world.archivist().due_work.sweep(&|| true)).unwrap().rescued, 1, "it is there at once");
}

#[test]
fn a_replayed_notification_goes_only_to_channels_that_gave_up() {
    let desk = Desk::new();
    desk.world.receiver.will_answer(ChannelAnswer::Refused { reason: "HTTP 410".to_owned() });
    desk.world.give_up(QueueName::RecordingEvents, "broken");
    desk.world.run_to_the_end();
    let told = desk.world.neighbour.accepted();
    assert_eq!((desk.world.receiver.accepted().len(), told.len()), (0, 1));
    let replayed = desk.replay(Place::Notification, &healthy());
    assert_eq!(fates(&replayed), [&ReplayOutcome::Queued]);
    let item = &replayed.items[0];
    assert_eq!(
        (item.summary.kind.as_deref(), item.reason.as_str()),
        (Some("input.quarantined"), "HTTP 410, after 1 attempt")
    );
    desk.world.run_to_the_end();
    assert_eq!((desk.world.receiver.accepted(), desk.world.neighbour.accepted()), (told.clone(), told));
    assert_eq!(fates(&desk.replay(Place::Notification, &healthy())), Vec::<&ReplayOutcome>::new());
}

#[test]
fn a_removed_channel_keeps_its_given_up_deliveries() {
    let desk = Desk::filled(Place::Notification);
    let stored = now(desk.world.notifications.given_up(Timestamp::MIN, None, 1)).unwrap().remove(0);
    let mut record = stored.record.clone();
    let given_up = record.deliveries.remove("siem").unwrap();
    record.deliveries.insert("gone".to_owned(), given_up);
    now(desk.world.notifications.save(&stored, &record)).unwrap().unwrap();
    let replayed = desk.replay(Place::Notification, &healthy());
    let refused: Vec<_> =
        replayed.items.iter().filter(|item| matches!(item.outcome, ReplayOutcome::Refused(_))).collect();
    assert!(refused.len() == 1 && refused[0].id.ends_with("to gone"), "{refused:?}");
    let kept = now(desk.world.notifications.get(&record.id)).unwrap().unwrap().record;
    assert!(matches!(kept.deliveries["gone"], Delivery::GivenUp { .. }));
}

#[test]
fn a_replay_filter_limits_the_replayed_items() {
    let desk = Desk::new();
    let begin = desk.world.now();
    for n in 0..4 {
        desk.world.pass_time(SignedDuration::from_mins(1));
        now(desk.world.archivist().quarantined.quarantine(n.to_string().as_bytes(), "not JSON", "recording_landed"))
            .unwrap();
    }
    let minute = |minutes| Some(begin + SignedDuration::from_mins(minutes));
    let names = |wanted: &ReplaySelection| -> Vec<String> {
        let replayed = desk.dry(Place::Quarantine, &healthy(), wanted);
        replayed.items.into_iter().map(|item| item.summary.name.unwrap()).collect()
    };
    assert_eq!(names(&ReplaySelection { since: minute(2), until: minute(4), ..everything() }), ["vm-1", "vm-2"]);
    assert_eq!(names(&ReplaySelection { name: Some(Pattern::any_case("VM-3")), ..everything() }), ["vm-3"]);
    assert_eq!(names(&ReplaySelection { kind: Some(Pattern::any_case("deleted")), ..everything() }), [""; 0]);
    let limited = desk.dry(Place::Quarantine, &healthy(), &ReplaySelection { limit: 3, ..everything() });
    assert_eq!((limited.items.len(), limited.has_more), (3, true));
    let all = desk.dry(Place::Quarantine, &healthy(), &ReplaySelection { limit: 4, ..everything() });
    assert_eq!((all.items.len(), all.has_more), (4, false));
}

#[test]
fn a_replay_spans_pages_and_respects_its_limit() {
    let desk = Desk::new();
    let at = desk.world.now();
    for n in 0..250 {
        let raw = format!("broken {n}").into_bytes();
        let (reason, origin) = ("not JSON".to_owned(), "recording_landed".to_owned());
        let input = QuarantinedInput { id: QuarantineId::derive(&raw, &origin), raw, reason, at, origin };
        now(desk.world.quarantine.put(&input)).unwrap();
        desk.leave(&format!("{n:03}.json"), &["broken"]);
    }
    for place in [Place::Quarantine, Place::File] {
        let replayed = desk.replay(place, &healthy());
        assert_eq!((replayed.items.len(), replayed.has_more), (250, false), "{place:?}");
        let ids: BTreeSet<_> = replayed.items.iter().map(|item| &item.id).collect();
        assert_eq!(ids.len(), 250, "{place:?}");
    }
}

#[test]
fn a_failing_service_is_not_tried_for_every_item() {
    let desk = Desk::new();
    for n in 0..20 {
        now(desk.world.archivist().quarantined.quarantine(format!("0 {n}").as_bytes(), "x", "recording_landed"))
            .unwrap();
    }
    let gate = healthy();
    gate.fail("catalogue", FaultKind::Transient { retry_after: None });
    let replayed = desk.replay(Place::Quarantine, &gate);
    assert_eq!((replayed.items.len(), replayed.has_more), (3, true));
}

#[test]
fn concurrent_replays_notify_once() {
    let wanted = &everything();
    for place in PLACES {
        let alone = Desk::filled(place);
        alone.replay(place, &healthy());
        let expected = end(&alone, place);
        for turns in 0..40 {
            let desk = Desk::filled(place);
            let gates = [(), ()].map(|()| Arc::new(Gate::open().yielding()));
            let begun = &desk;
            let run = |gate| -> Task<'_, Replayed> {
                Box::pin(async move { begun.run(place, gate, wanted, true).await.unwrap() })
            };
            let replayed =
                interleaved(gates.iter().map(run).collect(), &Turns([vec![0; turns], vec![1; 100]].concat()));
            assert!(
                replayed.iter().flat_map(|replayed| &replayed.items).all(|item| item.outcome.is_taken()),
                "{place:?}"
            );
            assert_eq!(end(&desk, place), expected, "{place:?}");
            assert_eq!(desk.world.receiver.repeats(), 0, "{place:?}");
        }
    }
}

#[test]
fn a_quarantined_log_piece_is_replayed_once_it_is_readable() {
    let world = World::with_log();
    let record = Visit::new("a", world.now(), 10).begun();
    let archivist = world.archivist();
    let take = |piece: &str| now(archivist.audit_log.replay_piece(piece.as_bytes())).unwrap();
    use pipeline::replay::ReplayResult;
    assert!(matches!(take(&record[..record.len() / 2]), ReplayResult::Refused(_)));
    assert!(matches!(take("{\"time\": broken}"), ReplayResult::Refused(_)));
    assert!(matches!(take(""), ReplayResult::Refused(_)));
    assert_eq!(stored_sessions(&world).len(), 0);
    assert_eq!((take(&record), take(&record)), (ReplayResult::Applied, ReplayResult::Ignored("already_known")));
    assert_eq!(stored_sessions(&world).len(), 1);
    assert_eq!(crate::promises::outcome::told(&world, Event::InputQuarantined), 0);
}
