//! Mutation test of the decades: it fails if any one guard is removed.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::retention::decade::play;
use crate::retention::storage::Without;
use crate::retention::ticks::{Runs, Tick, decade};

/// Most decades until a missing guard must be noticed.
const DECADES: usize = 400;

fn is_noticed(without: Without) -> bool {
    is_noticed_with(without, |_| {})
}

/// Like [`is_noticed`], in decades with these changes. They must be without violation if no guard is missing.
fn is_noticed_with(without: Without, change: fn(&mut [Tick])) -> bool {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..DECADES).any(|_| {
        let (said, mut ticks) = decade().new_tree(&mut runner).unwrap().current();
        change(&mut ticks);
        !play(&said, &ticks, Some(without)).is_empty() && play(&said, &ticks, None).is_empty()
    })
}

/// Places a hold beside every run. Few calls lie between the last reading of the tags and the deletion, and a decade
/// has few such holds, so hundreds of decades might have none in time.
fn hold_beside_every_run(ticks: &mut [Tick]) {
    for (number, tick) in (0_u8..).zip(ticks) {
        tick.runs = Runs::BesideHold(number, number.into(), usize::from(number) * 7 % 60);
    }
}

#[test]
fn an_archivist_that_reads_no_holds_is_noticed() {
    assert!(is_noticed(Without::Hold));
}

#[test]
fn an_archivist_that_shortens_retention_is_noticed() {
    assert!(is_noticed(Without::Retention));
}

#[test]
fn an_archivist_taking_unknown_for_false_is_noticed() {
    assert!(is_noticed(Without::Unknown));
}

#[test]
fn an_archivist_exceeding_the_deletion_limit_is_noticed() {
    assert!(is_noticed(Without::Fuse));
}

#[test]
fn an_archivist_that_does_not_warn_is_noticed() {
    assert!(is_noticed(Without::Grace));
}

#[test]
fn an_archivist_that_waits_for_no_review_is_noticed() {
    assert!(is_noticed(Without::Review));
}

#[test]
fn an_archivist_enforcing_a_disabled_policy_is_noticed() {
    assert!(is_noticed(Without::Enforcement));
}

#[test]
fn storage_ignoring_the_etag_condition_is_noticed() {
    assert!(is_noticed(Without::ETag));
}

#[test]
fn storage_ignoring_the_tag_condition_is_noticed() {
    assert!(is_noticed_with(Without::TagCondition, hold_beside_every_run));
}
