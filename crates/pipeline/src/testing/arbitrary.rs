//! Strategies for property tests: any value that a store may receive.

use std::collections::BTreeSet;

use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::record::blob::{BlobEvent, BlobProperties, ETag, Happening, StorageRequest};
use domain::record::catalogue::{
    BlobEvents, Confirmed, Contradicted, Contradiction, EarlierTags, Entry, EntryChange, EntryChangeKind, Folded,
    JudgedTimes, Life, MatchState, NotifiedVerdict, Observation, RecordingState, Tagged,
};
use domain::record::delivery::Delivery;
use domain::record::effect::{Effect, GivenUpEffect, Pending};
use domain::record::estate::BastionName;
use domain::record::hold::Actor;
use domain::record::ledger::Sha256;
use domain::record::notification::{Event, FactValue, Notification, NotificationFact, NotificationId, NotificationKey};
use domain::record::recording_id::RecordingId;
use domain::record::review::ReviewOutcome;
use domain::record::review_mark::{ReviewMark, ReviewedContent};
use domain::record::sequencer::Sequencer;
use domain::record::session::TunnelId;
use domain::record::tags::{PlannedTag, TagKey, TagSet, TagValue};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use super::sample::HOSTILE_NAMES;
use crate::ports::NotificationRecord;

mod custody;
mod sessions;

pub use sessions::session_entries;
use sessions::{keys, verdicts};

/// Generates times between 1970 and 2100, half of them in whole seconds.
pub fn timestamps() -> impl Strategy<Value = Timestamp> {
    let fraction = prop_oneof![Just(0), 0..1_000_000_000i32];
    (0..4_102_444_800i64, fraction).prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond).unwrap())
}

/// Generates untrusted text: plain, hostile, or arbitrary characters.
pub fn texts() -> impl Strategy<Value = String> {
    let any = vec(any::<char>(), 0..24).prop_map(String::from_iter);
    prop_oneof!["[ -~]{0,24}", any, select(&HOSTILE_NAMES[..]).prop_map(str::to_owned)]
}

/// Generates blob names, including hostile ones.
pub fn blob_names() -> impl Strategy<Value = BlobName> {
    texts().prop_filter_map("storage knows no empty name", |text| BlobName::parse(&text).ok())
}

/// Generates addresses of blobs.
pub fn blob_addresses() -> impl Strategy<Value = BlobAddress> {
    let container = ("[a-z0-9]{3,24}", "[a-z0-9]{3,12}(-[a-z0-9]{1,12}){0,3}")
        .prop_map(|(account, container)| ContainerAddress::parse(&account, &container).unwrap());
    (container, blob_names()).prop_map(|(container, name)| container.blob(name))
}

/// Generates entries with arbitrary state and history, including ones no decision produces.
pub fn entries() -> impl Strategy<Value = Entry> {
    let identity = (blob_addresses(), timestamps(), texts(), texts());
    let times = (option::of(timestamps()), option::of(timestamps()), option::of(timestamps()));
    let tags = (btree_map(texts(), texts(), 0..4).prop_map(TagSet), option::of(tagged()), earlier_tags());
    let world = (vec(pending(), 0..3), vec(refusals(), 0..3), vec(changes(), 0..6));
    let rest = (
        select(&RecordingState::ALL[..]),
        announced(),
        any::<u64>(),
        keys(),
        (match_state(), custody::custody(), vec(reviews(), 0..3)).boxed(),
    );
    // Value trees of this size overflow a test's stack unless boxed.
    (identity.boxed(), lives().boxed(), times, tags.boxed(), world.boxed(), rest).prop_map(
        |(
            (address, at, word, bastion),
            life,
            (settled_at, final_at, wake_at),
            (tags, tagged, earlier_tags),
            world,
            rest,
        )| {
            let (pending, refusals, history) = world;
            let (state, announced, revision, keys, (match_state, custody, reviews)) = rest;
            Entry {
                id: RecordingId::derive(&address, at, word.as_bytes()),
                address,
                bastion: BastionName::new(&bastion),
                keys,
                life,
                state,
                match_state,
                custody,
                reviews,
                settled_at,
                final_at,
                announced,
                tags,
                tagged,
                earlier_tags,
                pending,
                refusals,
                history,
                wake_at,
                revision,
            }
        },
    )
}

/// Generates notifications with deliveries to some channels.
pub fn notification_records() -> impl Strategy<Value = NotificationRecord> {
    let deliveries = btree_map(texts(), deliveries(), 0..4);
    (notification_ids(), events(), timestamps(), texts(), option::of(notification_ids()), deliveries).prop_map(
        |(id, event, at, body, after, deliveries)| NotificationRecord { id, event, at, body, after, deliveries },
    )
}

