//! Mutation test of the hostile world: it fails if any one guard is removed.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::hostile::elements::Elements;
use crate::hostile::play::play;
use crate::hostile::storage::Without;
use crate::hostile::strategy::world;

/// Most worlds until a missing guard must be noticed.
const WORLDS: usize = 400;

fn is_noticed(without: Without) -> bool {
    // None of these guards needs a crowd to be noticed, and crowds are slow.
    let elements = Elements { crowds: false, ..Elements::DEFENDED };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..WORLDS).any(|_| {
        let (mut said, ticks) = world(elements).new_tree(&mut runner).unwrap().current();
        said.lifecycle |= without == Without::PlatformHold;
        !play(&said, &ticks, Some(without)).is_empty()
    })
}

#[test]
fn an_archivist_that_believes_any_end_of_a_session_is_noticed() {
    assert!(is_noticed(Without::Tolerances));
}

#[test]
fn an_archivist_that_counts_from_before_the_creation_is_noticed() {
    assert!(is_noticed(Without::Creation));
}

#[test]
fn an_archivist_that_leaves_open_rules_out_is_noticed() {
    assert!(is_noticed(Without::Unknown));
}

#[test]
fn an_archivist_that_loses_holds_of_any_kind_is_noticed() {
    for kind in [
        Without::HoldOnRecording,
        Without::HoldOnPerson,
        Without::HoldOnSession,
        Without::HoldOnMachine,
        Without::HoldOnBastion,
        Without::HoldByTime,
    ] {
        assert!(is_noticed(kind), "{kind:?}");
    }
}

#[test]
fn a_platform_that_does_not_ask_for_holds_is_noticed() {
    assert!(is_noticed(Without::PlatformHold));
}

#[test]
fn an_archivist_that_does_not_see_holds_set_by_hand_is_noticed() {
    assert!(is_noticed(Without::HoldByHand));
}

#[test]
fn storage_hiding_its_time_from_wrong_clocks_is_noticed() {
    assert!(is_noticed(Without::StorageTime));
}
