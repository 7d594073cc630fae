//! Recordings and sessions that match, are withdrawn, or stay alone, under crashes and failures.

use domain::record::catalogue::EntryChangeKind;
use domain::record::join::Match;
use domain::record::notification::Event;
use domain::record::session::GapCause;
use jiff::{SignedDuration, Timestamp};

use crate::promises::crashes::survives_in;
use crate::promises::host::Work;
use crate::promises::outcome::{entries, sessions, stored_sessions, tags, told};
use crate::promises::visits::Visit;
use crate::promises::world::{SETTLE_AFTER, World};
use pipeline::testing::schedule::now;

/// A story in which another event happens, sooner or later.
type Ordered = fn(&World, fn(&World));

const NAME: &str = "vm-user";
/// Time after its end at which a session without a recording is reported.
const UNRECORDED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// A session of ten minutes, from nine on.
fn visit(tunnel: &str) -> Visit {
    Visit::new(tunnel, Timestamp::constant(1_772_442_000, 0), 10)
}

/// A session of the same length, a little later than the first.
fn another(tunnel: &str) -> Visit {
    Visit::new(tunnel, Timestamp::constant(1_772_442_010, 0), 10)
}

fn recorded(world: &World, visit: &Visit) -> Work {
    Work::Event(world.record(NAME, visit.start, visit.end))
}

fn later(world: &World, minutes: i64) {
    world.run_until(world.now() + SignedDuration::from_mins(minutes));
}

/// Matches a recording with its session, including the notification.
fn matched(world: &World) {
    world.pass_time(SignedDuration::from_mins(20));
    world.does(&recorded(world, &visit("a")));
    world.does(&world.tells(&visit("a").over()));
    later(world, 10);
    assert_eq!(entries(world)[0].match_state.verdict.name(), "matched");
}

/// Like [`matched`], with a second possible session, logged late.
fn ambiguous(world: &World) {
    matched(world);
    world.does(&world.tells(&another("b").over()));
    later(world, 10);
    assert_eq!(entries(world)[0].match_state.verdict.name(), "ambiguous");
}

/// A record that moves the start of the second session an hour earlier, so it no longer fits.
fn correction() -> String {
    let begun = another("b").start - SignedDuration::from_hours(1);
    Visit { start: begun, ..another("b") }.begun()
}

/// A session without a recording, at the time at which that is reported.
fn missing(world: &World) {
    world.pass_time(SignedDuration::from_mins(20));
    world.does(&world.tells(&visit("a").over()));
    world.clock.set(visit("a").end + UNRECORDED_AFTER + SignedDuration::from_mins(1));
    world.does(&Work::Reconcile);
}

/// Five failed logins within a minute.
fn burst(world: &World) -> String {
    let failed = |n: i64| Visit::new(&format!("f{n}"), world.now() + SignedDuration::from_secs(n), 1).failed();
    (0..5).map(failed).collect()
}

#[test]
fn a_session_matching_its_recording_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        world.pass_time(SignedDuration::from_mins(20));
        world.does(&recorded(world, &visit("a")));
        world.tells(&visit("a").over())
    });
    assert!(died_in.contains("catalogue.near") && died_in.contains("catalogue.save"), "{died_in:?}");
}

#[test]
fn late_records_of_nearby_sessions_leave_no_pending_work() {
    let world = World::with_log();
    world.pass_time(SignedDuration::from_mins(20));
    world.does(&recorded(&world, &visit("a")));
    world.run_until(world.now() + UNRECORDED_AFTER + SignedDuration::from_hours(1));
    world.does(&world.tells(&[visit("a").over(), another("b").over()].concat()));
    later(&world, 10);
    for session in stored_sessions(&world) {
        assert!(session.pending.is_empty(), "{:?} after {} saves", session.pending, session.revision);
    }
}

#[test]
fn a_recording_matching_its_session_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        world.pass_time(SignedDuration::from_mins(20));
        world.does(&world.tells(&visit("a").over()));
        recorded(world, &visit("a"))
    });
    for call in ["sessions.near", "blobs.list", "blobs.replace_tags", "notifications.add"] {
        assert!(died_in.contains(call), "{call}: {died_in:?}");
    }
}

#[test]
fn a_match_made_by_a_sweep_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        world.pass_time(SignedDuration::from_mins(20));
        world.does(&recorded(world, &visit("a")));
        world.does(&world.tells(&visit("a").over()));
        Work::Sweep
    });
}

#[test]
fn a_match_at_settling_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        world.clock.set(visit("a").end);
        world.does(&recorded(world, &visit("a")));
        world.does(&world.tells(&visit("a").over()));
        world.pass_time(SETTLE_AFTER);
        Work::Sweep
    });
}

#[test]
fn a_session_making_a_match_ambiguous_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        matched(world);
        world.tells(&another("b").over())
    });
}

#[test]
fn withdrawing_a_match_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        matched(world);
        world.does(&world.tells(&another("b").over()));
        Work::Sweep
    });
}