fn match_state() -> impl Strategy<Value = MatchState> {
    let judged = (timestamps(), timestamps());
    let judged = judged.prop_map(|(created_at, last_modified)| JudgedTimes { created_at, last_modified });
    let notified = (any::<u32>(), texts());
    let notified = notified.prop_map(|(count, verdict)| NotifiedVerdict { count, verdict });
    let parts = (verdicts(), option::of(judged), option::of(notified), option::of(texts()), option::of(timestamps()));
    (parts, contradicted(), sessions::reasonings(), option::of(confirmed()), any::<bool>()).prop_map(
        |(parts, contradicted, reasoning, confirmed, is_written_live)| {
            let (verdict, judged, notified, tagged_person, ask_at) = parts;
            MatchState {
                verdict,
                reasoning,
                judged,
                is_written_live,
                notified,
                tagged_person,
                ask_at,
                contradicted,
                confirmed,
            }
        },
    )
}

fn confirmed() -> impl Strategy<Value = Confirmed> {
    let contradiction = prop_oneof![
        "[a-z0-9-]{1,20}".prop_map(|id| Contradiction::Session(TunnelId::parse(&id).unwrap())),
        (blob_addresses(), timestamps())
            .prop_map(|(address, at)| Contradiction::Recording(RecordingId::derive(&address, at, b"x"))),
    ];
    (texts(), texts(), timestamps(), verdicts(), btree_set(contradiction, 0..3))
        .prop_map(|(by, reason, at, found, contradictions)| Confirmed { by, reason, at, found, contradictions })
        .boxed()
}

fn reviews() -> impl Strategy<Value = ReviewMark> {
    let by = (texts(), any::<bool>()).prop_map(|(name, is_verified)| Actor { name, is_verified });
    let hash = any::<u64>().prop_map(|n| Sha256::hash(&n.to_be_bytes()));
    let content =
        (texts(), option::of(hash)).prop_map(|(etag, sha256)| ReviewedContent { etag: ETag::new(&etag), sha256 });
    (outcomes(), by, timestamps(), option::of(texts()), option::of(texts()), option::of(content))
        .prop_map(|(outcome, by, at, ticket, note, content)| ReviewMark { outcome, by, at, ticket, note, content })
}

fn outcomes() -> impl Strategy<Value = ReviewOutcome> {
    select(&ReviewOutcome::ALL[..])
}

fn contradicted() -> impl Strategy<Value = Contradicted> {
    (any::<bool>(), any::<bool>()).prop_map(|(start, end)| Contradicted { start, end })
}

fn lives() -> impl Strategy<Value = Life> {
    let blob_events = (vec(blob_events(), 0..6), option::of((sequencers(), sequencers(), any::<u64>())));
    let blob_events = blob_events.prop_map(|(events, folded)| {
        BlobEvents::new(events, folded.map(|(from, through, count)| Folded { from, through, count }))
    });
    (blob_events, option::of(observations())).prop_map(|(blob_events, observation)| Life { blob_events, observation })
}

fn blob_events() -> impl Strategy<Value = BlobEvent> {
    let written = (option::of(etags()), any::<u64>()).prop_map(|(etag, size)| Happening::Written { etag, size });
    let what = prop_oneof![written, requests().prop_map(Happening::Deleted), Just(Happening::TierChanged)];
    (sequencers(), timestamps(), what).prop_map(|(sequencer, at, what)| BlobEvent { sequencer, at, what })
}

fn sequencers() -> impl Strategy<Value = Sequencer> {
    prop_oneof!["[0-9A-F]{32}", "[0-9a-f]{48}"].prop_map(|text| Sequencer::parse(&text).unwrap())
}

fn observations() -> impl Strategy<Value = Observation> {
    let times = (timestamps(), timestamps(), timestamps());
    (times, etags(), any::<u64>(), option::of(texts()), option::of(texts())).prop_map(
        |((epoch_start, created_at, last_modified), etag, size, tier, content_type)| {
            let properties = BlobProperties { created_at, last_modified, etag, size, tier, content_type };
            Observation { epoch_start, properties }
        },
    )
}

fn etags() -> impl Strategy<Value = ETag> {
    prop_oneof!["0x[0-9A-F]{15}".boxed(), texts().boxed()].prop_map(|text| ETag::new(&text))
}

fn planned_tags() -> impl Strategy<Value = Vec<PlannedTag>> {
    let tag = ("[a-zA-Z0-9 +.:=_/-]{1,20}", "[a-zA-Z0-9 +.:=_/-]{0,20}").prop_map(|(key, value)| PlannedTag {
        key: TagKey::parse(&key).unwrap(),
        value: TagValue::parse(&value).unwrap(),
    });
    vec(tag, 0..4)
}

fn tagged() -> impl Strategy<Value = Tagged> {
    (etags(), planned_tags()).prop_map(|(etag, plan)| Tagged { etag, plan })
}

fn earlier_tags() -> impl Strategy<Value = EarlierTags> {
    (planned_tags(), option::of(timestamps())).prop_map(|(tags, shown_at)| EarlierTags { tags, shown_at })
}

pub(super) fn pending() -> impl Strategy<Value = Pending> {
    let effect = prop_oneof![
        Just(Effect::WriteTags),
        notifications().prop_map(Effect::Notify),
        Just(Effect::Rejoin),
        Just(Effect::DeleteBlob)
    ];
    (effect, any::<u32>(), timestamps(), timestamps()).prop_map(|(effect, attempts, since, retry_at)| Pending {
        effect,
        attempts,
        since,
        retry_at,
    })
}

