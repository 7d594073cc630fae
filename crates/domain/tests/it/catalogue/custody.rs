//! Tests retention, holds and disposition of an entry.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::policy::join::Tolerances;
use domain::policy::matcher::{Condition, Pattern, Test, TextFact};
use domain::policy::retention::{Class, Limits, Period, Policy, RetentionRule, RetentionVerdict, StartsAt};
use domain::record::blob::{BlobEvent, Happening, StorageRequest};
use domain::record::catalogue::{EntryChangeKind, RecordingState};
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::retention::{Approval, Executor, PolicyDigest, Then};
use jiff::Timestamp;

use crate::catalogue::leaves::approve;
use crate::catalogue::world::{Name, at, deleted, there, written};

pub const DAY: i64 = 24 * 3600;

pub fn class(name: &str, retain: &str, delete: &str, then: Then) -> Class {
    let period = |text: &str| Period::parse(text).unwrap();
    let delete_after = (then != Then::Keep).then(|| period(delete));
    Class { name: name.to_owned(), retain_for: period(retain), delete_after, then }
}

/// One month and one week for most recordings, half a year with a review for those of this person.
pub fn policy() -> Policy {
    let of_ada = Condition::Is(Test::Text(TextFact::Person, vec![Pattern::any_case("ada@contoso.example")]));
    let named = Condition::Is(Test::Text(TextFact::Name, vec![Pattern::any_case("vm-*")]));
    Policy {
        digest: PolicyDigest("sha256:one".to_owned()),
        starts_at: StartsAt::SessionEnd,
        tolerances: Tolerances::default(),
        default_class: 0,
        classes: vec![
            class("standard", "P1M", "P1M", Then::Delete),
            class("brief", "P1D", "P1D", Then::Delete),
            class("half-year", "P6M", "P6M", Then::Review),
        ],
        rules: vec![
            RetentionRule { name: "of ada".to_owned(), when: of_ada, class: 2, minimum: false },
            RetentionRule { name: "machines".to_owned(), when: named, class: 0, minimum: true },
        ],
        grace: Period::parse("P7D").unwrap(),
        enforce: true,
        executor: Executor::Archivist,
        limits: Limits { max_deletes_per_run: 100, max_delete_percent: 5 },
    }
}

/// Like [`policy`], but without the rule that cannot be decided.
pub fn known() -> Policy {
    let mut policy = policy();
    policy.rules.remove(0);
    policy
}

/// A final recording of 2026-03-02 under this policy.
pub fn finished(policy: Policy) -> Name {
    let mut name = Name::new();
    name.rules.retention = Some(Arc::new(policy));
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.look(there(0, 0, 9), at(13 * 3600));
    name
}

/// Like [`finished`], but marked for deletion on the first day after its last one.
pub fn expiring() -> Name {
    let mut name = finished(known());
    name.command(EntryCommand::Mark, there(0, 0, 9), at(32 * DAY));
    assert_eq!(name.only().state, RecordingState::Expiring);
    name
}

pub fn hold(scope: HoldScope) -> Hold {
    let actor = Actor { name: "counsel".to_owned(), is_verified: true };
    Hold::new("CASE-7", "a letter of the court", scope, actor, at(0))
}

fn on_bastion() -> HoldScope {
    HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() }
}

pub fn verdict(name: &Name, now: Timestamp) -> RetentionVerdict {
    RetentionVerdict::from_entry(name.only(), now)
}

fn tag(name: &Name, key: &str) -> Option<String> {
    name.only().tags.0.get(key).cloned()
}

#[test]
fn a_final_recording_has_its_retention_in_its_tags() {
    let mut name = Name::new();
    name.rules.retention = Some(Arc::new(known()));
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    assert_eq!(name.only().custody.retention, None);
    name.look(there(0, 0, 9), at(13 * 3600));
    let retention = name.only().custody.retention.clone().unwrap();
    assert_eq!(
        (retention.class.as_str(), retention.rules.as_slice()),
        ("standard", ["machines".to_owned()].as_slice())
    );
    assert_eq!(retention.retain_until.to_string(), "2026-04-02");
    assert_eq!(
        (tag(&name, "bsr-class"), tag(&name, "bsr-expires")),
        (Some("standard".into()), Some("2026-04-02".into()))
    );
}

#[test]
fn a_recording_is_due_on_the_day_after_its_last() {
    let name = finished(known());
    let midnight: Timestamp = "2026-04-03T00:00:00Z".parse().unwrap();
    assert_eq!(verdict(&name, midnight - jiff::SignedDuration::from_nanos(1)), RetentionVerdict::Keep);
    assert_eq!(verdict(&name, midnight), RetentionVerdict::Due);
    assert_eq!(name.only().disposal_at(), Some(midnight));
}

