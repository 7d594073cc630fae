//! Holds against concurrent deletions: a hold whose placing succeeded can be relied on.

use std::path::PathBuf;
use std::sync::Arc;

use adapters_local::memory::MemoryLedger;
use adapters_local::sqlite::{
    SqliteCatalogue, SqliteCheckpoints, SqliteNotifications, SqliteQuarantine, SqliteQueue, SqliteSessions, SqliteStore,
};
use domain::policy::matcher::{Condition, Pattern, Test};
use domain::policy::retention::{Class, Policy, RetentionRule};
use domain::record::catalogue::RecordingState;
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::retention::{Executor, PolicyDigest, Then};
use domain::record::tags::{DUE, HOLD, STATE};
use pipeline::hold::Placed;
use pipeline::ports::{BlobStore, Catalogue, Clock, FaultKind};
use pipeline::retention::NotApproved;
use pipeline::testing::schedule::{Task, Turns, interleaved, now};
use pipeline::testing::{Death, Gate};
use pipeline::{Archivist, Ports};

use crate::retention::policy::Said;
use crate::retention::world::{RetentionWorld, actor, address, days};

pub const NAME: &str = "a-1";
/// More calls than a run makes here.
const CALLS: usize = 80;

/// A policy that deletes everything after a day and a day of warning.
pub fn brief(then: Then) -> Said {
    Said { classes: vec![(1, 1, then); 3], rules: Vec::new(), grace: 1, enforce: true, max_deletes: 5 }
}

/// A world with one recording that the next run deletes or puts under review.
pub fn about_to_go(then: Then) -> RetentionWorld {
    let mut world = RetentionWorld::new(brief(then), None);
    world.record(NAME, None);
    for _ in 0..2 {
        world.clock.advance(days(3));
        now(world.healthy().due_work.sweep(&|| true)).unwrap();
        now(world.healthy().reconciliation.reconcile(&|| true)).unwrap();
        if world.entries()[0].state != RecordingState::Expiring {
            now(world.healthy().retention.run_retention(&|| true)).unwrap();
            world.observe(true);
        }
    }
    assert_eq!(world.entries()[0].state, RecordingState::Expiring);
    world
}

pub fn hold(world: &RetentionWorld) -> Hold {
    let scope = HoldScope { recording: Some(world.entries()[0].id), ..HoldScope::default() };
    Hold::new("case 1", "a letter of the court", scope, actor(), world.clock.now())
}

/// Polls the first task for this many calls, then completes the second, then the first.
fn comes_in_after(calls: usize) -> Turns {
    Turns(std::iter::repeat_n(0, calls).chain(std::iter::repeat_n(1, 10_000)).collect())
}

/// Places a hold after this many calls of a run. Returns true if placing reported that the recording carries it.
fn meet(world: &RetentionWorld, make: &dyn Fn(&Arc<Gate>) -> Archivist, calls: usize) -> bool {
    let hold = hold(world);
    let gate = || Arc::new(Gate::open().yielding());
    let (running, placing) = (make(&gate()), make(&gate()));
    let run: Task<'_, Option<Placed>> = Box::pin(async move {
        running.retention.run_retention(&|| true).await.unwrap();
        None
    });
    let place: Task<'_, Option<Placed>> =
        Box::pin(async move { Some(placing.hold_placing.place_hold(&hold).await.unwrap()) });
    let placed = interleaved(vec![run, place], &comes_in_after(calls)).into_iter().flatten().next().unwrap();
    placed.carried == 1
}

pub fn is_there(world: &RetentionWorld) -> bool {
    now(world.blobs.properties(&address(NAME))).unwrap().is_some()
}

/// Asserts that a reported hold keeps the recording, now and later, and that a missing one is explained.
fn check(world: &RetentionWorld, is_carried: bool, calls: usize) {
    assert_eq!(is_there(world), is_carried, "after {calls} calls");
    if is_carried {
        world.clock.advance(days(30));
        for _ in 0..3 {
            now(world.healthy().retention.run_retention(&|| true)).unwrap();
            now(world.healthy().due_work.sweep(&|| true)).unwrap();
        }
        assert!(is_there(world), "after {calls} calls, later");
        assert_eq!(now(world.blobs.tags(&address(NAME))).unwrap().unwrap().0[HOLD], "case 1", "after {calls} calls");
    }
}

#[test]
fn a_hold_is_applied_even_without_a_known_policy() {
    let world = about_to_go(Then::Delete);
    let placed = now(world.archivist_under(None).hold_placing.place_hold(&hold(&world))).unwrap();
    assert_eq!((placed.carried, placed.not_carried), (1, Vec::new()));
    assert_eq!(now(world.blobs.tags(&address(NAME))).unwrap().unwrap().0[HOLD], "case 1");
}

