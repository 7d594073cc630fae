//! Sample recordings due for deletion.

use std::sync::Arc;

use domain::address::BlobAddress;
use domain::policy::join::Tolerances;
use domain::policy::retention::{Class, Limits, Period, Policy, StartsAt, Warrant};
use domain::record::blob::{BlobProperties, ETag};
use domain::record::catalogue::{BlobEvents, Entry, Life, Observation, RecordingState};
use domain::record::retention::{Custody, Disposal, Executor, PolicyDigest, Then};
use jiff::{SignedDuration, Timestamp};

use super::entry;

/// Returns a policy that deletes everything after one day and one day of warning.
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

/// Returns an expiring entry after its warning, with this content last written at `at`.
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
        life: Life {
            blob_events: BlobEvents::default(),
            observation: Some(Observation { epoch_start: at, properties }),
        },
        state: RecordingState::Expiring,
        settled_at: Some(at),
        final_at: Some(at),
        ..entry(address, at)
    };
    let policy = policy();
    let retention = policy.resolve_entry(&entry).unwrap().keep();
    let (etag, marked_at) = (etag.clone(), after_hours(at, 50));
    let disposal =
        Disposal { etag, marked_at, grace_until: policy.grace_until(marked_at), approval: None, order: None };
    entry.custody = Custody { retention: Some(retention), disposal: Some(disposal), ..Custody::default() };
    entry
}

/// Returns a warrant for this content, last written at `at`, of a blob tagged with class `brief`.
pub fn warrant(address: &BlobAddress, etag: &ETag, at: Timestamp) -> Warrant {
    Warrant::prove(&expiring(address, etag, at), &[], Some(&policy()), after_hours(at, 100)).unwrap()
}

fn after_hours(at: Timestamp, hours: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(hours)).unwrap()
}