#[test]
fn an_undecidable_rule_keeps_a_recording() {
    let mut name = finished(policy());
    assert_eq!(name.only().custody.retention.as_ref().unwrap().unknown, ["of ada"]);
    assert_eq!((verdict(&name, at(900 * DAY)), name.only().disposal_at()), (RetentionVerdict::Unknown, None));
    name.command(EntryCommand::Mark, there(0, 0, 9), at(900 * DAY));
    assert_eq!(name.only().state, RecordingState::Settled);
}

#[test]
fn a_recording_is_warned_about_and_then_deleted_with_a_tombstone() {
    let mut name = expiring();
    assert_eq!(name.told_names().last(), Some(&"recording.expiring"));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(39 * DAY - 1));
    assert_eq!(name.only().state, RecordingState::Expiring, "the grace is not over");
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(39 * DAY));
    assert_eq!(name.only().state, RecordingState::Deleted);
    let tombstone = name.only().custody.tombstone.clone().unwrap();
    assert_eq!((tombstone.class.as_str(), tombstone.by, tombstone.size), ("standard", Executor::Archivist, Some(9)));
    name.look(domain::record::blob::BlobObservation::Gone, at(39 * DAY + 60));
    assert_eq!((name.only().state, name.told_names().last()), (RecordingState::Deleted, Some(&"recording.deleted")));
}

#[test]
fn without_enforcement_nothing_is_marked_or_deleted() {
    let mut name = finished(Policy { enforce: false, ..known() });
    assert!(!name.command(EntryCommand::Mark, there(0, 0, 9), at(900 * DAY)));
    let mut name = expiring();
    name.rules.retention = Some(Arc::new(Policy { enforce: false, ..known() }));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(900 * DAY));
    assert_eq!(name.only().state, RecordingState::Settled);
}

#[test]
fn a_recording_is_warned_again_after_enforcement_resumes() {
    for stopped in [Some(Policy { enforce: false, ..known() }), None] {
        let mut name = expiring();
        name.rules.retention = stopped.map(Arc::new);
        name.look(there(0, 0, 9), at(33 * DAY));
        assert_eq!((name.only().state, &name.only().custody.disposal), (RecordingState::Settled, &None));
        assert_eq!(name.only().history.last().unwrap().what, EntryChangeKind::Spared("not_enforced".to_owned()));
        name.rules.retention = Some(Arc::new(known()));
        name.command(EntryCommand::Dispose, there(0, 0, 9), at(400 * DAY));
        assert_eq!(name.only().state, RecordingState::Settled, "a notification of a year ago is no warning");
        name.command(EntryCommand::Mark, there(0, 0, 9), at(400 * DAY));
        assert_eq!(name.told_names().iter().filter(|told| **told == "recording.expiring").count(), 2);
        name.command(EntryCommand::Dispose, there(0, 0, 9), at(407 * DAY));
        assert_eq!(name.only().state, RecordingState::Deleted);
    }
}

#[test]
fn an_ordered_deletion_counts_as_ours_after_enforcement_stopped() {
    let mut name = expiring();
    let command = Some((name.only().id, EntryCommand::Dispose));
    name.decide_and_die(command, there(0, 0, 9), at(39 * DAY));
    name.rules.retention = Some(Arc::new(Policy { enforce: false, ..known() }));
    name.look(domain::record::blob::BlobObservation::Gone, at(39 * DAY + 60));
    assert_eq!((name.only().state, name.only().custody.tombstone.is_some()), (RecordingState::Deleted, true));
}

#[test]
fn a_hold_cancels_an_expiry_and_its_release_restarts_the_warning() {
    let mut name = expiring();
    name.holds = vec![hold(on_bastion())];
    name.look(there(0, 0, 9), at(38 * DAY));
    assert_eq!((name.only().state, verdict(&name, at(38 * DAY))), (RecordingState::Settled, RetentionVerdict::Held));
    assert_eq!((tag(&name, "bsr-hold"), name.only().disposal_at()), (Some("CASE-7".into()), None));
    name.holds.clear();
    name.look(there(0, 0, 9), at(100 * DAY));
    assert_eq!((tag(&name, "bsr-hold"), verdict(&name, at(100 * DAY))), (Some("none".into()), RetentionVerdict::Due));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(100 * DAY));
    assert_eq!(name.only().state, RecordingState::Settled, "no warning was sent since");
    name.command(EntryCommand::Mark, there(0, 0, 9), at(100 * DAY));
    assert_eq!(name.only().disposal_at(), Some(jiff::Timestamp::from_second(at(107 * DAY).as_second()).unwrap()));
    assert_eq!(name.told_names().iter().filter(|told| **told == "recording.expiring").count(), 2);
}