#[test]
fn a_run_without_enforcement_withdraws_an_order_to_the_platform() {
    let lifecycle = |world: &RetentionWorld, enforce| {
        let policy = world.truth().said.policy();
        world.archivist_under(Some(Policy { executor: Executor::Lifecycle, enforce, ..policy }))
    };
    let state = |world: &RetentionWorld| now(world.blobs.tags(&address(NAME))).unwrap().unwrap().0[STATE].clone();
    for is_removed in [false, true] {
        let world = about_to_go(Then::Delete);
        now(lifecycle(&world, true).retention.run_retention(&|| true)).unwrap();
        assert_eq!(state(&world), DUE);
        let archivist = if is_removed { world.archivist_under(None) } else { lifecycle(&world, false) };
        now(archivist.retention.run_retention(&|| true)).unwrap();
        assert_ne!(state(&world), DUE, "the section is gone: {is_removed}");
    }
}

#[test]
fn the_rules_see_a_late_foreign_tag_before_a_deletion() {
    for is_tagged in [false, true] {
        let world = about_to_go(Then::Delete);
        let mut policy = world.truth().said.policy();
        policy.digest = PolicyDigest("with incidents".to_owned());
        let keep =
            Class { name: "evidence".to_owned(), delete_after: None, then: Then::Keep, ..policy.classes[0].clone() };
        policy.classes.push(keep);
        let when = Condition::Is(Test::Tag("incident".to_owned(), vec![Pattern::exact_case("INC-*")]));
        let class = policy.classes.len() - 1;
        policy.rules.push(RetentionRule { name: "incidents".to_owned(), when, class, minimum: false });
        if is_tagged {
            let mut tags = now(world.blobs.tags(&address(NAME))).unwrap().unwrap();
            tags.0.insert("incident".to_owned(), "INC-4711".to_owned());
            world.blobs.set_tags(&address(NAME), tags);
        }
        let archivist = world.archivist_under(Some(policy));
        for _ in 0..2 {
            now(archivist.retention.run_retention(&|| true)).unwrap();
            now(archivist.due_work.sweep(&|| true)).unwrap();
            world.clock.advance(days(1));
        }
        assert_eq!(is_there(&world), is_tagged);
    }
}

#[test]
fn an_approved_recording_stays_if_a_late_tag_changes_its_class() {
    for is_tagged in [false, true] {
        let world = about_to_go(Then::Delete);
        let mut policy = world.truth().said.policy();
        policy.digest = PolicyDigest("with incidents".to_owned());
        policy.limits.max_deletes_per_run = 0;
        policy.classes.push(Class { name: "evidence".to_owned(), ..policy.classes[0].clone() });
        let when = Condition::Is(Test::Tag("incident".to_owned(), vec![Pattern::exact_case("INC-*")]));
        let class = policy.classes.len() - 1;
        policy.rules.push(RetentionRule { name: "incidents".to_owned(), when, class, minimum: false });
        let archivist = world.archivist_under(Some(policy));
        now(archivist.retention.run_retention(&|| true)).unwrap();
        let plan = now(archivist.retention_plans.plan(world.clock.now())).unwrap().delete;
        assert_eq!(now(archivist.approval.approve(&plan.digest, &actor())).unwrap().unwrap().recordings, 1);
        if is_tagged {
            let mut tags = now(world.blobs.tags(&address(NAME))).unwrap().unwrap();
            tags.0.insert("incident".to_owned(), "INC-4711".to_owned());
            world.blobs.set_tags(&address(NAME), tags);
        }
        now(archivist.retention.run_retention(&|| true)).unwrap();
        let class = world.entries()[0].custody.retention.as_ref().unwrap().class.clone();
        let expected = if is_tagged { ("evidence", true) } else { ("class-0", false) };
        assert_eq!((class.as_str(), is_there(&world)), expected);
    }
}

#[test]
fn a_hold_placed_at_any_call_between_selection_and_deletion_wins() {
    let mut won = 0;
    for calls in 0..CALLS {
        let world = about_to_go(Then::Delete);
        let is_carried = meet(&world, &|gate| world.archivist(gate), calls);
        check(&world, is_carried, calls);
        won += usize::from(is_carried);
    }
    assert!((10..CALLS).contains(&won), "{won} of {CALLS} holds came in time: too few or too many to say anything");
}

/// A database file of its own, removed at the end.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("archivist-holds-{}-{name}.sqlite", std::process::id()));
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

