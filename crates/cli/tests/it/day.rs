//! Recordings of one day at two bastions, ordinary and hostile.

use domain::address::{BlobAddress, ContainerAddress};
use domain::policy::join::Naming;
use domain::policy::matcher::{Condition, Pattern, Test, TextFact};
use domain::policy::review::{DueWithin, ReviewPolicy, ReviewRule};
use domain::record::blob::{BlobEvent, BlobProperties, ETag, Happening};
use domain::record::catalogue::{BlobEvents, Entry, EntryChange, EntryChangeKind, Life, Observation, RecordingState};
use domain::record::effect::{Effect, EffectId, EffectResult, Pending};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::join::{
    Candidate, Evidence, Match, MatchGrounds, MatchReasoning, Matched, Offset, Points, UndecidedReason, WritingMode,
};
use domain::record::recording_id::RecordingId;
use domain::record::sequencer::Sequencer;
use domain::record::session::{Gap, GapCause, Records, SessionEntry, SessionId, Texts, TimeSpan, TunnelId};
use domain::record::tags::TagSet;
use jiff::{SignedDuration, Timestamp};

use crate::catalogue::ListedCatalogue;

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn estate() -> Estate {
    let resource_id = "/subscriptions/0000/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";
    let recordings = vec![ContainerAddress::parse("stbastionrec01", "recordings").unwrap()];
    let name = BastionName::new("bas-hub-01");
    Estate {
        bastions: vec![Bastion {
            name,
            resource_id: Some(resource_id.to_owned()),
            recordings,
            audit_logs: None,
            access_expires: None,
            access_logs: None,
        }],
    }
}

/// Returns the nth id; higher numbers are newer.
pub fn id(n: usize) -> RecordingId {
    RecordingId::parse(&format!("rec_01kjpyph1yv56czgxgxa6h{n:04}")).unwrap()
}

/// The nth recording, written once at this time.
pub fn written(n: usize, name: &str, time: &str, size: u64) -> Entry {
    let etag = Some(ETag::new("0x8DC0000000000A0"));
    heard(n, name, RecordingState::Active, time, Happening::Written { etag, size })
}

/// The nth recording: created and last written at these times, settled five minutes later.
pub fn settled(n: usize, name: &str, from: &str, to: &str, size: u64) -> Entry {
    let mut entry = written(n, name, to, size);
    let properties = BlobProperties {
        created_at: at(from),
        last_modified: at(to),
        etag: ETag::new("0x8DC0000000000A0"),
        size,
        tier: Some("Hot".to_owned()),
        content_type: None,
    };
    entry.life.observation = Some(Observation { epoch_start: properties.created_at, properties });
    entry.state = RecordingState::Settled;
    entry.settled_at = Some(at(to) + SignedDuration::from_mins(5));
    entry
}

/// The nth recording, known from its delete event only.
pub fn deleted(n: usize, name: &str, time: &str) -> Entry {
    heard(n, name, RecordingState::Deleted, time, Happening::deleted())
}

pub fn all() -> Vec<Entry> {
    let mut missing = written(3, "vm-db-02-svc_backup.17", "2026-03-02T08:00:00Z", 512);
    missing.state = RecordingState::Missing;
    missing.bastion = BastionName::new("bas-spoke-02");
    vec![
        settled(1, "vm-web-01-azureadmin.3", "2026-03-02T09:12:44Z", "2026-03-02T09:40:02Z", 48_211_234),
        written(2, "vm-web-01-azureadmin.4", "2026-03-02T10:00:00Z", 1024),
        missing,
        deleted(4, "\u{202e}gpj.exe\u{1b}[2J\n", "2026-03-02T11:00:00Z"),
        settled(5, "=HYPERLINK(\"http://x\",\"y\")", "2026-03-02T12:00:00Z", "2026-03-02T15:02:05Z", 3_221_225_472),
        settled(6, "製造ライン端末-第三工場-管理者アカウント.12", "2026-03-02T13:00:00Z", "2026-03-02T13:00:42Z", 77),
        settled(7, &"vm with a name of several words ".repeat(6), "2026-03-02T14:00:00Z", "2026-03-02T14:01:00Z", 2048),
    ]
}

