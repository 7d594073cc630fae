//! Audit logs that arrive, grow, break, shrink and are retired, under crashes and failures.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::address::{BlobAddress, BlobName};
use domain::record::notification::Event;
use domain::record::session::SessionState;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{BlobStore, CheckpointKey, CheckpointKind, Checkpoints, Quarantine, QuarantinedInput};
use pipeline::testing::Gate;
use proptest::prelude::*;

use crate::promises::crashes::survives_in;
use crate::promises::host::Work;
use crate::promises::outcome::{quarantined, stored_sessions, told};
use crate::promises::visits::Visit;
use crate::promises::world::{World, logs};
use pipeline::testing::schedule::now;

/// Records of two sessions, one of which has ended, and of a failed login.
fn three(world: &World) -> String {
    let visit = |tunnel| Visit::new(tunnel, world.now(), 10);
    [visit("a").begun(), visit("a").over(), visit("b").begun(), visit("c").failed()].concat()
}

fn states(world: &World) -> BTreeMap<String, SessionState> {
    stored_sessions(world).iter().map(|entry| (entry.id.tunnel.to_string(), entry.session().state)).collect()
}

fn open_logs(world: &World) -> usize {
    now(world.checkpoints.list(CheckpointKind::OpenLog, None, usize::MAX)).unwrap().len()
}

/// Appends the start of a session to the log and reads it.
fn begun(world: &World, tunnel: &str) {
    world.does(&world.tells(&Visit::new(tunnel, world.now(), 10).begun()));
}

/// A world with a retired log: it was read to its end, and no further content is expected.
fn retired(world: &World) {
    begun(world, "a");
    world.run_until(world.now() + SignedDuration::from_hours(6));
    assert_eq!(open_logs(world), 0, "it is retired");
}

#[test]
fn a_new_log_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| world.tells(&three(world)));
    for call in ["blobs.read", "sessions.load", "sessions.save", "checkpoints.get", "checkpoints.save"] {
        assert!(died_in.contains(call), "{call}: {died_in:?}");
    }
}

#[test]
fn an_unannounced_log_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        drop(world.tells(&three(world)));
        Work::Tail
    });
    assert!(died_in.contains("checkpoints.list") && died_in.contains("blobs.list"), "{died_in:?}");
}

#[test]
fn a_growing_log_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        let all = three(world);
        // Inside the second record.
        let (first, rest) = all.split_at(all.len() / 3);
        world.does(&world.tells(first));
        world.pass_time(SignedDuration::from_secs(30));
        drop(world.tells(rest));
        Work::Tail
    });
}

#[test]
fn a_malformed_piece_of_a_log_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        let visit = Visit::new("a", world.now(), 10);
        world.tells(&format!("{}{{\"time\": broken}}\n{}", visit.begun(), visit.over()))
    });
    assert!(died_in.contains("quarantine.put"), "{died_in:?}");
}

#[test]
fn retiring_a_log_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        let log = world.log();
        world.grow(&log, &three(world));
        world.does(&Work::Tail);
        world.grow(&log, "{\"time\": ");
        world.does(&Work::Tail);
        world.pass_time(SignedDuration::from_hours(6));
        Work::Tail
    });
    for call in ["checkpoints.remove", "quarantine.put"] {
        assert!(died_in.contains(call), "{call}: {died_in:?}");
    }
}

#[test]
fn growth_of_a_retired_log_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        let log = world.log();
        retired(world);
        world.grow(&log, &Visit::new("b", world.now(), 10).over());
        Work::Tail
    });
    assert!(died_in.contains("sessions.save") && died_in.contains("checkpoints.remove"), "{died_in:?}");
}

#[test]
fn replacing_a_log_by_a_shorter_one_survives_a_crash() {
    let died_in = survives_in(World::with_log, |world| {
        let log = world.log();
        world.does(&world.tells(&three(world)));
        world.blobs.write(&log, Visit::new("d", world.now(), 10).over().as_bytes(), world.now());
        Work::Tail
    });
    assert!(died_in.contains("sessions.save"), "{died_in:?}");
}

