//! The public form of an entry, version 1: files that every later archivist must still write.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;
use std::path::Path;

use domain::address::{BlobAddress, ContainerAddress};
use domain::blob::{BlobEvent, BlobProperties, ETag, Happening};
use domain::catalogue::{Change, Effect, Entry, Life, Marks, Pending, Refusal, Sighting, State, What};
use domain::estate::{Bastion, BastionName, Estate};
use domain::notification::{Event, Notification, NotificationId};
use domain::recording_id::RecordingId;
use domain::sequencer::Sequencer;
use domain::tags::TagSet;
use jiff::Timestamp;
use pipeline::query::{Cursor, Page};
use pipeline::view::{DetailView, PageView, RecordingView};
use serde::Serialize;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn estate() -> Estate {
    let resource_id = "/subscriptions/0000/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";
    let hub = Bastion {
        name: BastionName::new("bas-hub-01"),
        resource_id: Some(resource_id.to_owned()),
        recordings: vec![ContainerAddress::parse("stbastionrec01", "recordings").unwrap()],
    };
    Estate { bastions: vec![hub] }
}

/// An entry of which nothing is known but this event.
fn heard(name: &str, bastion: &str, state: State, time: &str, what: Happening) -> Entry {
    let address = BlobAddress::parse("stbastionrec01", "recordings", name).unwrap();
    let event = BlobEvent { sequencer: Sequencer::parse("0a").unwrap(), at: at(time), what };
    let entry =
        Entry::new(RecordingId::parse("rec_01kjpyph1yv56czgxgxa6hk7hq").unwrap(), address, BastionName::new(bastion));
    Entry { life: Life { marks: Marks::new(vec![event], None), sighting: None }, state, revision: 1, ..entry }
}

fn active() -> Entry {
    let written = Happening::Written { etag: Some(ETag::new("0x8DC0000000000A1")), size: 1024 };
    heard("vm-web-01-azureadmin.4", "bas-hub-01", State::Active, "2026-03-02T10:00:00.1234567Z", written)
}

fn settled() -> Entry {
    let written = Happening::Written { etag: Some(ETag::new("0x8DC0000000000A0")), size: 48_211_234 };
    let mut entry = heard("vm-web-01-azureadmin.3", "bas-hub-01", State::Settled, "2026-03-02T09:40:02.75Z", written);
    let properties = BlobProperties {
        created_at: at("2026-03-02T09:12:44Z"),
        last_modified: at("2026-03-02T09:40:02Z"),
        etag: ETag::new("0x8DC0000000000A0"),
        size: 48_211_234,
        tier: Some("Hot".to_owned()),
        content_type: None,
    };
    entry.life.sighting = Some(Sighting { born: properties.created_at, properties });
    entry.settled_at = Some(at("2026-03-02T09:45:02Z"));
    let tags = [("bsr-hold", "none"), ("bsr-state", "pending"), ("team", "red")];
    entry.tags =
        TagSet(tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect::<BTreeMap<_, _>>());
    entry.revision = 7;
    entry
}

fn deleted() -> Entry {
    heard("\u{202e}gpj.exe\n", "bas-old", State::Deleted, "2026-03-03T08:00:00.9Z", Happening::Deleted)
}

fn with_everything() -> Entry {
    let (now, ready) = (at("2026-03-02T09:46:00.5Z"), Event::RecordingReady);
    let mut entry = settled();
    let change = |time, what| Change { at: at(time), what };
    entry.history = vec![
        change("2026-03-02T09:12:46.2Z", What::Catalogued),
        change("2026-03-02T09:46:00.5Z", What::Settled),
        change("2026-03-02T09:46:01Z", What::TagsLeftOut(vec!["bsr-vm".to_owned(), "bsr-start".to_owned()])),
        change("2026-03-03T09:46:01Z", What::EffectRefused("write tags: no permission".to_owned())),
    ];
    let notification = Notification {
        id: NotificationId::derive(&entry.id.to_string(), ready, ""),
        event: ready,
        at: now,
        subject: "vm-web-01-azureadmin.3".to_owned(),
        facts: Vec::new(),
        link: None,
    };
    let pending = |effect| Pending { effect, attempts: 2, since: now, retry_at: at("2026-03-02T09:50:00Z") };
    entry.pending = vec![pending(Effect::WriteTags), pending(Effect::Notify(notification))];
    entry.refusals = vec![Refusal { at: at("2026-03-03T09:46:01Z"), reason: "write tags: no permission".to_owned() }];
    entry
}

fn check(file: &str, view: &impl Serialize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/view-v1").join(file);
    let golden = std::fs::read_to_string(&path).unwrap();
    let written = serde_json::to_string_pretty(view).unwrap();
    assert_eq!(written.trim_end(), golden.trim_end(), "{file}: the public form is version 1 and does not change");
}

#[test]
fn a_settled_recording_is_written_as_version_1() {
    check("settled.json", &RecordingView::of(&settled(), &estate()));
}

#[test]
fn a_recording_known_from_one_event_has_every_key_and_no_length_yet() {
    check("active.json", &RecordingView::of(&active(), &estate()));
}

#[test]
fn a_deleted_recording_that_was_never_seen_says_what_is_not_known() {
    check("deleted.json", &RecordingView::of(&deleted(), &estate()));
}

#[test]
fn a_recording_in_detail_adds_its_history_and_its_effects() {
    check("detail.json", &DetailView::of(&with_everything(), &estate()));
}

#[test]
fn a_page_holds_recordings_and_the_cursor() {
    let (items, next_cursor) = (vec![settled()], Some(Cursor::after(settled().id)));
    check("page.json", &PageView::of(&Page { items, next_cursor }, &estate()));
    check("last-page.json", &PageView::of(&Page { items: Vec::new(), next_cursor: None }, &estate()));
}
