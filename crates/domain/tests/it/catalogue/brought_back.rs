//! Tests recordings that are restored after a delete.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::policy::retention::{Policy, RetentionVerdict};
use domain::record::access::{AccessKind, AccessLine, BlobAccesses, LifeSpan};
use domain::record::accessor::Accessor;
use domain::record::blob::{BlobObservation, ETag};
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::effect::EffectId;
use domain::record::hold::HoldScope;
use domain::record::ledger::Sha256;
use domain::record::retention::{Fingerprint, PolicyDigest, Then};
use jiff::Timestamp;

use crate::catalogue::custody::{DAY, class, deleted_by, expiring, finished, hold, known, verdict};
use crate::catalogue::world::{Name, at, etag, there, written};

#[test]
fn a_hold_on_a_recording_covers_its_restored_blob() {
    let mut name = finished(known());
    let held = name.only().id;
    name.holds = vec![hold(HoldScope { recording: Some(held), ..HoldScope::default() })];
    name.look(there(0, 0, 9), at(DAY));
    assert_eq!(name.only().custody.holds.len(), 1);
    for round in 1..3 {
        name.hear(
            deleted_by(DAY * round + 60, Some("somebody".to_owned())),
            BlobObservation::Gone,
            at(DAY * round + 60),
        );
        name.look(there(0, 0, 9), at(DAY * round + 120));
        let back = name.lives.entries.iter().find(|entry| entry.state.is_there()).unwrap();
        assert_ne!(back.id, held);
        assert_eq!(
            (back.custody.holds.len(), RetentionVerdict::from_entry(back, at(60 * DAY))),
            (1, RetentionVerdict::Held),
            "{round}"
        );
    }
}

/// The present entry of the name.
fn present(name: &Name) -> &Entry {
    name.lives.entries.iter().find(|entry| entry.state.is_there()).unwrap()
}

/// Stores the hash of the present content, written at `modified`.
fn hash(name: &mut Name, modified: i64, content: &[u8], now: Timestamp) {
    let print = Fingerprint::new(etag(modified), 9, Sha256::hash(content));
    let id = present(name).id;
    let created = if modified == 0 { 0 } else { 4 * DAY };
    name.decide_and_die(Some((id, EntryCommand::Hashed(print))), there(created, modified, 9), now);
}

/// A held recording, hashed if `is_hashed`, then deleted, and a final blob of its name with another ETag.
fn put_back(is_hashed: bool) -> Name {
    let mut name = finished(known());
    let id = name.only().id;
    name.holds = vec![hold(HoldScope { recording: Some(id), ..HoldScope::default() })];
    if is_hashed {
        hash(&mut name, 0, b"the recording", at(DAY));
    }
    let class = EntryCommand::GiveClass { class: Some("half-year".to_owned()), by: "ops".to_owned() };
    name.command(class, there(0, 0, 9), at(DAY));
    name.hear(deleted_by(3 * DAY, Some("somebody".to_owned())), BlobObservation::Gone, at(3 * DAY));
    name.hear(written(4 * DAY, 9), there(4 * DAY, 4 * DAY, 9), at(4 * DAY));
    name.look(there(4 * DAY, 4 * DAY, 9), at(5 * DAY));
    assert!(present(&name).id != id && present(&name).final_at.is_some());
    name
}

fn held(name: &Name) -> Vec<bool> {
    present(name).custody.holds.iter().map(|held| held.is_certain).collect()
}

#[test]
fn a_hold_follows_the_same_content_under_another_etag() {
    let mut name = put_back(true);
    hash(&mut name, 4 * DAY, b"the recording", at(6 * DAY));
    assert_eq!(held(&name), [true]);
    assert_eq!(RetentionVerdict::from_entry(present(&name), at(900 * DAY)), RetentionVerdict::Held);
    assert_eq!(present(&name).custody.given_class.as_deref(), Some("half-year"));
    name.holds.clear();
    name.look(there(4 * DAY, 4 * DAY, 9), at(7 * DAY));
    assert_eq!(held(&name), [false; 0]);
}

#[test]
fn a_hold_does_not_follow_to_another_content_of_the_name() {
    let mut name = put_back(true);
    hash(&mut name, 4 * DAY, b"another one", at(6 * DAY));
    assert_eq!(held(&name), [false; 0]);
    assert_eq!(RetentionVerdict::from_entry(present(&name), at(900 * DAY)), RetentionVerdict::Due);
    assert_eq!(present(&name).custody.given_class, None);
}

