//! Recordings.

use std::collections::BTreeMap;

use domain::address::{BlobAddress, ContainerAddress};
use domain::blob::{BlobEvent, BlobProperties, ETag, Happening};
use domain::catalogue::{Change, Effect, Entry, Life, Marks, Pending, Refusal, Sighting, State, What};
use domain::estate::{Bastion, BastionName, Estate};
use domain::join::Match;
use domain::notification::{Event, Notification, NotificationId};
use domain::recording_id::RecordingId;
use domain::sequencer::Sequencer;
use domain::tags::TagSet;
use jiff::Timestamp;
use pipeline::query::{Cursor, Page};
use pipeline::testing::sample;
use pipeline::view::{DetailView, PageView, RecordingView};

use crate::check;

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn estate() -> Estate {
    let resource_id = "/subscriptions/0000/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";
    let hub = Bastion {
        name: BastionName::new("bas-hub-01"),
        resource_id: Some(resource_id.to_owned()),
        recordings: vec![ContainerAddress::parse("stbastionrec01", "recordings").unwrap()],
        audit_logs: None,
        access_expires: None,
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

pub fn settled() -> Entry {
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
        change("2026-03-04T09:46:01Z", What::Ambiguous("ambiguous 5e55-01 5e55-02".to_owned())),
        change(
            "2026-03-05T09:46:01Z",
            What::LateMatch { withdrawn: "ambiguous 5e55-01 5e55-02".to_owned(), now: "matched 5e55-01".to_owned() },
        ),
        change("2026-03-05T09:46:02Z", What::Unmatched),
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
    entry.pending = vec![pending(Effect::WriteTags), pending(Effect::Notify(notification)), pending(Effect::Rejoin)];
    entry.refusals = vec![Refusal { at: at("2026-03-03T09:46:01Z"), reason: "write tags: no permission".to_owned() }];
    entry
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

#[test]
fn a_matched_recording_has_its_session_with_all_fractions_and_what_speaks_for_it() {
    let mut entry = settled();
    entry.joined.verdict = sample::matched(sample::facts("5e55-01", at("2026-03-02T09:12:44.123456789Z")));
    check("matched.json", &RecordingView::of(&entry, &estate()));
}

#[test]
fn an_ambiguous_recording_has_its_candidates_and_the_person_that_they_share() {
    let mut entry = settled();
    let start = at("2026-03-02T09:12:44Z");
    let sessions = vec![sample::facts("5e55-01", start), sample::facts("5e55-02", start)];
    entry.joined.verdict = sample::ambiguous(sessions, Some("person@contoso.example"));
    check("ambiguous.json", &RecordingView::of(&entry, &estate()));
}

#[test]
fn a_recording_that_a_failed_login_left_shows_it_as_an_attempt_and_is_of_no_person() {
    let mut entry = settled();
    let mut attempt = sample::facts("5e55-03", at("2026-03-02T09:12:44Z"));
    (attempt.ended_at, attempt.duration) = (None, None);
    entry.joined.verdict = Match::Unmatched { attempt: Some(Box::new(attempt)) };
    check("attempt.json", &RecordingView::of(&entry, &estate()));
}
