//! Reviews of recordings: under crashes and races, by their own people, and the queue made by rules.

use std::sync::Arc;

use domain::decide::catalogue::{ReviewRefusal, ReviewSubmission};
use domain::policy::join::Tolerances;
use domain::policy::matcher::{Condition, Pattern, Test, TextFact};
use domain::policy::retention::{Class, Limits, Period, Policy, RetentionRule, StartsAt};
use domain::policy::review::{DueWithin, ReviewPolicy, ReviewRule};
use domain::record::estate::BastionName;
use domain::record::hold::Actor;
use domain::record::recording_id::RecordingId;
use domain::record::retention::{Executor, PolicyDigest, Then};
use domain::record::review::ReviewOutcome;
use jiff::SignedDuration;
use pipeline::recording_review::{
    Marked, NotMarked, QueuePlace, ReviewQueue, ReviewQueueQuery, WALKED_PER_PAGE, review_queue,
};
use pipeline::testing::Gate;
use pipeline::testing::schedule::{Task, interleaved, now, turns};
use proptest::prelude::{prop_assert_eq, proptest};

use crate::promises::crashes::survives_in;
use crate::promises::host::{Work, perform};
use crate::promises::outcome::{entries, facts};
use crate::promises::world::{ACTIVE_AT_MOST, BASTION, World};

/// A final recording.
fn recorded(world: &World, name: &str) -> RecordingId {
    world.does(&Work::Event(world.write(name, 9)));
    world.run_until(world.now() + ACTIVE_AT_MOST * 2);
    let found = entries(world).into_iter().find(|entry| entry.address.name.as_str() == name).unwrap();
    assert!(found.final_at.is_some());
    found.id
}

fn submission(outcome: ReviewOutcome) -> ReviewSubmission {
    let by = Actor { name: "eve@contoso.example".to_owned(), is_verified: true };
    ReviewSubmission { outcome, by, ticket: Some("INC-1".to_owned()), note: None }
}

fn mark(world: &World, id: RecordingId, outcome: ReviewOutcome) -> Result<Marked, NotMarked> {
    now(world.archivist().reviews.mark(id, &submission(outcome))).unwrap()
}

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

fn rule(name: &str, when: Condition, hours: i64) -> ReviewRule {
    let due_within = DueWithin::Hours(SignedDuration::from_hours(hours));
    ReviewRule { name: name.to_owned(), when, sample: 100, due_within }
}

fn text(fact: TextFact, pattern: &str) -> Condition {
    Condition::Is(Test::Text(fact, vec![Pattern::any_case(pattern)]))
}

fn with_rules(rules: Vec<ReviewRule>) -> World {
    let mut world = World::new();
    world.rules.reviews = Arc::new(ReviewPolicy { rules, ..ReviewPolicy::default() });
    world
}

const ALL: ReviewQueueQuery =
    ReviewQueueQuery { bastion: None, overdue: false, limit: 100, after: None, walked_at_most: None };

fn queue(world: &World, query: &ReviewQueueQuery) -> ReviewQueue {
    now(review_queue(&world.archivist().reading(), query)).unwrap()
}

fn names(queue: &ReviewQueue) -> Vec<&str> {
    queue.items.iter().map(|item| item.name.as_str()).collect()
}