#[test]
fn a_blob_put_back_under_a_held_name_is_kept_until_both_hashes_are_known() {
    for is_hashed in [false, true] {
        let mut name = put_back(is_hashed);
        assert_eq!(held(&name), [false], "it may be the held one");
        let mark = Some((present(&name).id, EntryCommand::Mark));
        name.decide_and_die(mark, there(4 * DAY, 4 * DAY, 9), at(900 * DAY));
        assert_eq!(present(&name).custody.disposal, None);
    }
    let mut name = put_back(false);
    hash(&mut name, 4 * DAY, b"the recording", at(6 * DAY));
    assert_eq!(held(&name), [false], "the hash of the earlier content is not known and never will be");
}

#[test]
fn a_blob_of_another_size_is_another_recording() {
    let mut name = put_back(true);
    name.hear(deleted_by(6 * DAY, Some("somebody".to_owned())), BlobObservation::Gone, at(6 * DAY));
    name.hear(written(7 * DAY, 7), there(7 * DAY, 7 * DAY, 7), at(7 * DAY));
    name.look(there(7 * DAY, 7 * DAY, 7), at(8 * DAY));
    assert!(present(&name).final_at.is_some() && held(&name).is_empty());
}

#[test]
fn a_given_class_survives_the_restoration_of_the_blob() {
    let mut name = finished(known());
    let class = name.only().custody.retention.clone().unwrap().class;
    let give = EntryCommand::GiveClass { class: Some(class.clone()), by: "ops".to_owned() };
    let given = name.only().id;
    name.command(give, there(0, 0, 9), at(DAY));
    name.hear(deleted_by(DAY + 60, Some("somebody".to_owned())), BlobObservation::Gone, at(DAY + 60));
    name.look(there(0, 0, 9), at(DAY + 120));
    let back = name.lives.entries.iter().find(|entry| entry.state.is_there()).unwrap();
    assert_ne!(back.id, given);
    assert_eq!(back.custody.given_class, Some(class));
}

#[test]
fn a_restored_recording_goes_through_the_whole_disposition_again() {
    let mut name = expiring();
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(39 * DAY));
    name.look(domain::record::blob::BlobObservation::Gone, at(39 * DAY + 1));
    assert_eq!(name.only().state, RecordingState::Deleted);
    name.look(there(0, 0, 9), at(40 * DAY));
    assert_eq!((name.only().state, &name.only().custody.tombstone), (RecordingState::Settled, &None));
    assert_eq!(verdict(&name, at(40 * DAY)), RetentionVerdict::Due);
    name.command(EntryCommand::Mark, there(0, 0, 9), at(40 * DAY));
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(47 * DAY));
    name.look(domain::record::blob::BlobObservation::Gone, at(47 * DAY + 1));
    assert_eq!(name.told_names().iter().filter(|told| **told == "recording.deleted").count(), 2);
}

#[test]
fn a_restored_recording_ignores_an_old_order_and_is_warned_again() {
    for (is_ordered, is_heard) in [(false, true), (true, true), (false, false), (true, false)] {
        let mut name = expiring();
        let old = name.only().id;
        if is_ordered {
            // The deletion was decided, but the process died before carrying it out.
            name.decide_and_die(Some((old, EntryCommand::Dispose)), there(0, 0, 9), at(39 * DAY));
        }
        if is_heard {
            let by_others = deleted_by(39 * DAY + 1, Some("somebody".to_owned()));
            name.hear(by_others, domain::record::blob::BlobObservation::Gone, at(39 * DAY + 60));
            assert_eq!((name.only().state, &name.only().custody.tombstone), (RecordingState::Deleted, &None));
        } else {
            name.look(domain::record::blob::BlobObservation::Gone, at(39 * DAY + 60));
            assert!(!name.only().state.is_there());
        }
        name.look(there(0, 0, 9), at(40 * DAY));
        // A received delete ends the life, so another one begins; otherwise the life continues.
        let entries = &name.lives.entries;
        assert!(entries.iter().all(|entry| entry.pending(&EffectId::DeleteBlob).is_none()));
        let back = entries.iter().find(|entry| entry.state.is_there()).unwrap();
        assert_eq!((entries.len(), back.id == old), (1 + usize::from(is_heard), !is_heard));
        assert_eq!((back.state, &back.custody.disposal), (RecordingState::Settled, &None), "{is_ordered} {is_heard}");
        assert_eq!(RetentionVerdict::from_entry(back, at(40 * DAY)), RetentionVerdict::Due);
        // The grace period runs once more.
        let id = back.id;
        for (command, day) in [(EntryCommand::Mark, 40), (EntryCommand::Dispose, 41)] {
            name.decide_and_die(Some((id, command)), there(0, 0, 9), at(day * DAY));
        }
        let back = name.lives.entries.iter().find(|entry| entry.id == id).unwrap();
        assert_eq!((back.state, back.custody.disposal.as_ref().unwrap().order), (RecordingState::Expiring, None));
    }
}