#[test]
fn data_restoring_a_match_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        ambiguous(world);
        world.tells(&correction())
    });
}

#[test]
fn correcting_a_match_again_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        ambiguous(world);
        world.does(&world.tells(&correction()));
        Work::Sweep
    });
}

#[test]
fn a_found_gap_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        missing(world);
        Work::Sweep
    });
    assert!(died_in.contains("sessions.save") && died_in.contains("notifications.add"), "{died_in:?}");
}

#[test]
fn a_late_recording_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        missing(world);
        world.does(&Work::Sweep);
        recorded(world, &visit("a"))
    });
}

#[test]
fn closing_a_gap_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        missing(world);
        world.does(&Work::Sweep);
        world.does(&recorded(world, &visit("a")));
        Work::Sweep
    });
}

#[test]
fn a_burst_of_failed_logins_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        world.does(&world.tells(&burst(world)));
        Work::Sweep
    });
    assert!(died_in.contains("notifications.add"), "{died_in:?}");
}

#[test]
fn a_listing_with_a_lost_recording_survives_a_crash_at_any_call() {
    let short_pages = || World { listed_at_once: 2, ..World::with_log() };
    let died_in = survives_in(short_pages, |world| {
        world.pass_time(SignedDuration::from_mins(20));
        for n in 0..3 {
            drop(world.record(&format!("{NAME}.{n}"), visit("a").start, visit("a").end));
        }
        Work::Reconcile
    });
    for call in ["blobs.list", "catalogue.lives", "catalogue.save", "checkpoints.get", "checkpoints.save"] {
        assert!(died_in.contains(call), "{call}: {died_in:?}");
    }
}

#[test]
fn a_resumed_listing_survives_a_crash_at_any_call() {
    let short_pages = || World { listed_at_once: 2, ..World::with_log() };
    survives_in(short_pages, |world| {
        world.pass_time(SignedDuration::from_mins(20));
        for n in 0..3 {
            drop(world.record(&format!("{NAME}.{n}"), visit("a").start, visit("a").end));
        }
        let begun = now(world.archivist().reconciliation.reconcile(&|| false)).unwrap();
        assert!(begun.unfinished && begun.listed == 2, "{begun:?}");
        Work::Reconcile
    });
}

#[test]
fn a_resumed_listing_finds_each_lost_recording_once() {
    let world = World { listed_at_once: 2, ..World::with_log() };
    for n in 0..5 {
        drop(world.write(&format!("{NAME}.{n}"), 9));
    }
    let pass = || now(world.archivist().reconciliation.reconcile(&|| false)).unwrap();
    let passes = [pass(), pass(), pass()];
    assert_eq!(
        passes.map(|pass| (pass.listed, pass.found, pass.unfinished)),
        [(2, 2, true), (2, 2, true), (1, 1, false)]
    );
    assert_eq!(now(world.archivist().reconciliation.reconcile(&|| true)).unwrap().found, 0);
    assert_eq!(entries(&world).len(), 5);
    world.run_to_the_end();
}

#[test]
fn a_match_is_notified_once_and_tagged_in_either_order() {
    let recording_first: fn(&World) = |world| {
        world.does(&recorded(world, &visit("a")));
        world.does(&world.tells(&visit("a").over()));
    };
    let session_first: fn(&World) = |world| {
        world.does(&world.tells(&visit("a").over()));
        world.does(&recorded(world, &visit("a")));
    };
    for story in [recording_first, session_first] {
        let world = World::with_log();
        world.pass_time(SignedDuration::from_mins(20));
        story(&world);
        world.run_to_the_end();
        assert_eq!(entries(&world)[0].match_state.verdict.session().unwrap().tunnel_id.as_str(), "a");
        assert_eq!(told(&world, Event::RecordingCatalogued), 1);
        let tags = &tags(&world)[NAME].0;
        assert_eq!((tags["bsr-state"].as_str(), tags["bsr-session"].as_str()), ("matched", "a"));
        assert_eq!(tags["bsr-user"], "ada_contoso.example");
    }
}

