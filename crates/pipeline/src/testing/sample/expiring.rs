//! Recordings that may go.

use std::sync::Arc;

use domain::address::BlobAddress;
use domain::blob::{BlobProperties, ETag};
use domain::catalogue::{Entry, Life, Marks, Sighting, State};
use domain::join::Tolerances;
use domain::retention::{
    Class, Custody, Disposal, Executor, Limits, Period, Policy, PolicyDigest, StartsAt, Then, Warrant,
};
use jiff::{SignedDuration, Timestamp};

use super::entry;

/// A policy by which everything goes after a day, and after people were warned for one.
pub fn policy() -> Arc<Policy> {
    let day = Period::parse("P1D").unwrap();
    let class = Class { name: "brief".to_owned(), retain_for: day, delete_after: Some(day), then: Then::Delete };
    Arc::new(Policy {
        digest: PolicyDigest("sha256:sample".to_owned()),
        starts_at: StartsAt::SessionEnd,
        tolerances: Tolerances::default(),
        default_class: 0,
        classes: vec![class],
        rules: Vec::new(),
        grace: day,
        enforce: true,
        executor: Executor::Archivist,
        limits: Limits { max_deletes_per_run: 1_000, max_delete_percent: 100 },
    })
}

/// An entry that is on its way out, of this content that was last written at this time: people have been warned.
pub fn expiring(address: &BlobAddress, etag: &ETag, at: Timestamp) -> Entry {
    let properties = BlobProperties {
        created_at: at,
        last_modified: at,
        etag: etag.clone(),
        size: 1,
        tier: None,
        content_type: None,
    };
    let mut entry = Entry {
        life: Life { marks: Marks::default(), sighting: Some(Sighting { born: at, properties }) },
        state: State::Expiring,
        settled_at: Some(at),
        final_at: Some(at),
        ..entry(address, at)
    };
    let policy = policy();
    let retention = policy.says_of(&entry).unwrap().keep();
    let (etag, marked_at) = (etag.clone(), after_hours(at, 50));
    let disposal =
        Disposal { etag, marked_at, grace_until: policy.grace_until(marked_at), approval: None, order: None };
    entry.custody = Custody { retention: Some(retention), disposal: Some(disposal), ..Custody::default() };
    entry
}

/// The right to delete this content, last written at this time, from a blob that carries the tags of class `brief`.
pub fn warrant(address: &BlobAddress, etag: &ETag, at: Timestamp) -> Warrant {
    Warrant::prove(&expiring(address, etag, at), &[], Some(&policy()), after_hours(at, 100)).unwrap()
}

fn after_hours(at: Timestamp, hours: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(hours)).unwrap()
}
