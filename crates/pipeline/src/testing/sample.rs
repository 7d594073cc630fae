//! Sample values for tests.

use std::collections::BTreeSet;

use domain::address::BlobAddress;
use domain::policy::tags::plan;
use domain::record::blob::{BlobEvent, BlobProperties, ETag, Happening};
use domain::record::catalogue::{
    BlobEvents, Confirmed, Contradicted, Entry, EntryChange, EntryChangeKind, JudgedTimes, Life, MatchState,
    NotifiedVerdict, Observation, RecordingState, Tagged,
};
use domain::record::effect::{Effect, GivenUpEffect, Pending};
use domain::record::estate::BastionName;
use domain::record::join::{MatchReasoning, Points, UndecidedReason};
use domain::record::join_key::JoinKey;
use domain::record::notification::{Event, Notification, NotificationFact};
use domain::record::recording_id::RecordingId;
use domain::record::sequencer::Sequencer;
use domain::record::tags::TagSet;
use jiff::{SignedDuration, Timestamp};

mod expiring;
mod sessions;

pub use expiring::{expiring, policy, warrant};
pub use sessions::{ambiguous, ended, facts, failed, grounds, matched, session_id, unknown};

/// Blob names that break stores which treat a name as a path, a pattern, a line or a number.
pub const HOSTILE_NAMES: [&str; 22] = [
    ".",
    "..",
    "/",
    "a/../b",
    "a//b",
    "/lead",
    "trail/",
    "%2e%2e",
    "50%off+more",
    "CONTOSO\\jdoe",
    "jörg müller",
    "j\u{f6}",
    "jo\u{308}",
    "\u{202e}gpj.exe",
    "a\u{0}b",
    "a\u{0}",
    "line\r\nbreak\ttab",
    " leading and trailing ",
    "'; DROP TABLE entries; --",
    "\"quoted\" {json} [list]",
    "007",
    "\u{1f511}\u{fffd}",
];

/// Returns the time `n` seconds after 2026-03-02T09:00:00Z.
pub fn second(n: i64) -> Timestamp {
    Timestamp::from_second(1_772_442_000 + n).unwrap_or_default()
}

/// Returns the address of a blob in the container `local/recordings`.
pub fn address(name: &str) -> BlobAddress {
    address_in("local", "recordings", name)
}

/// Returns the address of a blob in any container.
pub fn address_in(account: &str, container: &str, name: &str) -> BlobAddress {
    BlobAddress::parse(account, container, name).unwrap()
}

/// Returns an active entry first seen at `at`, with one write and no pending effects.
pub fn entry(address: &BlobAddress, at: Timestamp) -> Entry {
    let entry =
        Entry::new(RecordingId::derive(address, at, b"sample"), address.clone(), BastionName::new("bas-hub-01"));
    Entry {
        life: Life { blob_events: BlobEvents::new(vec![written(at)], None), observation: None },
        state: RecordingState::Active,
        history: vec![EntryChange { at, what: EntryChangeKind::Catalogued }],
        revision: 1,
        ..entry
    }
}

/// Returns an active entry that is due for a sweep at `due`.
pub fn entry_due(address: &BlobAddress, at: Timestamp, due: Timestamp) -> Entry {
    Entry { wake_at: Some(due), ..entry(address, at) }
}

/// Returns an entry of maximum size: 32 writes, 64 changes, several kinds of effects, many candidate sessions.
pub fn large_entry(address: &BlobAddress, at: Timestamp) -> Entry {
    let later = |n: i64| at.saturating_add(SignedDuration::new(n, 123_456_789)).unwrap();
    let writes = (0..32).map(|n| written(later(n))).collect();
    let properties = BlobProperties {
        created_at: at,
        last_modified: later(31),
        etag: ETag::new("0x8DC0FFEE"),
        size: 48_211_234,
        tier: Some("Hot".to_owned()),
        content_type: Some("application/octet-stream".to_owned()),
    };
    let mut entry = Entry {
        life: Life {
            blob_events: BlobEvents::new(writes, None),
            observation: Some(Observation { epoch_start: at, properties }),
        },
        keys: ["vm-user.1", "vm-user"].map(JoinKey::fold).into(),
        match_state: large_match_state(at, later(31)),
        state: RecordingState::Settled,
        settled_at: Some(later(331)),
        announced: Event::ALL.into_iter().filter(|event| event.name().starts_with("recording.")).collect(),
        tags: TagSet((0..10).map(|n| (format!("tag-{n}"), "v".repeat(256))).collect()),
        refusals: vec![GivenUpEffect { at, reason: "HTTP 403\nÄ \"quoted\"".to_owned() }],
        history: (0..64)
            .map(|n| EntryChange { at: later(n), what: EntryChangeKind::EffectRefused("x".repeat(80)) })
            .collect(),
        ..entry(address, at)
    };
    let effects = [Effect::WriteTags, Effect::Notify(notification(&entry, at)), Effect::Rejoin];
    let pending = effects.map(|effect| Pending { effect, attempts: 3, since: at, retry_at: later(60) });
    entry.pending = pending.into();
    entry.tagged = Some(Tagged { etag: ETag::new("0x8DC0FFEE"), plan: plan(&entry) });
    entry
}

/// Returns a notification about an entry.
pub fn notification(entry: &Entry, at: Timestamp) -> Notification {
    Notification {
        at,
        subject: entry.address.name.as_str().to_owned(),
        facts: vec![NotificationFact::text("bastion", "bas-hub-01"), NotificationFact::number("size_bytes", u64::MAX)],
        link: Some("https://portal.azure.com/#resource/x".to_owned()),
        ..Notification::new(&entry.id.to_string(), Event::RecordingReady, "", at)
    }
}

fn large_match_state(created_at: Timestamp, last_modified: Timestamp) -> MatchState {
    let session = |n| facts(&format!("5e55100a-0000-4000-8000-{n:012}"), created_at);
    let verdict = matched(session(0));
    let notified = NotifiedVerdict { count: 1, verdict: verdict.name().to_owned() };
    let confirmed = Confirmed {
        by: "person@contoso.example".to_owned(),
        reason: "x".repeat(500),
        at: created_at,
        found: ambiguous((0..16).map(session).collect(), Some("person@contoso.example")),
        contradictions: BTreeSet::new(),
    };
    MatchState {
        verdict,
        reasoning: MatchReasoning {
            lead: Some(Points::whole(12)),
            needed: Some(Points::whole(40)),
            next_off: Some(148_000),
            ..MatchReasoning::of_reason(UndecidedReason::RivalSession)
        },
        judged: Some(JudgedTimes { created_at, last_modified }),
        is_written_live: true,
        notified: Some(notified),
        tagged_person: Some("person".to_owned()),
        ask_at: Some(last_modified),
        contradicted: Contradicted::default(),
        confirmed: Some(confirmed),
    }
}

fn written(at: Timestamp) -> BlobEvent {
    BlobEvent {
        sequencer: Sequencer::parse(&format!("{:032x}", at.as_nanosecond())).unwrap(),
        at,
        what: Happening::Written { etag: Some(ETag::new("0x8DC0FFEE")), size: 1024 },
    }
}