fn notifications() -> impl Strategy<Value = Notification> {
    let value = prop_oneof![texts().prop_map(FactValue::Text), any::<u64>().prop_map(FactValue::Number)];
    let fact = (texts(), value).prop_map(|(name, value)| NotificationFact { name, value });
    (notification_ids(), events(), timestamps(), texts(), vec(fact, 0..4), option::of(texts())).prop_map(
        |(id, event, at, subject, facts, link)| {
            let key = NotificationKey::derive(&subject, event);
            Notification { id, key, event, at, subject, facts, link }
        },
    )
}

fn refusals() -> impl Strategy<Value = GivenUpEffect> {
    (timestamps(), texts()).prop_map(|(at, reason)| GivenUpEffect { at, reason })
}

fn requests() -> impl Strategy<Value = StorageRequest> {
    (option::of(texts()), option::of(texts()), option::of(texts())).prop_map(|(api, id, client_id)| StorageRequest {
        api,
        id,
        client_id,
    })
}

fn changes() -> impl Strategy<Value = EntryChange> {
    let plain = [
        EntryChangeKind::Catalogued,
        EntryChangeKind::Settled,
        EntryChangeKind::WrittenAgain,
        EntryChangeKind::Final,
        EntryChangeKind::ContentChanged,
        EntryChangeKind::Missing,
        EntryChangeKind::Found,
        EntryChangeKind::Deleted,
        EntryChangeKind::TierChanged,
        EntryChangeKind::LifeDivided,
        EntryChangeKind::Unmatched,
        EntryChangeKind::Expiring,
        EntryChangeKind::Ordered,
        EntryChangeKind::Retained { class: "pci".to_owned(), delete_after: None },
        EntryChangeKind::Retained { class: "pci".to_owned(), delete_after: Some(Date::constant(2027, 9, 2)) },
        EntryChangeKind::ClassGiven { class: None, by: "somebody".to_owned() },
    ];
    let left_out = prop_oneof![
        vec(texts(), 0..3).prop_map(EntryChangeKind::TagsLeftOut),
        vec(texts(), 0..3).prop_map(EntryChangeKind::TagsChanged),
    ];
    let match_state = prop_oneof![
        texts().prop_map(EntryChangeKind::Matched),
        texts().prop_map(EntryChangeKind::Ambiguous),
        (texts(), texts()).prop_map(|(withdrawn, now)| EntryChangeKind::LateMatch { withdrawn, now }),
        contradicted().prop_map(EntryChangeKind::TimesContradicted),
        texts().prop_map(EntryChangeKind::WordContradicted),
        (option::of(texts()), texts(), texts(), option::of(texts())).prop_map(|(session, by, reason, withdrawn)| {
            EntryChangeKind::Confirmed { session, by, reason, withdrawn }
        }),
    ];
    let custody = prop_oneof![
        texts().prop_map(EntryChangeKind::Held),
        texts().prop_map(EntryChangeKind::Released),
        texts().prop_map(EntryChangeKind::Spared),
        (texts(), texts()).prop_map(|(by, plan)| EntryChangeKind::Approved { by, plan }),
        (texts(), texts()).prop_map(|(class, by)| EntryChangeKind::Shortened { class, delete_after: None, by }),
        (outcomes(), texts(), option::of(texts())).prop_map(|(outcome, by, ticket)| EntryChangeKind::Reviewed {
            outcome,
            by,
            ticket
        }),
        (texts(), texts()).prop_map(|(class, by)| EntryChangeKind::ClassGiven { class: Some(class), by }),
    ];
    let what = prop_oneof![
        select(plain.to_vec()),
        match_state,
        custody,
        left_out,
        texts().prop_map(EntryChangeKind::EffectRefused)
    ];
    (timestamps(), what).prop_map(|(at, what)| EntryChange { at, what })
}

fn deliveries() -> impl Strategy<Value = Delivery> {
    (any::<u32>(), timestamps(), texts(), notification_ids(), 0..6).prop_map(|(count, at, text, digest, kind)| {
        match kind {
            0 => Delivery::Waiting { attempt: count, at },
            1 => Delivery::Claimed { attempt: count, until: at },
            2 => Delivery::Delivered { at, attempts: count },
            3 => Delivery::Gathering { route: text, at },
            4 => Delivery::Gathered { at, digest },
            _ => Delivery::GivenUp { at, attempts: count, reason: text },
        }
    })
}

pub(super) fn announced() -> impl Strategy<Value = BTreeSet<Event>> {
    btree_set(events(), 0..Event::ALL.len())
}

fn events() -> impl Strategy<Value = Event> {
    select(&Event::ALL[..])
}

fn notification_ids() -> impl Strategy<Value = NotificationId> {
    (texts(), events()).prop_map(|(about, event)| NotificationId::derive(&about, event, ""))
}