#[test]
fn a_restored_recording_follows_the_current_policy() {
    let mut name = expiring();
    name.command(EntryCommand::Dispose, there(0, 0, 9), at(39 * DAY));
    name.look(domain::record::blob::BlobObservation::Gone, at(39 * DAY + 1));
    let longer = vec![class("standard", "P1Y", "P1Y", Then::Delete)];
    name.rules.retention =
        Some(Arc::new(Policy { classes: longer, digest: PolicyDigest("sha256:later".to_owned()), ..known() }));
    name.look(there(0, 0, 9), at(40 * DAY));
    assert_eq!(name.only().custody.retention.as_ref().unwrap().policy.0, "sha256:later");
    assert_eq!(verdict(&name, at(40 * DAY)), RetentionVerdict::Keep);
}

#[test]
fn a_restored_recording_keeps_its_promised_retention() {
    let longer = vec![class("standard", "P1Y", "P1Y", Then::Delete)];
    let mut name = finished(Policy { classes: longer, digest: PolicyDigest("sha256:before".to_owned()), ..known() });
    name.rules.retention = Some(Arc::new(known()));
    name.hear(deleted_by(DAY, Some("somebody".to_owned())), BlobObservation::Gone, at(DAY));
    name.look(there(0, 0, 9), at(DAY + 60));
    let back = name.lives.entries.iter().find(|entry| entry.state.is_there()).unwrap();
    assert!(back.final_at.is_some() && !back.custody.returned_from.is_empty());
    assert_eq!(
        RetentionVerdict::from_entry(back, at(360 * DAY)),
        RetentionVerdict::Keep,
        "today's policy would let it go after a month"
    );
    assert_eq!(back.custody.retention.as_ref().unwrap().delete_after.unwrap().to_string(), "2027-03-02");
}

/// A read of the content by a person.
fn read(id: u64, second: i64, person: &str) -> AccessLine {
    let accessor = Accessor::of_log("OAuth", [Some(person), Some(person), None, None]);
    AccessLine {
        id,
        at: at(second),
        kind: AccessKind::Read,
        accessor,
        address: None,
        bytes: Some(9),
        etag: Some(etag(0)),
    }
}

#[test]
fn an_access_before_the_deletion_is_none_of_the_restored_recording() {
    let mut name = finished(known());
    let old = name.only().id;
    name.hear(deleted_by(2 * DAY, Some("somebody".to_owned())), BlobObservation::Gone, at(2 * DAY));
    name.look(there(0, 0, 9), at(3 * DAY));
    let mut accesses = BlobAccesses::default();
    accesses.add(&read(1, DAY, "ada"));
    accesses.add(&AccessLine { kind: AccessKind::Delete, ..read(2, 2 * DAY, "bob") });
    accesses.add(&AccessLine { kind: AccessKind::Restore, ..read(3, 2 * DAY + 3600, "bob") });
    accesses.add(&read(4, 4 * DAY, "cleo"));
    let of = |is_old: bool| -> Vec<(&str, String)> {
        let entry = name.lives.entries.iter().find(|entry| (entry.id == old) == is_old).unwrap();
        let viewings = accesses.viewings(LifeSpan::from_entry(entry, &name.lives.entries));
        viewings.iter().map(|one| (one.kind.name(), one.accessor.person.as_deref().unwrap().to_owned())).collect()
    };
    assert_eq!(name.lives.entries.len(), 2);
    assert_eq!(of(true), [("read", "ada".to_owned()), ("delete", "bob".to_owned())]);
    assert_eq!(of(false), [("restore", "bob".to_owned()), ("read", "cleo".to_owned())]);
}

#[test]
fn a_recording_that_was_only_restored_is_not_overwritten() {
    assert_eq!(AccessKind::of_operation("UndeleteBlob"), Some(AccessKind::Restore));
}

#[test]
fn a_part_of_an_earlier_content_is_no_download_of_the_smaller_present_one() {
    let mut name = finished(known());
    name.hear(written(DAY, 2), there(0, DAY, 2), at(DAY));
    let viewing = |bytes: u64, of: Option<ETag>| {
        let mut accesses = BlobAccesses::default();
        accesses.add(&AccessLine { bytes: Some(bytes), etag: of, ..read(1, DAY + 60, "ada") });
        accesses.viewings(LifeSpan::default()).remove(0).is_download(&name.only().life)
    };
    assert!(!viewing(8, Some(etag(0))) && viewing(9, Some(etag(0))));
    assert!(!viewing(1, Some(etag(DAY))) && viewing(2, Some(etag(DAY))));
    assert!(!viewing(8, None) && viewing(9, None), "of an unknown content, only the largest size proves it");
}
