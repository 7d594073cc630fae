//! Recordings.

use std::collections::BTreeMap;

use domain::address::{BlobAddress, ContainerAddress};
use domain::record::blob::{BlobEvent, BlobProperties, ETag, Happening};
use domain::record::catalogue::{BlobEvents, Entry, EntryChange, EntryChangeKind, Life, Observation, RecordingState};
use domain::record::effect::{Effect, GivenUpEffect, Pending};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::hold::{CarriedHold, HoldId, HoldScope};
use domain::record::join::{Match, MatchGrounds, MatchReasoning, Offset, Points, UndecidedReason, WritingMode};
use domain::record::notification::{Event, Notification};
use domain::record::recording_id::RecordingId;
use domain::record::retention::{
    Approval, Custody, DeletionOrder, Disposal, Executor, PolicyDigest, Retention, Then, Tombstone,
};
use domain::record::sequencer::Sequencer;
use domain::record::tags::TagSet;
use jiff::Timestamp;
use jiff::civil::date;
use pipeline::query::{Cursor, Page};
use pipeline::testing::sample;
use pipeline::view::{DetailView, PageView, RecordingView};

use crate::view_golden::check;

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Time of the request.
pub fn now() -> Timestamp {
    at("2026-06-10T08:00:00Z")
}

pub fn estate() -> Estate {
    let resource_id = "/subscriptions/0000/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";
    let hub = Bastion {
        name: BastionName::new("bas-hub-01"),
        resource_id: Some(resource_id.to_owned()),
        recordings: vec![ContainerAddress::parse("stbastionrec01", "recordings").unwrap()],
        audit_logs: None,
        access_expires: None,
        access_logs: None,
    };
    Estate { bastions: vec![hub] }
}

/// An entry of which only this event is known.
fn heard(name: &str, bastion: &str, state: RecordingState, time: &str, what: Happening) -> Entry {
    let address = BlobAddress::parse("stbastionrec01", "recordings", name).unwrap();
    let event = BlobEvent { sequencer: Sequencer::parse("0a").unwrap(), at: at(time), what };
    let entry =
        Entry::new(RecordingId::parse("rec_01kjpyph1yv56czgxgxa6hk7hq").unwrap(), address, BastionName::new(bastion));
    Entry {
        life: Life { blob_events: BlobEvents::new(vec![event], None), observation: None },
        state,
        revision: 1,
        ..entry
    }
}

fn active() -> Entry {
    let written = Happening::Written { etag: Some(ETag::new("0x8DC0000000000A1")), size: 1024 };
    heard("vm-web-01-azureadmin.4", "bas-hub-01", RecordingState::Active, "2026-03-02T10:00:00.1234567Z", written)
}

pub fn settled() -> Entry {
    let written = Happening::Written { etag: Some(ETag::new("0x8DC0000000000A0")), size: 48_211_234 };
    let mut entry =
        heard("vm-web-01-azureadmin.3", "bas-hub-01", RecordingState::Settled, "2026-03-02T09:40:02.75Z", written);
    let properties = BlobProperties {
        created_at: at("2026-03-02T09:12:44Z"),
        last_modified: at("2026-03-02T09:40:02Z"),
        etag: ETag::new("0x8DC0000000000A0"),
        size: 48_211_234,
        tier: Some("Hot".to_owned()),
        content_type: None,
    };
    entry.life.observation = Some(Observation { epoch_start: properties.created_at, properties });
    entry.settled_at = Some(at("2026-03-02T09:45:02Z"));
    let tags = [("bsr-hold", "none"), ("bsr-state", "pending"), ("team", "red")];
    entry.tags =
        TagSet(tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect::<BTreeMap<_, _>>());
    entry.revision = 7;
    entry
}

fn deleted() -> Entry {
    heard("\u{202e}gpj.exe\n", "bas-old", RecordingState::Deleted, "2026-03-03T08:00:00.9Z", Happening::deleted())
}