#[test]
fn a_hold_placed_at_any_call_wins_on_sqlite() {
    let mut won = 0;
    for calls in (0..CALLS).step_by(3) {
        let file = File::new(&calls.to_string());
        let store = SqliteStore::open_expendable(&file.0).unwrap();
        let world = about_to_go(Then::Delete);
        let entry = world.entries().remove(0);
        let catalogue = SqliteCatalogue::new(&store);
        let nothing = now(catalogue.lives(&entry.address)).unwrap();
        now(catalogue.save(&nothing, &[entry])).unwrap().unwrap();
        let make = |gate: &Arc<Gate>| {
            let clock: Arc<dyn Clock> = world.clock.clone();
            let ports = Ports {
                catalogue: Arc::new(SqliteCatalogue::new(&store)),
                sessions: Arc::new(SqliteSessions::new(&store)),
                checkpoints: Arc::new(SqliteCheckpoints::new(&store)),
                notifications: Arc::new(SqliteNotifications::new(&store)),
                queue: Arc::new(SqliteQueue::new(&store, clock.clone())),
                quarantine: Arc::new(SqliteQuarantine::new(&store)),
                blobs: world.true_blobs(),
                ledger: Arc::<MemoryLedger>::default(),
                clock,
            };
            world.archivist_on(gate, &ports)
        };
        now(make(&Arc::new(Gate::open())).reconciliation.reconcile(&|| true)).unwrap();
        let is_carried = meet(&world, &make, calls);
        assert_eq!(is_there(&world), is_carried, "after {calls} calls");
        won += usize::from(is_carried);
    }
    assert!((4..CALLS / 3).contains(&won), "{won} holds came in time: too few or too many to say anything");
}

#[test]
fn a_placing_crashing_at_any_call_is_completed_by_the_same_command() {
    for call in 1.. {
        let world = about_to_go(Then::Delete);
        let hold = hold(&world);
        let gate = Arc::new(Gate::deadly(Death::After(call)));
        let died = now(world.archivist(&gate).hold_placing.place_hold(&hold)).is_err() || gate.died_in().is_some();
        if !died {
            assert!(call > 5);
            return;
        }
        let placed = now(world.healthy().hold_placing.place_hold(&hold)).unwrap();
        let tagged = now(world.blobs.tags(&address(NAME))).unwrap().unwrap().0[HOLD] == "case 1";
        // A tag that another process was about to write is reserved for it for a minute; the result reports that, and
        // the hold counts.
        let is_theirs = placed.not_carried.len() == 1;
        assert!(tagged || is_theirs, "{call}: {placed:?}");
        now(world.healthy().retention.run_retention(&|| true)).unwrap();
        assert!(is_there(&world), "{call}");
    }
}

#[test]
fn a_release_crashing_at_any_call_leaves_a_consistent_hold() {
    for call in 1.. {
        let world = about_to_go(Then::Delete);
        let hold = hold(&world);
        now(world.healthy().hold_placing.place_hold(&hold)).unwrap();
        let gate = Arc::new(Gate::deadly(Death::Before(call)));
        let _ = now(world.archivist(&gate).hold_release.release_holds("case 1", &actor()));
        if gate.died_in().is_none() {
            assert!(call > 4);
            return;
        }
        let known = now(world.healthy().holds.list_holds()).unwrap();
        assert_eq!(known.len(), 1, "{call}: {known:?}");
        let counts = known[0].released.is_none();
        let released = now(world.healthy().hold_release.release_holds("case 1", &actor())).unwrap();
        assert_eq!(released.len(), usize::from(counts), "{call}");
        let known = now(world.healthy().holds.list_holds()).unwrap();
        assert_eq!(known.len(), 1, "{call}");
        assert!(known[0].released.is_some(), "{call}");
    }
}

#[test]
fn a_hold_is_released_while_it_is_being_announced() {
    for calls in 0..30 {
        let world = about_to_go(Then::Delete);
        let hold = hold(&world);
        // The hold is placed and not announced: the announcing call is not made.
        let gate = Arc::new(Gate::deadly(Death::After(2)));
        now(world.archivist(&gate).hold_placing.place_hold(&hold)).unwrap_err();
        let gate = || Arc::new(Gate::open().yielding());
        let (running, releasing) = (world.archivist(&gate()), world.archivist(&gate()));
        let run: Task<'_, usize> = Box::pin(async move {
            running.retention.run_retention(&|| true).await.unwrap();
            0
        });
        let by = Actor { name: "counsel".to_owned(), is_verified: true };
        let release: Task<'_, usize> =
            Box::pin(async move { releasing.hold_release.release_holds("case 1", &by).await.unwrap().len() });
        let released: usize = interleaved(vec![run, release], &comes_in_after(calls)).into_iter().sum();
        let known = now(world.healthy().holds.list_holds()).unwrap();
        assert_eq!((released, known.len(), known[0].released.is_some()), (1, 1, true), "after {calls} calls");
    }
}

