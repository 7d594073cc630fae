//! Mutation test of the hostile world: it fails if any one guard is removed.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::hostile::elements::Elements;
use crate::hostile::play::play;
use crate::hostile::storage::MissingPart;
use crate::hostile::strategy::world;

/// Most worlds until a missing guard must be noticed.
const WORLDS: usize = 400;

fn is_noticed(without: MissingPart) -> bool {
    // None of these guards needs a crowd to be noticed, and crowds are slow.
    let elements = Elements { crowds: false, ..Elements::DEFENDED };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..WORLDS).any(|_| {
        let (mut said, ticks) = world(elements).new_tree(&mut runner).unwrap().current();
        said.lifecycle |= without == MissingPart::PlatformHold;
        !play(&said, &ticks, Some(without)).is_empty()
    })
}

#[test]
fn an_archivist_trusting_any_session_end_is_noticed() {
    assert!(is_noticed(MissingPart::Tolerances));
}

#[test]
fn an_archivist_counting_from_before_creation_is_noticed() {
    assert!(is_noticed(MissingPart::Creation));
}

#[test]
fn an_archivist_ignoring_undecided_rules_is_noticed() {
    assert!(is_noticed(MissingPart::Unknown));
}

#[test]
fn an_archivist_losing_holds_is_noticed() {
    for kind in [
        MissingPart::HoldOnRecording,
        MissingPart::HoldOnPerson,
        MissingPart::HoldOnSession,
        MissingPart::HoldOnMachine,
        MissingPart::HoldOnBastion,
        MissingPart::HoldByTime,
    ] {
        assert!(is_noticed(kind), "{kind:?}");
    }
}

#[test]
fn a_platform_ignoring_holds_is_noticed() {
    assert!(is_noticed(MissingPart::PlatformHold));
}

#[test]
fn an_archivist_ignoring_foreign_holds_is_noticed() {
    assert!(is_noticed(MissingPart::HoldByHand));
}

#[test]
fn storage_hiding_its_time_from_wrong_clocks_is_noticed() {
    assert!(is_noticed(MissingPart::StorageTime));
}