fn with_everything() -> Entry {
    let (now, ready) = (at("2026-03-02T09:46:00.5Z"), Event::RecordingReady);
    let mut entry = settled();
    let change = |time, what| EntryChange { at: at(time), what };
    entry.history = vec![
        change("2026-03-02T09:12:46.2Z", EntryChangeKind::Catalogued),
        change("2026-03-02T09:46:00.5Z", EntryChangeKind::Settled),
        change("2026-03-02T09:46:01Z", EntryChangeKind::TagsLeftOut(vec!["bsr-vm".to_owned(), "bsr-start".to_owned()])),
        change("2026-03-03T09:46:01Z", EntryChangeKind::EffectRefused("write tags: no permission".to_owned())),
        change("2026-03-04T09:46:01Z", EntryChangeKind::Ambiguous("ambiguous 5e55-01 5e55-02".to_owned())),
        change(
            "2026-03-05T09:46:01Z",
            EntryChangeKind::LateMatch {
                withdrawn: "ambiguous 5e55-01 5e55-02".to_owned(),
                now: "matched 5e55-01".to_owned(),
            },
        ),
        change("2026-03-05T09:46:02Z", EntryChangeKind::Unmatched),
    ];
    let notification = Notification {
        subject: "vm-web-01-azureadmin.3".to_owned(),
        ..Notification::new(&entry.id.to_string(), ready, "", now)
    };
    let pending = |effect| Pending { effect, attempts: 2, since: now, retry_at: at("2026-03-02T09:50:00Z") };
    entry.pending = vec![pending(Effect::WriteTags), pending(Effect::Notify(notification)), pending(Effect::Rejoin)];
    entry.refusals =
        vec![GivenUpEffect { at: at("2026-03-03T09:46:01Z"), reason: "write tags: no permission".to_owned() }];
    entry
}

#[test]
fn a_settled_recording_is_written_as_version_1() {
    check("settled.json", &RecordingView::from_entry(&settled(), &estate(), now()));
}

#[test]
fn an_active_recording_has_every_key_and_no_length() {
    check("active.json", &RecordingView::from_entry(&active(), &estate(), now()));
}

#[test]
fn an_unseen_deleted_recording_shows_its_unknown_fields() {
    check("deleted.json", &RecordingView::from_entry(&deleted(), &estate(), now()));
}

#[test]
fn a_recording_in_detail_adds_its_history_and_its_effects() {
    check("detail.json", &DetailView::from_entry(&with_everything(), &estate(), now()));
}

#[test]
fn a_page_holds_recordings_and_the_cursor() {
    let (items, next_cursor) = (vec![settled()], Some(Cursor::after(settled().id)));
    check("page.json", &PageView::from_page(&Page { items, next_cursor, ..Page::default() }, &estate(), now()));
    check("last-page.json", &PageView::from_page(&Page::default(), &estate(), now()));
}

#[test]
fn a_matched_recording_shows_its_session_and_evidence() {
    let mut entry = settled();
    entry.match_state.verdict = sample::matched(sample::facts("5e55-01", at("2026-03-02T09:12:44.123456789Z")));
    entry.match_state.reasoning.next_off = Some(-148_000);
    check("matched.json", &RecordingView::from_entry(&entry, &estate(), now()));
}

#[test]
fn an_uploaded_recording_has_no_start_offset() {
    let mut entry = settled();
    let uploaded = MatchGrounds {
        written: WritingMode::AtEnd,
        start: None,
        end: Some(Offset { millis: 64_000, usual: (30, 150) }),
        needed: Some(Points::whole(40)),
        ..sample::grounds()
    };
    entry.match_state.verdict = sample::matched(sample::facts("5e55-01", at("2026-03-02T09:12:44Z")));
    if let Match::Matched(matched) = &mut entry.match_state.verdict {
        matched.grounds = uploaded;
    }
    check("uploaded.json", &RecordingView::from_entry(&entry, &estate(), now()));
}

#[test]
fn an_ambiguous_recording_has_its_candidates_and_common_person() {
    let mut entry = settled();
    let start = at("2026-03-02T09:12:44Z");
    let sessions = vec![sample::facts("5e55-01", start), sample::facts("5e55-02", start)];
    entry.match_state.verdict = sample::ambiguous(sessions, Some("person@contoso.example"));
    entry.match_state.reasoning = MatchReasoning {
        lead: Some(Points::whole(12)),
        needed: Some(Points::whole(40)),
        next_off: Some(9_000),
        ..MatchReasoning::of_reason(UndecidedReason::RivalSession)
    };
    check("ambiguous.json", &RecordingView::from_entry(&entry, &estate(), now()));
}

#[test]
fn a_failed_login_recording_shows_an_attempt_and_no_person() {
    let mut entry = settled();
    let mut attempt = sample::facts("5e55-03", at("2026-03-02T09:12:44Z"));
    (attempt.ended_at, attempt.duration) = (None, None);
    entry.match_state.verdict = Match::Unmatched { attempt: Some(Box::new(attempt)) };
    check("attempt.json", &RecordingView::from_entry(&entry, &estate(), now()));
}