#[test]
fn a_hold_on_a_person_covers_a_recording_of_unknown_owner() {
    let mut name = expiring();
    name.holds = vec![hold(HoldScope { person: Some("ada@contoso.example".to_owned()), ..HoldScope::default() })];
    name.look(there(0, 0, 9), at(33 * DAY));
    assert_eq!(verdict(&name, at(33 * DAY)), RetentionVerdict::Held);
    assert!(!name.only().custody.holds[0].is_certain);
}

#[test]
fn new_content_restarts_the_disposition() {
    let mut name = expiring();
    name.hear(written(35 * DAY, 10), there(0, 35 * DAY, 10), at(35 * DAY + 1));
    assert_eq!((name.only().state, &name.only().custody.disposal), (RecordingState::Settled, &None));
}

#[test]
fn a_policy_extends_retention_by_itself_and_shortens_on_command() {
    let mut name = finished(known());
    let with = |retain: &str, digest: &str| {
        let classes = vec![class("standard", retain, retain, Then::Delete)];
        Policy { classes, digest: PolicyDigest(digest.to_owned()), ..known() }
    };
    let until = |name: &Name| name.only().custody.retention.as_ref().unwrap().delete_after.unwrap().to_string();
    name.rules.retention = Some(Arc::new(with("P2M", "sha256:two")));
    name.look(there(0, 0, 9), at(2 * DAY));
    assert_eq!(until(&name), "2026-05-02");
    name.rules.retention = Some(Arc::new(with("P3D", "sha256:three")));
    name.look(there(0, 0, 9), at(3 * DAY));
    assert_eq!(until(&name), "2026-05-02");
    let reapply = EntryCommand::Reapply { by: "jane (unverified)".to_owned() };
    name.command(reapply.clone(), there(0, 0, 9), at(3 * DAY));
    assert_eq!(until(&name), "2026-03-05");
    assert_eq!(name.only().custody.retention.as_ref().unwrap().policy.0, "sha256:three");
    // The author of the shortening is stored once.
    name.command(reapply, there(0, 0, 9), at(3 * DAY));
    let shortened = name.only().history.iter().filter_map(|change| match &change.what {
        EntryChangeKind::Shortened { class, delete_after, by } => Some(format!("{class} {delete_after:?} {by}")),
        _ => None,
    });
    assert_eq!(shortened.collect::<Vec<_>>(), ["standard Some(2026-03-05) jane (unverified)"]);
}

#[test]
fn a_given_class_beats_rules_but_no_minimum() {
    let mut name = finished(policy());
    let give = |class: Option<&str>| EntryCommand::GiveClass { class: class.map(str::to_owned), by: "ops".to_owned() };
    name.command(give(Some("brief")), there(0, 0, 9), at(2 * DAY));
    let retention = name.only().custody.retention.clone().unwrap();
    assert_eq!((retention.unknown.len(), retention.retain_until.to_string()), (0, "2026-04-02".to_owned()));
    name.command(give(Some("half-year")), there(0, 0, 9), at(2 * DAY));
    let retention = name.only().custody.retention.clone().unwrap();
    assert_eq!((retention.class.as_str(), retention.then), ("half-year", Then::Review));
    name.command(give(Some("no such class")), there(0, 0, 9), at(2 * DAY));
    assert_eq!(verdict(&name, at(900 * DAY)), RetentionVerdict::Unknown);
}

/// A delete event with this client request id.
pub fn deleted_by(second: i64, client_id: Option<String>) -> BlobEvent {
    let request = StorageRequest { api: Some("DeleteBlob".to_owned()), id: Some("r".to_owned()), client_id };
    BlobEvent { what: Happening::Deleted(request), ..deleted(second) }
}

#[test]
fn a_delete_is_ours_if_it_was_decided_and_has_our_id() {
    let gone = domain::record::blob::BlobObservation::Gone;
    let id = |name: &Name| {
        let entry = name.only();
        entry.custody.disposal.as_ref().map(|disposal| disposal.client_request_id(entry))
    };
    let mut name = expiring();
    let ours = id(&name);
    name.hear(deleted_by(33 * DAY, ours), gone.clone(), at(33 * DAY));
    assert_eq!(name.told_names().last(), Some(&"recording.deleted_unexpectedly"), "no person had decided it");
    assert_eq!(name.only().custody.tombstone, None);

    let mut name = expiring();
    let ours = id(&name);
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(39 * DAY));
    name.hear(deleted_by(39 * DAY + 1, ours), gone.clone(), at(39 * DAY + 2));
    assert!(!name.told_names().contains(&"recording.deleted_unexpectedly"));
    assert_eq!(name.told_names().last(), Some(&"recording.deleted"));

    let mut name = expiring();
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(39 * DAY));
    name.hear(deleted_by(39 * DAY + 1, Some("somebody".to_owned())), gone, at(39 * DAY + 2));
    assert_eq!(name.told_names().last(), Some(&"recording.deleted_unexpectedly"));
    assert_eq!(name.only().custody.tombstone, None);
}