/// The nth recording, with tags, history, pending effects and refused effects.
pub fn eventful(n: usize) -> Entry {
    let mut entry = settled(n, "vm-web-01-azureadmin.3", "2026-03-02T09:12:44Z", "2026-03-02T09:40:02Z", 48_211_234);
    let tags = [("bsr-hold", "none"), ("bsr-state", "pending"), ("team", "red")];
    entry.tags = TagSet(tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    entry.history = vec![EntryChange { at: at("2026-03-02T09:12:46Z"), what: EntryChangeKind::Catalogued }];
    let since = at("2026-03-02T09:46:00Z");
    let waiting = Pending { effect: Effect::WriteTags, attempts: 0, since, retry_at: since };
    entry.pending = vec![waiting.clone()];
    let refused = EffectResult::RefusedForGood("write tags: \u{1b}[31mno room".to_owned());
    entry.complete(&EffectId::Tags, refused, at("2026-03-02T09:46:01Z"));
    entry.pending = vec![Pending { attempts: 2, retry_at: at("2026-03-02T09:50:00Z"), ..waiting }];
    entry
}

fn heard(n: usize, name: &str, state: RecordingState, time: &str, what: Happening) -> Entry {
    let event = BlobEvent { sequencer: Sequencer::parse("0a").unwrap(), at: at(time), what };
    let entry = Entry::new(
        id(n),
        BlobAddress::parse("stbastionrec01", "recordings", name).unwrap(),
        BastionName::new("bas-hub-01"),
    );
    Entry {
        life: Life { blob_events: BlobEvents::new(vec![event], None), observation: None },
        state,
        revision: 1,
        ..entry
    }
}

/// Session id of this tunnel through the hub.
fn session_id(tunnel: &str) -> SessionId {
    SessionId { bastion: BastionName::new("bas-hub-01"), tunnel: TunnelId::parse(tunnel).unwrap() }
}

/// A session of this person on a machine, between two times.
pub fn session(tunnel: &str, person: &str, machine: &str, from: &str, to: &str) -> SessionEntry {
    let text = |text: &str| Texts::new([text.to_owned()]);
    let span = |time: &str| Some(TimeSpan::at(at(time)));
    let machine = format!("/subscriptions/0/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/{machine}");
    let records = Records {
        user_name: text("azureadmin"),
        user_email: text(person),
        client_ip: text("198.51.100.7"),
        protocol: text("RDP"),
        target_resource_id: text(&machine),
        message: text("Session ended."),
        written: span(to),
        starts: span(from),
        ends: span(to),
        end_written: span(to),
        ..Records::default()
    };
    let mut entry = SessionEntry { records, revision: 1, ..SessionEntry::new(session_id(tunnel)) };
    entry.keys = Naming::default().keys_of_session(&entry.session().facts);
    entry
}

/// Marks a session as unrecorded, with this cause.
pub fn missing(session: SessionEntry, cause: GapCause) -> SessionEntry {
    let gap = Some(Gap { found_at: at("2026-03-04T00:00:00.25Z"), cause, closed_at: None });
    SessionEntry { gap, ..session }
}

/// A failed login of this person.
pub fn failed(tunnel: &str, person: &str, time: &str) -> SessionEntry {
    let mut entry = session(tunnel, person, "vm-web-01", time, time);
    let at = Some(TimeSpan::at(at(time)));
    entry.records.message = Texts::new(["Login Failed".to_owned()]);
    (entry.records.starts, entry.records.ends, entry.records.end_written) = (None, None, None);
    entry.records.failed = at;
    entry
}

/// Grounds of a recording written live during its session.
fn grounds() -> MatchGrounds {
    MatchGrounds {
        points: Points::from_tenths(618),
        needed: Some(Points::whole(30)),
        written: WritingMode::Live,
        start: Some(Offset { millis: 9_000, usual: (-1, 23) }),
        end: Some(Offset { millis: 4_000, usual: (-3, 24) }),
        learned_from: 344,
    }
}

/// Joins a recording to one session, or makes it ambiguous between several.
pub fn joined(mut recording: Entry, sessions: &[&SessionEntry]) -> Entry {
    let facts = |entry: &SessionEntry| entry.session().facts;
    recording.match_state.verdict = match sessions {
        [only] => {
            let evidence = vec![Evidence::Start, Evidence::End];
            Match::Matched(Box::new(Matched { session: facts(only), evidence, grounds: grounds() }))
        }
        several => {
            let grounds = MatchGrounds { end: None, ..grounds() };
            let candidate =
                |entry: &&SessionEntry| Candidate { session: facts(entry), evidence: vec![Evidence::Start], grounds };
            recording.match_state.reasoning = MatchReasoning {
                lead: Some(Points::whole(12)),
                needed: Some(Points::whole(40)),
                ..MatchReasoning::of_reason(UndecidedReason::RivalSession)
            };
            Match::Ambiguous { candidates: several.iter().map(candidate).collect(), more: 0, person: None }
        }
    };
    recording.keys = sessions.iter().flat_map(|session| session.keys.clone()).collect();
    recording
}

/// Makes a recording unmatched, left by a failed login or by an unknown cause.
pub fn unmatched(mut recording: Entry, attempt: Option<&SessionEntry>) -> Entry {
    let attempt = attempt.map(|entry| Box::new(entry.session().facts));
    recording.match_state.verdict = Match::Unmatched { attempt };
    recording
}

pub const ANN: &str = "ann@contoso.example";

/// A day with sessions of every kind, and their recordings.
pub fn evidence() -> ListedCatalogue {
    let first = session("5e55-01", ANN, "vm-web-01", "2026-03-02T09:12:44.25Z", "2026-03-02T09:40:02.5Z");
    let one = session("5e55-02", ANN, "vm-db-02", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z");
    let other = session("5e55-03", "bob@contoso.example", "vm-db-02", "2026-03-02T10:00:05Z", "2026-03-02T10:30:00Z");
    let hostile =
        session("5e55-04", "\u{202e}=cmd\u{1b}[2J", "vm-\u{1b}", "2026-03-02T12:00:00Z", "2026-03-02T12:01:00Z");
    let intruder = failed("5e55-05", "mallory@contoso.example", "2026-03-02T13:00:00Z");
    let recording = |n, name, from, to| settled(n, name, from, to, 4096);
    let entries = [
        joined(recording(1, "vm-web-01-azureadmin.3", "2026-03-02T09:12:44Z", "2026-03-02T09:40:02Z"), &[&first]),
        joined(recording(2, "vm-db-02-azureadmin", "2026-03-02T10:00:02Z", "2026-03-02T10:30:00Z"), &[&one, &other]),
        unmatched(
            recording(3, "vm-web-01-azureadmin.4", "2026-03-02T13:00:00Z", "2026-03-02T13:00:02Z"),
            Some(&intruder),
        ),
        unmatched(recording(4, "vm-old-root\n", "2026-03-02T14:00:00Z", "2026-03-02T14:10:00Z"), None),
    ];
    let pair = ["5e55-02", "5e55-03"].map(|tunnel| TunnelId::parse(tunnel).unwrap());
    let (one, other) =
        (missing(one, GapCause::OneOf(pair.clone().into())), missing(other, GapCause::OneOf(pair.into())));
    ListedCatalogue::from_entries(entries).with_sessions([
        first,
        one,
        other,
        missing(hostile, GapCause::NativeClient),
        intruder,
    ])
}

/// One rule that asks for recordings on the hub within a day, and one for those of a person who may be unknown.
pub fn review_rules() -> ReviewPolicy {
    let rule = |name: &str, fact, pattern, hours| ReviewRule {
        name: name.to_owned(),
        when: Condition::Is(Test::Text(fact, vec![Pattern::any_case(pattern)])),
        sample: 100,
        due_within: DueWithin::Hours(SignedDuration::from_hours(hours)),
    };
    let rules = vec![rule("of ann", TextFact::Person, ANN, 48), rule("on the hub", TextFact::Bastion, "bas-hub-*", 24)];
    ReviewPolicy { rules, ..ReviewPolicy::default() }
}
