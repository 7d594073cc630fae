//! Strategies for retention, holds and disposition.

use domain::record::blob::ETag;
use domain::record::hold::{CarriedHold, HoldId, HoldScope};
use domain::record::ledger::Sha256;
use domain::record::recording_id::RecordingId;
use domain::record::retention::{
    Approval, Custody, DeletionOrder, Disposal, Executor, Fingerprint, ForeignHold, PolicyDigest, Retention, Then,
    Tombstone,
};
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{blob_addresses, texts, timestamps};

/// Generates arbitrary custody, including values no decision produces.
pub fn custody() -> impl Strategy<Value = Custody> {
    let said =
        (option::of(retention()), option::of(texts()), option::of(fingerprint()), vec(ids(), 0..3), vec(ids(), 0..3));
    let foreign = (texts(), timestamps()).prop_map(|(value, since)| ForeignHold { value, since });
    let holds = (vec(held(), 0..3), option::of(foreign));
    (said, holds, option::of(disposal()), option::of(timestamps()), option::of(tombstone())).prop_map(
        |(said, (holds, foreign_hold), disposal, missing_since, tombstone)| {
            let (retention, given_class, fingerprint, returned_from, perhaps_returned_from) = said;
            Custody {
                retention,
                given_class,
                fingerprint,
                returned_from,
                perhaps_returned_from,
                holds,
                foreign_hold,
                disposal,
                missing_since,
                tombstone,
            }
        },
    )
}

fn ids() -> impl Strategy<Value = RecordingId> {
    (blob_addresses(), timestamps(), texts())
        .prop_map(|(address, at, word)| RecordingId::derive(&address, at, word.as_bytes()))
}

fn fingerprint() -> impl Strategy<Value = Fingerprint> {
    let content = (texts(), any::<u64>(), texts(), option::of(any::<u32>()));
    content.prop_map(|(etag, size, content, altered)| Fingerprint {
        etag: ETag::new(&etag),
        size,
        sha256: Sha256::hash(content.as_bytes()),
        altered,
    })
}

fn dates() -> impl Strategy<Value = Date> {
    (1970_i16..9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::constant(year, month, day))
}

fn retention() -> impl Strategy<Value = Retention> {
    let names = (texts(), vec(texts(), 0..3), vec(texts(), 0..3), texts());
    (names, dates(), dates(), option::of(dates()), select(&Then::ALL[..])).prop_map(
        |((class, rules, unknown, policy), counted_from, retain_until, delete_after, then)| Retention {
            class,
            rules,
            unknown,
            counted_from,
            retain_until,
            delete_after,
            then,
            policy: PolicyDigest(policy),
        },
    )
}

fn held() -> impl Strategy<Value = CarriedHold> {
    (texts(), texts(), timestamps(), any::<bool>()).prop_map(|(case, person, since, is_certain)| {
        let scope = HoldScope { person: Some(person), ..HoldScope::default() };
        CarriedHold { hold: HoldId::derive(&case, &scope), case, since, is_certain }
    })
}

fn approval() -> impl Strategy<Value = Approval> {
    (texts(), texts(), timestamps()).prop_map(|(plan, by, until)| Approval { plan, by, until })
}

fn disposal() -> impl Strategy<Value = Disposal> {
    let order = (timestamps(), select(&Executor::ALL[..])).prop_map(|(at, by)| DeletionOrder { at, by });
    (texts(), timestamps(), timestamps(), option::of(approval()), option::of(order)).prop_map(
        |(etag, marked_at, grace_until, approval, order)| Disposal {
            etag: ETag::new(&etag),
            marked_at,
            grace_until,
            approval,
            order,
        },
    )
}

fn tombstone() -> impl Strategy<Value = Tombstone> {
    let executor = select(&Executor::ALL[..]);
    (timestamps(), executor, option::of(any::<u64>()), retention(), option::of(approval())).prop_map(
        |(at, by, size, retention, approval)| Tombstone {
            at,
            by,
            etag: ETag::new("0x8D"),
            size,
            sha256: size.map(|size| Sha256::hash(&size.to_be_bytes())),
            policy: retention.policy,
            class: retention.class,
            rules: retention.rules,
            retain_until: retention.retain_until,
            delete_after: retention.delete_after,
            then: retention.then,
            approval,
        },
    )
}