fn retention() -> Retention {
    Retention {
        class: "payment".to_owned(),
        rules: vec!["card machines".to_owned(), "everything on the hub".to_owned()],
        unknown: Vec::new(),
        counted_from: date(2026, 3, 2),
        retain_until: date(2026, 4, 2),
        delete_after: Some(date(2026, 6, 2)),
        then: Then::Review,
        policy: PolicyDigest("sha256:9f86d0".to_owned()),
    }
}

fn disposal() -> Disposal {
    let approval =
        Approval { plan: "sha256:2c26b4".to_owned(), by: "jane.doe".to_owned(), until: at("2026-06-20T08:00:00.5Z") };
    Disposal {
        etag: ETag::new("0x8DC0000000000A0"),
        marked_at: at("2026-06-03T00:05:00Z"),
        grace_until: at("2026-06-10T00:05:00Z"),
        approval: Some(approval),
        order: Some(DeletionOrder { at: now(), by: Executor::Archivist }),
    }
}

#[test]
fn a_held_recording_shows_its_retention_and_holds() {
    let mut entry = settled();
    let held = |case: &str, since, is_certain| {
        let hold = HoldId::derive(case, &HoldScope { recording: Some(settled().id), ..HoldScope::default() });
        CarriedHold { hold, case: case.to_owned(), since: at(since), is_certain }
    };
    entry.custody.retention = Some(Retention { unknown: vec!["contractors".to_owned()], ..retention() });
    entry.custody.given_class = Some("payment".to_owned());
    entry.custody.holds =
        vec![held("CASE-2026/07", "2026-03-03T08:00:00.5Z", true), held("CASE-2026/08", "2026-03-04T08:00:00Z", false)];
    entry.custody.holds.sort_by(|one, other| one.hold.cmp(&other.hold));
    check("kept.json", &RecordingView::from_entry(&entry, &estate(), now()));
}

#[test]
fn an_expiring_recording_shows_its_warning_end_and_approver() {
    let mut entry = Entry { state: RecordingState::Expiring, ..settled() };
    entry.custody = Custody { retention: Some(retention()), disposal: Some(disposal()), ..Custody::default() };
    let change = |time, what| EntryChange { at: at(time), what };
    entry.history = vec![
        change("2026-03-02T15:40:03Z", EntryChangeKind::Retained { class: "brief".to_owned(), delete_after: None }),
        change(
            "2026-03-02T16:00:00Z",
            EntryChangeKind::ClassGiven { class: Some("payment".to_owned()), by: "jane.doe".to_owned() },
        ),
        change(
            "2026-03-02T16:00:00Z",
            EntryChangeKind::Retained { class: "payment".to_owned(), delete_after: Some(date(2026, 6, 2)) },
        ),
        change("2026-03-02T17:00:00Z", EntryChangeKind::ClassGiven { class: None, by: "jane.doe".to_owned() }),
        change("2026-03-03T08:00:00Z", EntryChangeKind::Held("CASE-2026/07".to_owned())),
        change("2026-03-04T08:00:00Z", EntryChangeKind::Released("CASE-2026/07".to_owned())),
        change("2026-06-03T00:05:00.25Z", EntryChangeKind::Expiring),
        change(
            "2026-06-09T08:00:00Z",
            EntryChangeKind::Approved { by: "jane.doe".to_owned(), plan: "sha256:2c26b4".to_owned() },
        ),
        change("2026-06-10T08:00:00Z", EntryChangeKind::Ordered),
        change("2026-06-10T08:00:00Z", EntryChangeKind::Spared("changed".to_owned())),
    ];
    entry.pending = vec![Pending { effect: Effect::DeleteBlob, attempts: 1, since: now(), retry_at: now() }];
    check("expiring.json", &DetailView::from_entry(&entry, &estate(), now()));
}

#[test]
fn a_deleted_recording_shows_the_grounds_of_its_deletion() {
    let mut entry = Entry { state: RecordingState::Deleted, ..settled() };
    let (retention, disposal) = (retention(), disposal());
    let tombstone = Tombstone {
        at: at("2026-06-10T08:00:01.5Z"),
        by: Executor::Archivist,
        etag: disposal.etag.clone(),
        size: Some(48_211_234),
        sha256: None,
        policy: retention.policy.clone(),
        class: retention.class.clone(),
        rules: retention.rules.clone(),
        retain_until: retention.retain_until,
        delete_after: retention.delete_after,
        then: retention.then,
        approval: disposal.approval.clone(),
    };
    entry.custody = Custody {
        retention: Some(retention),
        disposal: Some(disposal),
        tombstone: Some(tombstone),
        ..Custody::default()
    };
    check("buried.json", &RecordingView::from_entry(&entry, &estate(), now()));
}
