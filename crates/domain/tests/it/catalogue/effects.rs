//! Tests effects: stored with the entry, retried, given up, independent of each other.

use domain::policy::tags::plan;
use domain::record::catalogue::Entry;
use domain::record::effect::{Effect, EffectId, EffectOutcome, EffectResult};
use domain::record::tags::TagSet;
use jiff::{SignedDuration, Timestamp};

use crate::catalogue::world::{Name, at, etag, there, written};

fn untouched() -> (Name, Entry) {
    let name = Name::new();
    let entry = name.decide(Some(written(0, 9)), there(0, 0, 9), at(1)).remove(0);
    (name, entry)
}

fn hours(hours: i64) -> Timestamp {
    at(1) + SignedDuration::from_hours(hours)
}

#[test]
fn a_new_recording_is_saved_with_its_pending_effects() {
    let (_, entry) = untouched();
    let ids: Vec<EffectId> = entry.pending.iter().map(|pending| pending.effect.id()).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.contains(&EffectId::Tags));
    assert!(entry.due_at().is_some_and(|due| due <= at(61)), "a sweep runs the effects left over");
}

#[test]
fn a_failing_effect_does_not_block_another() {
    let (_, mut entry) = untouched();
    entry.complete(&EffectId::Tags, EffectResult::Failed { retry_after: None }, at(2));
    let told = entry.pending.iter().find(|pending| pending.effect != Effect::WriteTags).unwrap().effect.id();
    entry.complete(&told, EffectResult::Done(EffectOutcome::HandedOver), at(2));
    assert_eq!(entry.pending.len(), 1);
    assert_eq!(entry.pending[0].attempts, 1);
}

#[test]
fn a_missing_permission_is_retried_for_a_day() {
    let (_, mut entry) = untouched();
    entry.complete(&EffectId::Tags, EffectResult::Refused("403".into()), hours(23));
    assert!(entry.pending(&EffectId::Tags).is_some());
    entry.complete(&EffectId::Tags, EffectResult::Refused("403".into()), hours(24));
    assert!(entry.pending(&EffectId::Tags).is_none());
    assert_eq!(entry.refusals.len(), 1);
}

#[test]
fn a_permanently_refused_effect_is_recorded_and_cleared() {
    let (_, mut entry) = untouched();
    entry.complete(&EffectId::Tags, EffectResult::RefusedForGood("no index tags here".into()), at(2));
    assert!(entry.pending(&EffectId::Tags).is_none());
    assert_eq!(entry.refusals[0].reason, "no index tags here");
    assert_eq!(entry.history.last().unwrap().what.name(), "effect_refused");
}

#[test]
fn a_repeated_refusal_is_recorded_once_with_its_latest_time() {
    let mut name = Name::new();
    for second in 1..50 {
        let changed = name.decide(Some(written(0, 9)), there(0, 0, 9), at(second));
        name.lives.replace(&changed);
        let refused = EffectResult::RefusedForGood("no index tags here".into());
        name.lives.entries[0].complete(&EffectId::Tags, refused, at(second));
    }
    assert_eq!(name.only().refusals.len(), 1);
    assert_eq!(name.only().refusals[0].at, at(49));
}

#[test]
fn the_entry_stays_small_despite_many_refusals() {
    let (_, mut entry) = untouched();
    for second in 1..100 {
        entry.complete(&EffectId::Tags, EffectResult::RefusedForGood(format!("request {second}")), at(second));
    }
    assert_eq!(entry.refusals.len(), 16);
    assert_eq!(entry.refusals.last().unwrap().reason, "request 99");
}

#[test]
fn content_missing_at_a_tag_write_is_observed_again() {
    let (_, mut entry) = untouched();
    entry.complete(&EffectId::Tags, EffectResult::Done(EffectOutcome::ContentGone), at(2));
    assert!(entry.pending(&EffectId::Tags).is_none());
    assert_eq!(entry.wake_at, Some(at(2)));
    assert!(entry.refusals.is_empty());
}

#[test]
fn tags_of_an_outdated_state_are_written_again() {
    let (mut name, entry) = untouched();
    let stale =
        EffectOutcome::TagsWritten { etag: etag(0), plan: plan(&entry), tags: TagSet::default(), left_out: Vec::new() };
    name.lives.replace(&[entry]);
    name.look(there(0, 0, 9), at(400));
    let mut settled = name.only().clone();
    assert!(settled.pending(&EffectId::Tags).is_none());
    settled.complete(&EffectId::Tags, EffectResult::Done(stale), at(401));
    assert!(settled.pending(&EffectId::Tags).is_some(), "the slower writer came last");
}

#[test]
fn tags_that_a_rewrite_dropped_are_written_again() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    let rewritten = name.decide(Some(written(60, 10)), there(0, 60, 10), at(61)).remove(0);
    assert!(rewritten.pending(&EffectId::Tags).is_some());
}