#[test]
fn a_review_survives_a_crash_at_any_call_and_is_in_the_ledger_once() {
    let died_in = survives_in(World::new, |world| Work::Review(recorded(world, "vm-user"), ReviewOutcome::Finding));
    assert!(died_in.contains("catalogue.save") && died_in.contains("checkpoints.save"), "{died_in:?}");

    let world = World::new();
    let id = recorded(&world, "vm-user");
    let work = Work::Review(id, ReviewOutcome::Finding);
    world.does(&work);
    world.does(&work);
    world.run_until(world.now() + SignedDuration::from_mins(10));
    let written = facts(&world, "recording.reviewed");
    let [fact] = written.as_slice() else { panic!("{written:?}") };
    assert!(fact.contains(r#""outcome":"finding""#) && fact.contains("eve@contoso.example"), "{fact}");
}

proptest! {
    #[test]
    fn the_same_review_by_two_processes_at_once_is_stored_once(turns in turns()) {
        let world = World::new();
        let work = Work::Review(recorded(&world, "vm-user"), ReviewOutcome::Ok);
        let tasks = [(); 2].into_iter().map(|()| {
            let (archivist, work) = (world.archivist_behind(&Arc::new(Gate::open().yielding())), work.clone());
            let task: Task<'_, _> = Box::pin(async move { perform(&archivist, &work).await });
            task
        });
        for result in interleaved(tasks.collect(), &turns) {
            result.unwrap();
        }
        world.run_until(world.now() + SignedDuration::from_mins(10));
        prop_assert_eq!((entries(&world)[0].reviews.len(), facts(&world, "recording.reviewed").len()), (1, 1));
    }
}

#[test]
fn a_refused_review_changes_no_state() {
    let world = World::new();
    let unknown = RecordingId::parse("rec_01kjpyph1yv56czgxgxa6hk7hq").unwrap();
    assert_eq!(mark(&world, unknown, ReviewOutcome::Ok), Err(NotMarked::UnknownRecording));
    world.does(&Work::Event(world.write("vm-user", 9)));
    let before = entries(&world);
    let refused = mark(&world, before[0].id, ReviewOutcome::Ok);
    assert_eq!(refused, Err(NotMarked::Refused(ReviewRefusal::NotFinal)));
    assert_eq!(entries(&world), before);
}

#[test]
fn a_finding_gives_the_recording_another_class_and_its_tags() {
    let mut world = World::new();
    let class = |name: &str, years: &str| Class {
        name: name.to_owned(),
        retain_for: period(years),
        delete_after: Some(period(years)),
        then: Then::Delete,
    };
    let when = text(TextFact::ReviewOutcome, "finding");
    let policy = Policy {
        digest: PolicyDigest("sha256:one".to_owned()),
        starts_at: StartsAt::SessionEnd,
        tolerances: Tolerances::default(),
        default_class: 0,
        classes: vec![class("standard", "P1Y"), class("incident", "P7Y")],
        rules: vec![RetentionRule { name: "findings".to_owned(), when, class: 1, minimum: false }],
        grace: period("P7D"),
        enforce: false,
        executor: Executor::Archivist,
        limits: Limits { max_deletes_per_run: 100, max_delete_percent: 5 },
    };
    world.rules.retention = Some(Arc::new(policy));
    let id = recorded(&world, "vm-user");
    let class_of = |world: &World| entries(world)[0].custody.retention.clone().map(|retention| retention.class);
    assert_eq!(class_of(&world).as_deref(), Some("standard"));
    let marked = mark(&world, id, ReviewOutcome::Finding).unwrap();
    assert!(marked.is_changed);
    assert_eq!(class_of(&world).as_deref(), Some("incident"));
    assert_eq!(crate::promises::outcome::tags(&world)["vm-user"].0["bsr-class"], "incident");
    assert!(!mark(&world, id, ReviewOutcome::Finding).unwrap().is_changed);
}

#[test]
fn an_overwritten_recording_waits_again_with_its_earlier_review() {
    let world = with_rules(vec![rule("all", Condition::All(Vec::new()), 1)]);
    let id = recorded(&world, "vm-a");
    mark(&world, id, ReviewOutcome::Finding).unwrap();
    assert!(queue(&world, &ALL).items.is_empty());
    world.does(&Work::Event(world.write("vm-a", 10)));
    let waiting = queue(&world, &ALL);
    assert_eq!((waiting.items.len(), waiting.items[0].uncounted_reviews), (1, 1));
    assert!(mark(&world, id, ReviewOutcome::Finding).unwrap().is_changed);
    assert!(queue(&world, &ALL).items.is_empty());
}

#[test]
fn an_overwrite_after_a_review_survives_a_crash_at_any_call() {
    survives_in(World::new, |world| {
        let id = recorded(world, "vm-user");
        world.does(&Work::Review(id, ReviewOutcome::Finding));
        Work::Event(world.write("vm-user", 10))
    });
}

#[test]
fn the_queue_has_unreviewed_recordings_by_due_time_with_unknown_facts() {
    let world = with_rules(vec![
        rule("of ann", text(TextFact::Person, "ann*"), 100),
        rule("other machines", text(TextFact::Name, "vm-b*"), 1),
    ]);
    for name in ["vm-a", "vm-b", "vm-c"] {
        recorded(&world, name);
    }
    let found = queue(&world, &ALL);
    assert_eq!((names(&found), found.total, found.is_complete), (vec!["vm-a", "vm-b", "vm-c"], 3, true));
    assert!(found.items.iter().all(|item| item.rule == "of ann" && item.unknown_facts == ["person"]), "{found:?}");

    mark(&world, found.items[1].place.id, ReviewOutcome::Ok).unwrap();
    assert_eq!(names(&queue(&world, &ALL)), ["vm-a", "vm-c"]);
}

#[test]
fn overdue_reviews_come_first_and_can_be_listed_alone() {
    let world = with_rules(vec![
        rule("soon", text(TextFact::Name, "vm-b*"), 1),
        rule("later", Condition::All(Vec::new()), 10_000),
    ]);
    for name in ["vm-a", "vm-b", "vm-c"] {
        recorded(&world, name);
    }
    let found = queue(&world, &ALL);
    assert_eq!((names(&found), found.overdue), (vec!["vm-b", "vm-a", "vm-c"], 1));
    assert_eq!(names(&queue(&world, &ReviewQueueQuery { overdue: true, ..ALL })), ["vm-b"]);
}

#[test]
fn pages_of_the_queue_have_each_recording_once() {
    let world = with_rules(vec![rule("all", Condition::All(Vec::new()), 1)]);
    for name in ["vm-a", "vm-b", "vm-c"] {
        recorded(&world, name);
    }
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = queue(&world, &ReviewQueueQuery { limit: 1, after, ..ALL });
        assert_eq!(page.total, 3);
        found.extend(page.items.into_iter().map(|item| item.name));
        let Some(next) = page.next else { break };
        after = QueuePlace::parse(&next.to_string());
        assert_eq!(after, Some(next));
    }
    assert_eq!(found, ["vm-a", "vm-b", "vm-c"]);
}

#[test]
fn a_queue_that_was_cut_says_so() {
    let world = with_rules(vec![rule("all", Condition::All(Vec::new()), 1)]);
    for name in ["vm-a", "vm-b"] {
        recorded(&world, name);
    }
    let cut = queue(&world, &ReviewQueueQuery { walked_at_most: Some(0), ..ALL });
    assert_eq!((cut.items.len(), cut.is_complete), (0, false));
    let whole = queue(&world, &ReviewQueueQuery { walked_at_most: Some(WALKED_PER_PAGE), ..ALL });
    assert_eq!((whole.items.len(), whole.is_complete), (2, true));
}

#[test]
fn the_queue_has_no_active_or_deleted_recordings_and_none_of_another_bastion() {
    let world = with_rules(vec![rule("all", Condition::All(Vec::new()), 1)]);
    recorded(&world, "vm-a");
    recorded(&world, "vm-gone");
    world.does(&Work::Event(world.delete("vm-gone")));
    world.does(&Work::Event(world.write("vm-new", 9)));
    assert_eq!(names(&queue(&world, &ALL)), ["vm-a"]);
    let at = |name: &str| queue(&world, &ReviewQueueQuery { bastion: Some(BastionName::new(name)), ..ALL });
    assert_eq!((names(&at(BASTION)), at("another").items.len()), (vec!["vm-a"], 0));
    assert_eq!(queue(&World::new(), &ALL), ReviewQueue { is_complete: true, ..ReviewQueue::default() });
}
