//! Tests approvals: valid for one week, and only for the approved disposition.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::policy::retention::{Disposition, Policy, Warrant};
use domain::record::catalogue::RecordingState;
use domain::record::retention::{Approval, Executor, PolicyDigest, Spared, Then};

use crate::catalogue::custody::{DAY, class, expiring, finished, known};
use crate::catalogue::world::{Name, at, there};

#[test]
fn a_reviewed_recording_waits_for_an_approval_that_expires() {
    let mut review = known();
    review.classes[0].then = Then::Review;
    let mut name = finished(review);
    name.command(EntryCommand::Mark, there(0, 0, 9), at(32 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(60 * DAY));
    assert_eq!(name.only().state, RecordingState::Expiring);
    let approval = Approval { plan: "plan".to_owned(), by: "ada".to_owned(), until: at(61 * DAY) };
    name.command(approve(&name, approval), there(0, 0, 9), at(60 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(61 * DAY));
    assert_eq!(name.only().state, RecordingState::Expiring, "the leave is over");
    let ahead = Approval { plan: "plan".to_owned(), by: "ada".to_owned(), until: at(430 * DAY) };
    name.command(approve(&name, ahead), there(0, 0, 9), at(62 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(62 * DAY));
    assert_eq!(name.only().state, RecordingState::Expiring, "the leave was given by a clock that is a year ahead");
    let approval = Approval { plan: "plan".to_owned(), by: "ada".to_owned(), until: at(69 * DAY) };
    name.command(approve(&name, approval), there(0, 0, 9), at(62 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(62 * DAY));
    assert_eq!(name.only().state, RecordingState::Deleted);
}

/// Approves the present disposition of the only entry.
pub fn approve(name: &Name, approval: Approval) -> EntryCommand {
    EntryCommand::Approve { approval, planned: Disposition::from_entry(name.only()).unwrap() }
}

/// An approval valid for the week after this day.
fn leave(day: i64) -> Approval {
    Approval { plan: "plan".to_owned(), by: "ada".to_owned(), until: at((day + 7) * DAY) }
}

/// A recording with an approved deletion, after a change of the policy.
fn allowed_and_then(change: impl FnOnce(&mut Policy)) -> Name {
    let mut name = expiring();
    name.command(approve(&name, leave(40)), there(0, 0, 9), at(40 * DAY));
    let mut policy = Policy { digest: PolicyDigest("sha256:two".to_owned()), ..known() };
    change(&mut policy);
    name.rules.retention = Some(Arc::new(policy));
    name
}

/// Change of a policy.
type Change = fn(&mut Policy);

#[test]
fn an_approval_is_valid_while_class_and_dates_are_unchanged() {
    let changes: [(&str, Change, bool); 4] = [
        ("nothing", |_| {}, true),
        ("its end", |policy| policy.classes[0].then = Then::Review, false),
        ("its class", |policy| policy.classes[0].name = "other".to_owned(), false),
        ("its last day", |policy| policy.classes[0] = class("standard", "P1M", "P37D", Then::Delete), false),
    ];
    for (what, change, goes) in changes {
        for is_looked_at in [false, true] {
            let mut name = allowed_and_then(change);
            if is_looked_at {
                name.look(there(0, 0, 9), at(41 * DAY));
            }
            name.command(EntryCommand::DisposeApproved, there(0, 0, 9), at(42 * DAY));
            assert_eq!(
                name.only().state == RecordingState::Deleted,
                goes,
                "{what} changes, checked before: {is_looked_at}"
            );
        }
    }
}

#[test]
fn an_approval_to_delete_is_invalid_for_a_review() {
    let mut name = allowed_and_then(|policy| policy.classes[0].then = Then::Review);
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(41 * DAY));
    assert_eq!(name.only().state, RecordingState::Expiring);
    assert_eq!(name.only().custody.disposal.as_ref().unwrap().approval, None);
    name.command(approve(&name, leave(41)), there(0, 0, 9), at(41 * DAY));
    name.command(EntryCommand::DisposeApproved, there(0, 0, 9), at(41 * DAY));
    assert_eq!(name.only().state, RecordingState::Deleted);
}

#[test]
fn an_approval_of_a_review_is_ignored_for_a_plain_deletion() {
    let mut review = known();
    review.classes[0].then = Then::Review;
    let mut name = finished(review);
    name.command(EntryCommand::Mark, there(0, 0, 9), at(32 * DAY));
    name.command(approve(&name, leave(40)), there(0, 0, 9), at(40 * DAY));
    name.rules.retention = Some(Arc::new(known()));
    name.command(EntryCommand::Reapply { by: "ops".to_owned() }, there(0, 0, 9), at(41 * DAY));
    name.command(EntryCommand::DisposeApproved, there(0, 0, 9), at(41 * DAY));
    assert_eq!(name.only().state, RecordingState::Expiring, "the limits of a run count");
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(41 * DAY));
    let tombstone = name.only().custody.tombstone.as_ref().unwrap();
    assert_eq!((tombstone.then, &tombstone.approval), (Then::Delete, &None));
}

#[test]
fn an_approval_of_a_changed_recording_is_dropped() {
    let planned = Disposition::from_entry(expiring().only()).unwrap();
    let others = [
        Disposition { etag: domain::record::blob::ETag::new("another"), ..planned.clone() },
        Disposition { class: "another".to_owned(), ..planned.clone() },
        Disposition { delete_after: None, ..planned.clone() },
        Disposition { then: Then::Review, ..planned.clone() },
    ];
    for planned in others {
        let mut name = expiring();
        name.command(EntryCommand::Approve { approval: leave(40), planned }, there(0, 0, 9), at(40 * DAY));
        assert_eq!(name.only().custody.disposal.as_ref().unwrap().approval, None);
    }
}

#[test]
fn an_approved_order_is_dropped_if_the_recording_changes() {
    for executor in Executor::ALL {
        let mut name = allowed_and_then(|policy| policy.executor = executor);
        let command = Some((name.only().id, EntryCommand::DisposeApproved));
        name.decide_and_die(command, there(0, 0, 9), at(41 * DAY));
        assert!(name.only().custody.disposal.as_ref().unwrap().order.is_some());
        let mut policy = Policy { executor, ..known() };
        policy.classes[0].name = "other".to_owned();
        name.rules.retention = Some(Arc::new(policy));
        name.look(there(0, 0, 9), at(41 * DAY + 3600));
        assert_eq!(name.only().state, RecordingState::Expiring, "{executor:?}");
        assert_eq!(name.only().custody.disposal.as_ref().unwrap().order, None, "{executor:?}");
    }
}

/// Returns the reason if an ordered deletion is refused after a change of the policy.
fn spared_under(name: &Name, change: impl FnOnce(&mut Policy)) -> Option<Spared> {
    let mut policy = known();
    change(&mut policy);
    Warrant::prove(name.only(), &[], Some(&policy), at(41 * DAY)).err()
}

#[test]
fn an_order_is_dropped_if_the_policy_now_requires_another_approval() {
    let reviewed = |policy: &mut Policy| policy.classes[0].then = Then::Review;
    let renamed = |policy: &mut Policy| policy.classes[0].name = "other".to_owned();
    let mut name = expiring();
    name.decide_and_die(Some((name.only().id, EntryCommand::Dispose)), there(0, 0, 9), at(41 * DAY));
    assert_eq!(spared_under(&name, reviewed), Some(Spared::NotApproved));
    assert_eq!(spared_under(&name, renamed), None, "it needed no approval");
    let mut name = allowed_and_then(|_| {});
    name.decide_and_die(Some((name.only().id, EntryCommand::DisposeApproved)), there(0, 0, 9), at(41 * DAY));
    assert_eq!(spared_under(&name, |_| {}), None);
    assert_eq!(spared_under(&name, reviewed), Some(Spared::NotApproved));
    assert_eq!(spared_under(&name, renamed), Some(Spared::NotApproved));
}

#[test]
fn an_expired_approval_is_absent_from_a_later_deletion() {
    let mut name = allowed_and_then(|_| {});
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(48 * DAY));
    assert_eq!(name.only().custody.tombstone.as_ref().map(|tombstone| &tombstone.approval), Some(&None));
}

#[test]
fn a_tombstone_of_an_approved_order_names_the_approver() {
    let mut name = allowed_and_then(|_| {});
    let command = Some((name.only().id, EntryCommand::DisposeApproved));
    name.decide_and_die(command, there(0, 0, 9), at(41 * DAY));
    let mut policy = known();
    policy.classes[0].name = "other".to_owned();
    name.rules.retention = Some(Arc::new(policy));
    name.look(domain::record::blob::BlobObservation::Gone, at(41 * DAY + 60));
    let tombstone = name.only().custody.tombstone.as_ref().unwrap();
    assert_eq!(tombstone.approval.as_ref().unwrap().by, "ada");
}