#[test]
fn a_retired_log_is_read_after_growth_and_after_replacement() {
    let world = World::with_log();
    let log = world.log();
    retired(&world);
    world.grow(&log, &Visit::new("b", world.now(), 10).over());
    world.does(&Work::Tail);
    assert_eq!(states(&world)["b"], SessionState::Ended);
    world.blobs.write(&log, Visit::new("c", world.now(), 10).failed().as_bytes(), world.now());
    world.does(&Work::Tail);
    assert_eq!(states(&world)["c"], SessionState::Failed);
    assert_eq!(states(&world).len(), 3, "the earlier records stay in force");
}

#[test]
fn a_malformed_piece_of_a_log_is_quarantined_and_reported_once() {
    let world = World::with_log();
    let visit = Visit::new("a", world.now(), 10);
    world.does(&world.tells(&format!("{}{{\"time\": broken}}\n{}", visit.begun(), visit.over())));
    for checkpoint in [CheckpointKind::OpenLog, CheckpointKind::RetiredLog] {
        forget(&world, checkpoint);
        world.does(&Work::Tail);
    }
    world.run_to_the_end();
    assert_eq!((quarantined(&world).len(), told(&world, Event::InputQuarantined)), (1, 1));
    assert_eq!(states(&world)["a"], SessionState::Ended, "the lines after it are read");
}

/// Removes the read positions of the logs.
fn forget(world: &World, kind: CheckpointKind) {
    for (name, checkpoint) in now(world.checkpoints.list(kind, None, usize::MAX)).unwrap() {
        let key = pipeline::ports::CheckpointKey { kind, name };
        assert!(now(world.checkpoints.remove(&key, checkpoint.version)).unwrap());
    }
}

#[test]
fn rereading_a_log_changes_and_saves_no_record() {
    let world = World::with_log();
    world.does(&world.tells(&three(&world)));
    world.run_until(world.now());
    let (sessions, saved) = (stored_sessions(&world), world.sessions.saves.revisions());
    forget(&world, CheckpointKind::OpenLog);
    world.does(&Work::Tail);
    assert_eq!((stored_sessions(&world), world.sessions.saves.revisions()), (sessions, saved));
}

proptest! {
    #[test]
    fn a_log_read_in_pieces_gives_the_same_records(
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let (whole, pieces) = (World::with_log(), World::with_log());
        let text = three(&whole);
        whole.does(&whole.tells(&text));
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        for piece in cuts.windows(2) {
            drop(pieces.tells(&text[piece[0]..piece[1]]));
            pieces.does(&Work::Tail);
        }
        let records = |world: &World| stored_sessions(world).into_iter().map(|one| (one.id, one.records)).collect::<Vec<_>>();
        prop_assert_eq!(records(&pieces), records(&whole));
        prop_assert_eq!(quarantined(&pieces), Vec::<String>::new());
    }
}

#[test]
fn an_unsaved_log_position_loses_and_repeats_no_records() {
    let world = World::with_log();
    let log = world.tells(&three(&world));
    let gate = std::sync::Arc::new(Gate::open());
    gate.fail("checkpoints.save", pipeline::ports::FaultKind::Transient { retry_after: None });
    assert!(now(crate::promises::host::perform(&world.archivist_behind(&gate), &log)).is_err());
    world.run_until(world.now());
    assert_eq!(states(&world).len(), 3);
    let begun: Vec<u64> =
        world.sessions.saves.revisions().into_iter().filter(|(_, revision)| *revision == 1).map(|(_, it)| it).collect();
    assert_eq!(begun.len(), 3, "each is new once");
}

#[test]
fn a_log_replaced_with_similar_length_is_read_from_its_beginning() {
    let world = World::with_log();
    let log = world.log();
    let begun = |tunnel| Visit::new(tunnel, world.now(), 10).begun();
    world.grow(&log, &[&begun("a"), &begun("b")[..400]].concat());
    world.does(&Work::Tail);
    world.blobs.write(&log, format!("{}   \n", begun("c")).as_bytes(), world.now());
    world.does(&Work::Tail);
    assert_eq!(states(&world)["c"], SessionState::Open);
}

