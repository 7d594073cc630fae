//! Tests that static statements about two matchers hold for every evaluation.

use domain::policy::matcher::{ConditionResult, Pattern};
use proptest::prelude::*;

use crate::retention::world::{When, known, when};

/// Two matchers that are related more often than by chance.
fn related() -> impl Strategy<Value = (When, When)> {
    (when(), when(), when()).prop_flat_map(|(one, other, third)| {
        let both = When::All(vec![one.clone(), other.clone()]);
        let either = When::Any(vec![one.clone(), other.clone()]);
        let pool = vec![one, other, third, both, either];
        (prop::sample::select(pool.clone()), prop::sample::select(pool))
    })
}

proptest! {
    #[test]
    fn a_pattern_that_covers_another_fits_all_that_it_fits(wide in "[abA*?]{0,4}", narrow in "[abA*?]{0,4}", text in "[abA]{0,5}") {
        let (wide, narrow) = (Pattern::any_case(&wide), Pattern::any_case(&narrow));
        prop_assert!(!wide.covers(&narrow) || !narrow.fits(&text) || wide.fits(&text), "{wide:?} {narrow:?}");
    }

    #[test]
    fn a_matcher_that_implies_another_is_never_true_without_it((one, other) in related(), known in known()) {
        let (one, other) = (one.condition(), other.condition());
        let (is, implied) = known.with(|facts| (one.asked(facts), other.asked(facts)));
        prop_assert!(!one.implies(&other) || is != ConditionResult::True || implied == ConditionResult::True, "{one:?} {other:?}");
        let is_as_open = one.is_no_more_open_than(&other);
        prop_assert!(!is_as_open || is == ConditionResult::False || is == implied, "{one:?} {other:?}");
    }
}

#[test]
fn a_narrower_matcher_is_recognised() {
    for (narrow, wide) in [("vm-db-*", "vm-*"), ("vm-1", "vm-?"), ("VM-1", "vm-1"), ("a?c", "a*"), ("anything", "*")] {
        assert!(Pattern::any_case(wide).covers(&Pattern::any_case(narrow)), "{wide} {narrow}");
        assert!(narrow.eq_ignore_ascii_case(wide) || !Pattern::any_case(narrow).covers(&Pattern::any_case(wide)));
    }
    assert!(!Pattern::any_case("a?").covers(&Pattern::any_case("a*")));
    assert!(!Pattern::exact_case("vm-1").covers(&Pattern::exact_case("VM-1")));
}