#[test]
fn a_due_tag_stays_until_a_hold_withdraws_it() {
    let mut name = finished(Policy { executor: Executor::Lifecycle, ..known() });
    name.command(EntryCommand::Mark, there(0, 0, 9), at(32 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(40 * DAY));
    assert_eq!((name.only().state, tag(&name, "bsr-state")), (RecordingState::Expiring, Some("due".into())));
    name.holds = vec![hold(on_bastion())];
    name.look(there(0, 0, 9), at(40 * DAY + 60));
    assert_eq!((tag(&name, "bsr-state"), tag(&name, "bsr-hold")), (Some("pending".into()), Some("CASE-7".into())));
    name.holds.clear();
    name.command(EntryCommand::Mark, there(0, 0, 9), at(50 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(57 * DAY));
    name.hear(deleted_by(58 * DAY, None), domain::record::blob::BlobObservation::Gone, at(58 * DAY));
    assert_eq!(name.told_names().last(), Some(&"recording.deleted"));
    assert_eq!(name.only().custody.tombstone.as_ref().unwrap().by, Executor::Lifecycle);
}

#[test]
fn a_lifecycle_order_is_withdrawn_if_the_policy_requires_review() {
    let lifecycle = |then| {
        let mut policy = Policy { executor: Executor::Lifecycle, ..known() };
        policy.classes[0].then = then;
        policy
    };
    let mut name = finished(lifecycle(Then::Delete));
    name.command(EntryCommand::Mark, there(0, 0, 9), at(32 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(40 * DAY));
    assert_eq!(tag(&name, "bsr-state"), Some("due".into()));
    name.rules.retention = Some(Arc::new(lifecycle(Then::Review)));
    name.look(there(0, 0, 9), at(40 * DAY + 60));
    assert_eq!(tag(&name, "bsr-state"), Some("pending".into()));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(41 * DAY));
    assert_eq!(tag(&name, "bsr-state"), Some("pending".into()), "no person has allowed it");
    let approval = Approval { plan: "p".to_owned(), by: "ada".to_owned(), until: at(47 * DAY) };
    name.command(approve(&name, approval), there(0, 0, 9), at(41 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(41 * DAY + 60));
    name.look(there(0, 0, 9), at(42 * DAY));
    assert_eq!(tag(&name, "bsr-state"), Some("due".into()));
}

#[test]
fn a_deletion_with_a_lost_result_is_ours_and_notified_once() {
    let mut name = expiring();
    // The deletion is decided and carried out, but the process dies before saving the result.
    let command = Some((name.only().id, EntryCommand::Dispose));
    name.decide_and_die(command, there(0, 0, 9), at(39 * DAY));
    let ours = name.only().custody.disposal.as_ref().map(|disposal| disposal.client_request_id(name.only()));
    name.look(domain::record::blob::BlobObservation::Gone, at(39 * DAY + 60));
    assert_eq!((name.only().state, name.only().custody.tombstone.is_some()), (RecordingState::Deleted, true));
    name.hear(deleted_by(39 * DAY + 1, ours), domain::record::blob::BlobObservation::Gone, at(39 * DAY + 90));
    assert_eq!(name.told_names().iter().filter(|told| told.starts_with("recording.deleted")).count(), 1);
    assert_eq!(name.only().history.iter().filter(|change| change.what.name() == "deleted").count(), 1);
}

#[test]
fn a_lifecycle_order_is_withdrawn_if_the_executor_changes() {
    let of_platform = || Policy { executor: Executor::Lifecycle, ..known() };
    let ordered = || {
        let mut name = finished(of_platform());
        name.command(EntryCommand::Mark, there(0, 0, 9), at(32 * DAY));
        name.command(EntryCommand::Dispose, there(0, 0, 9), at(40 * DAY));
        assert_eq!(tag(&name, "bsr-state"), Some("due".into()));
        name
    };
    let mut name = ordered();
    name.rules.retention = Some(Arc::new(Policy { enforce: false, ..of_platform() }));
    name.look(there(0, 0, 9), at(40 * DAY + 60));
    assert_eq!((tag(&name, "bsr-state"), name.only().state), (Some("pending".into()), RecordingState::Settled));
    let mut name = ordered();
    name.rules.retention = Some(Arc::new(known()));
    name.look(there(0, 0, 9), at(40 * DAY + 60));
    assert_eq!(tag(&name, "bsr-state"), Some("pending".into()));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(41 * DAY));
    assert_eq!(name.only().custody.tombstone.as_ref().unwrap().by, Executor::Archivist);
}