/// Quarantined inputs, oldest first.
fn kept(world: &World) -> Vec<QuarantinedInput> {
    let notes = now(world.quarantine.since(Timestamp::MIN, usize::MAX)).unwrap();
    notes.iter().map(|note| now(world.quarantine.get(&note.id)).unwrap().unwrap()).collect()
}

/// Bytes of all quarantined pieces by their offset in the log.
fn pieces(world: &World) -> BTreeMap<u64, Vec<u8>> {
    let from = |reason: &str| reason.rsplit_once("bytes ").unwrap().1.split_once("..").unwrap().0.parse().unwrap();
    kept(world).into_iter().map(|input| (from(&input.reason), input.raw)).collect()
}

#[test]
fn a_hundred_thousand_rejects_make_few_pieces_and_one_notification() {
    let world = World::with_log();
    let visit = Visit::new("a", world.now(), 10);
    let (before, junk, after) = (visit.begun(), "{}\nx\n".repeat(60_000), visit.over());
    world.does(&world.tells(&[before.as_str(), &junk, &after].concat()));
    world.run_to_the_end();
    let pieces = pieces(&world);
    assert_eq!(pieces.len(), 1);
    assert_eq!(pieces[&(before.len() as u64)], junk.trim_end().as_bytes());
    assert!(kept(&world)[0].reason.contains("(60000 times)"), "{}", kept(&world)[0].reason);
    assert_eq!((told(&world, Event::InputQuarantined), &states(&world)["a"]), (1, &SessionState::Ended));
}

#[test]
fn junk_between_records_is_kept_in_a_bounded_number_of_pieces() {
    let world = World::with_log();
    let visit = |n: usize| Visit::new(&format!("t{n}"), world.now(), 10);
    let junk = |n: usize| format!("junk {n}\n");
    let text: String = (0..400).map(|n| junk(n) + &visit(n).begun()).collect();
    let log = world.log();
    world.does(&world.tells(&text));
    world.run_until(world.now() + SignedDuration::from_hours(6));
    assert_eq!(states(&world).len(), 400, "the records between are read");
    let pieces = pieces(&world);
    assert!(pieces.len() <= 34, "{} pieces", pieces.len());
    let content = now(world.blobs.read(&log, 0, usize::MAX, None)).unwrap().unwrap().bytes;
    for (from, raw) in &pieces {
        let from = usize::try_from(*from).unwrap();
        assert_eq!(&content[from..from + raw.len()], raw, "bytes as they came");
    }
    let all: Vec<u8> = pieces.into_values().flatten().collect();
    let all = String::from_utf8(all).unwrap();
    assert!((0..400).all(|n| all.contains(junk(n).trim_end())), "no junk is lost");
    assert!(told(&world, Event::InputQuarantined) <= 2, "once when it was read, once when the rest was given up");
}

#[test]
fn junk_in_a_log_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        let visit = |n: usize| Visit::new(&format!("t{n}"), world.now(), 10);
        let text: String = (0..3).map(|n| format!("x\n{{}}\n[1]\n{}", visit(n).over())).collect();
        drop(world.tells(&text));
        Work::Tail
    });
    for call in ["quarantine.put", "quarantine.unannounced", "quarantine.announced", "checkpoints.save"] {
        assert!(died_in.contains(call), "{call}: {died_in:?}");
    }
}

#[test]
fn a_log_pass_without_time_saves_its_progress() {
    let world = World::with_log();
    let text: String = (0..1_000).map(|n| Visit::new(&format!("t{n}"), world.now(), 10).begun()).collect();
    drop(world.tells(&text));
    let log = world.log();
    let mut read = 0;
    for _ in 0..3 {
        now(world.archivist().audit_log.log_landed(&log, &|| false)).unwrap();
        let known = states(&world).len();
        assert!(known > read && known < 1_000, "{known} after {read}");
        read = known;
    }
    world.does(&Work::Tail);
    assert_eq!(states(&world).len(), 1_000);
}

/// A log with another name, which a listing returns before the log of this hour.
fn earlier(world: &World) -> BlobAddress {
    let name = world.log().name.as_str().replace("/h=", "/h=00/h=");
    logs().blob(BlobName::parse(&name).unwrap())
}