#[test]
fn late_data_withdraws_and_restores_a_match_and_names_the_former() {
    let world = World::with_log();
    ambiguous(&world);
    world.does(&world.tells(&correction()));
    world.run_to_the_end();
    let entry = &entries(&world)[0];
    assert_eq!(entry.match_state.verdict.session().unwrap().tunnel_id.as_str(), "a");
    let late = |withdrawn: &str, now: &str| EntryChangeKind::LateMatch {
        withdrawn: withdrawn.to_owned(),
        now: now.to_owned(),
    };
    let corrections: Vec<&EntryChangeKind> =
        entry.history.iter().map(|change| &change.what).filter(|what| what.name() == "late_match").collect();
    assert_eq!(corrections, [&late("matched a", "ambiguous a b"), &late("ambiguous a b", "matched a")]);
    let withdraws = |event| {
        let told = world.receiver.accepted().into_iter().filter(move |received| received.event == event);
        let body = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap();
        told.map(|received| body(&received.body)["data"]["facts"]["withdraws"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(withdraws(Event::RecordingCatalogued), [None, Some("ambiguous a b".to_owned())]);
    assert_eq!(withdraws(Event::RecordingAmbiguous), [Some("matched a".to_owned())]);
    assert_eq!(withdraws(Event::RecordingAmbiguousResolved), [Some("ambiguous a b".to_owned())]);
    assert_eq!(tags(&world)[NAME].0["bsr-session"], "a");
}

#[test]
fn an_unfinished_recording_makes_a_match_doubtful_in_either_order() {
    // Storage names are case-sensitive and session names are not, so no listing of one finds the other.
    let other = |world: &World| {
        let now = world.now();
        world.clock.set(another("b").start);
        let begun = Work::Event(world.write("VM-user", 0));
        world.clock.set(now);
        world.does(&begun);
    };
    let stories: [Ordered; 2] = [
        |world, other| {
            matched(world);
            other(world);
        },
        |world, other| {
            world.pass_time(SignedDuration::from_mins(20));
            other(world);
            world.does(&recorded(world, &visit("a")));
            world.does(&world.tells(&visit("a").over()));
        },
    ];
    for story in stories {
        let world = World::with_log();
        story(&world, other);
        later(&world, 10);
        let entry = entries(&world).into_iter().find(|entry| entry.address.name.as_str() == NAME).unwrap();
        assert_eq!(entry.match_state.verdict, Match::Pending, "the session may be of either");
    }
}

#[test]
fn a_match_is_restored_if_the_late_session_has_another_account() {
    let world = World::with_log();
    ambiguous(&world);
    world.does(&world.tells(&Visit { account: "admin".to_owned(), ..another("b") }.over()));
    world.run_to_the_end();
    assert_eq!(entries(&world)[0].match_state.verdict.name(), "matched", "the account is unknown");
}

#[test]
fn a_match_is_withdrawn_during_a_late_session_and_restored_after() {
    let world = World::with_log();
    matched(&world);
    world.does(&world.tells(&another("b").begun()));
    later(&world, 10);
    assert_eq!(entries(&world)[0].match_state.verdict, Match::Pending);
    assert!(!tags(&world)[NAME].0.contains_key("bsr-user"));
    world.does(&world.tells(&Visit { end: visit("b").end + SignedDuration::from_hours(1), ..another("b") }.over()));
    world.run_to_the_end();
    let entry = &entries(&world)[0];
    assert_eq!(entry.match_state.verdict.name(), "matched");
    let changes: Vec<&str> = entry.history.iter().map(|change| change.what.name()).collect();
    assert_eq!(changes, ["catalogued", "matched", "final", "late_match", "matched"]);
    assert_eq!(told(&world, Event::RecordingCatalogued), 1, "no other notification was sent meanwhile");
}

#[test]
fn a_gap_is_notified_once_and_closed_by_its_recording() {
    let world = World::with_log();
    missing(&world);
    world.does(&Work::Sweep);
    assert_eq!(sessions(&world)["a"].gap, Some((GapCause::RecordingOff, true)));
    world.run_until(world.now() + SignedDuration::from_hours(30));
    world.does(&recorded(&world, &visit("a")));
    later(&world, 10);
    assert_eq!(sessions(&world)["a"].gap, Some((GapCause::RecordingOff, false)));
    world.run_to_the_end();
    assert_eq!((told(&world, Event::SessionUnrecorded), told(&world, Event::RecordingCatalogued)), (1, 1));
    assert!(!stored_sessions(&world)[0].has_gap());
}

#[test]
fn no_gap_is_reported_before_its_container_is_listed() {
    let world = World::with_log();
    world.does(&world.tells(&visit("a").over()));
    world.does(&Work::Reconcile);
    world.clock.set(visit("a").end + UNRECORDED_AFTER + SignedDuration::from_hours(2));
    world.does(&Work::Sweep);
    assert_eq!(sessions(&world)["a"].gap, None);
}

#[test]
fn a_burst_of_failed_logins_is_notified_once_with_common_facts() {
    let world = World::with_log();
    world.does(&world.tells(&burst(&world)));
    later(&world, 2);
    world.does(&world.tells(&Visit::new("g", world.now(), 1).failed()));
    world.run_to_the_end();
    let mut counted: Vec<String> = Vec::new();
    for received in world.receiver.accepted() {
        let body: serde_json::Value = serde_json::from_str(&received.body).unwrap();
        let facts = &body["data"]["facts"];
        counted.extend(facts["counted_by"].as_str().map(str::to_owned));
        let common = ["person", "client", "target"].map(|name| facts[name].is_string());
        assert!(common == [true; 3] || facts["counted_by"].is_null(), "{facts}");
    }
    assert_eq!(counted, ["person"]);
}