#[test]
fn a_hold_placed_again_counts_beside_the_released_one() {
    let world = about_to_go(Then::Delete);
    let first = hold(&world);
    now(world.healthy().hold_placing.place_hold(&first)).unwrap();
    now(world.healthy().hold_release.release_holds("case 1", &actor())).unwrap();
    world.clock.advance(days(1));
    let placed = now(world.healthy().hold_placing.place_hold(&hold(&world))).unwrap();
    assert!(!placed.is_known);
    let known = now(world.healthy().holds.list_holds()).unwrap();
    assert_eq!(known.iter().map(|known| known.released.is_some()).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_hold_released_before_the_next_run_leaves_no_trace() {
    let world = about_to_go(Then::Delete);
    now(world.healthy().hold_placing.place_hold(&hold(&world))).unwrap();
    assert_eq!(world.entries()[0].custody.holds.len(), 1);
    now(world.healthy().hold_release.release_holds("case 1", &actor())).unwrap();
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    assert_eq!(world.entries()[0].custody.holds, []);
    assert_eq!(now(world.blobs.tags(&address(NAME))).unwrap().unwrap().0[HOLD], "none");
}

#[test]
fn a_new_recording_gets_holds_once_they_are_readable() {
    let mut world = RetentionWorld::new(brief(Then::Delete), None);
    world.record(NAME, None);
    let scope = HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() };
    let hold = Hold::new("case 1", "a letter of the court", scope, actor(), world.clock.now());
    now(world.healthy().hold_placing.place_hold(&hold)).unwrap();
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    world.clock.advance(days(2));
    let gate = Arc::new(Gate::open());
    gate.fail("checkpoints.list", FaultKind::Transient { retry_after: None });
    for _ in 0..3 {
        let _ = now(world.archivist(&gate).due_work.sweep(&|| true));
    }
    assert!(world.entries()[0].final_at.is_some());
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    assert_eq!(world.entries()[0].custody.holds.len(), 1);
    assert_eq!(now(world.blobs.tags(&address(NAME))).unwrap().unwrap().0[HOLD], "case 1");
}

#[test]
fn a_fresh_plan_is_approved_only_by_its_own_digest() {
    let world = about_to_go(Then::Review);
    let planned = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap();
    assert_eq!(planned.review.count, 1);
    let approved = now(world.healthy().approval.approve(&planned.review.digest, &actor())).unwrap();
    assert_eq!(approved.unwrap().recordings, 1);
    assert_eq!(now(world.healthy().approval.approve("none such", &actor())).unwrap(), Err(NotApproved::Unknown));
    assert_eq!(now(world.healthy().approval.approve("", &actor())).unwrap(), Err(NotApproved::Unknown));
}

#[test]
fn a_class_under_review_gives_the_same_recordings_another_digest() {
    let world = about_to_go(Then::Delete);
    let to_delete = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap().delete.digest;
    world.truth().said = brief(Then::Review);
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    let planned = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap();
    assert_eq!((planned.delete.count, planned.review.count), (0, 1));
    assert_ne!(planned.review.digest, to_delete);
    assert_eq!(now(world.healthy().approval.approve(&planned.review.digest, &actor())).unwrap().unwrap().recordings, 1);
}

#[test]
fn a_recording_held_meanwhile_does_not_count_as_approved() {
    let world = about_to_go(Then::Review);
    let planned = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap();
    let gate = || Arc::new(Gate::open().yielding());
    for calls in 0..40 {
        let world = about_to_go(Then::Review);
        let hold = hold(&world);
        let (approving, placing) = (world.archivist(&gate()), world.archivist(&gate()));
        let digest = planned.review.digest.clone();
        let approve: Task<'_, u64> = Box::pin(async move {
            approving.approval.approve(&digest, &actor()).await.unwrap().map_or(0, |approved| approved.recordings)
        });
        let place: Task<'_, u64> = Box::pin(async move {
            placing.hold_placing.place_hold(&hold).await.unwrap();
            0
        });
        let allowed: u64 = interleaved(vec![approve, place], &comes_in_after(calls)).into_iter().sum();
        let entry = world.entries().remove(0);
        let noted = entry.history.iter().filter(|change| change.what.name() == "approved").count();
        assert_eq!(allowed, noted as u64, "after {calls} calls");
        now(world.healthy().retention.run_retention(&|| true)).unwrap();
        assert!(is_there(&world), "after {calls} calls");
    }
}