#[test]
fn an_endless_log_does_not_block_the_next_one() {
    let world = World::with_log();
    // Longer than any pass here reads, with a single line that never ends.
    world.grow(&earlier(&world), &"x".repeat(90 << 20));
    drop(world.tells(&three(&world)));
    let asked = AtomicUsize::new(0);
    let tailed = now(world.archivist().tailing.tail(&|| asked.fetch_add(1, Ordering::Relaxed) < 25)).unwrap();
    assert!(tailed.unfinished);
    assert_eq!(states(&world).len(), 3);
}

#[test]
fn an_unreadable_log_position_does_not_block_other_logs() {
    let world = World::with_log();
    world.grow(&earlier(&world), "{}\n");
    now(world.archivist().tailing.tail(&|| true)).unwrap();
    let open = now(world.checkpoints.list(CheckpointKind::OpenLog, None, usize::MAX)).unwrap();
    let (name, checkpoint) = open.into_iter().next().unwrap();
    let key = CheckpointKey { kind: CheckpointKind::OpenLog, name };
    let torn = r#"{"schema":99}"#.to_owned();
    now(world.checkpoints.save(&key, Some(checkpoint.version), &torn)).unwrap().unwrap();
    drop(world.tells(&three(&world)));
    let tailed = now(world.archivist().tailing.tail(&|| true)).unwrap();
    assert!(tailed.unfinished && tailed.failed == 1);
    assert_eq!(states(&world).len(), 3);
}

#[test]
fn short_log_passes_give_every_log_its_turn() {
    let world = World::with_log();
    world.grow(&earlier(&world), &"x".repeat(20 << 20));
    drop(world.tells(&three(&world)));
    for _ in 0..3 {
        let asked = AtomicUsize::new(0);
        now(world.archivist().tailing.tail(&|| asked.fetch_add(1, Ordering::Relaxed) < 1)).unwrap();
    }
    assert_eq!(states(&world).len(), 3);
}

#[test]
fn an_old_log_is_read_when_it_grows_again() {
    for days in [3, 40, 400] {
        let world = World::with_log();
        let log = world.log();
        retired(&world);
        for _ in 0..days {
            world.pass_time(SignedDuration::from_hours(24));
            world.does(&Work::Tail);
        }
        world.grow(&log, &Visit::new("b", world.now(), 10).over());
        world.pass_time(SignedDuration::from_hours(2));
        world.does(&Work::Tail);
        assert_eq!(states(&world).get("b"), Some(&SessionState::Ended), "after {days} days");
    }
}

#[test]
fn a_late_or_rewritten_log_of_an_old_day_is_read() {
    let world = World::with_log();
    let (log, visit) = (world.log(), |tunnel: &str| Visit::new(tunnel, world.now(), 10));
    let first = visit("a").over();
    world.does(&world.tells(&first));
    world.run_until(world.now() + SignedDuration::from_hours(24 * 5));
    let late = earlier(&world);
    let late = logs().blob(BlobName::parse(&late.name.as_str().replace("/d=07/", "/d=03/")).unwrap());
    assert!(late.name.as_str().contains("/d=03/"), "{late}");
    world.grow(&late, &visit("b").over());
    // The same length, so only the content differs.
    let anew = first.replace("\"a\"", "\"c\"");
    assert_eq!(anew.len(), first.len());
    world.blobs.write(&log, anew.as_bytes(), world.now());
    world.pass_time(SignedDuration::from_hours(2));
    world.does(&Work::Tail);
    assert_eq!(states(&world).keys().collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn a_record_completed_after_retiring_its_log_is_read() {
    let world = World::with_log();
    let (log, record) = (world.log(), Visit::new("a", world.now(), 10).over());
    world.does(&world.tells(&record[..300]));
    world.run_until(world.now() + SignedDuration::from_hours(6));
    assert_eq!((open_logs(&world), quarantined(&world).len()), (0, 1));
    world.grow(&log, &record[300..]);
    world.pass_time(SignedDuration::from_hours(2));
    world.does(&Work::Tail);
    assert_eq!(states(&world).get("a"), Some(&SessionState::Ended));
}
