//! Tests three-valued logic by truth tables.

use domain::policy::matcher::ConditionResult;
use domain::policy::matcher::ConditionResult::{False, True, Unknown};

const ALL: [ConditionResult; 3] = [False, Unknown, True];

fn and(one: ConditionResult, other: ConditionResult) -> ConditionResult {
    ConditionResult::all([one, other])
}

fn or(one: ConditionResult, other: ConditionResult) -> ConditionResult {
    ConditionResult::any([one, other])
}

#[test]
fn and_or_and_not_follow_the_truth_tables() {
    let tables = [
        // one, other, and, or
        (True, True, True, True),
        (True, Unknown, Unknown, True),
        (True, False, False, True),
        (Unknown, True, Unknown, True),
        (Unknown, Unknown, Unknown, Unknown),
        (Unknown, False, False, Unknown),
        (False, True, False, True),
        (False, Unknown, False, Unknown),
        (False, False, False, False),
    ];
    for (one, other, both, any) in tables {
        assert_eq!((and(one, other), or(one, other)), (both, any), "{one:?} {other:?}");
    }
    assert_eq!(ALL.map(|one| !one), [True, Unknown, False]);
}

#[test]
fn all_of_no_parts_is_true_and_any_is_false() {
    assert_eq!((ConditionResult::all([]), ConditionResult::any([])), (True, False));
}

#[test]
fn the_laws_of_a_lattice_hold() {
    for one in ALL {
        assert_eq!((and(one, one), or(one, one), !!one), (one, one, one));
        for other in ALL {
            assert_eq!((and(one, other), or(one, other)), (and(other, one), or(other, one)));
            assert_eq!((and(one, or(one, other)), or(one, and(one, other))), (one, one));
            assert_eq!((!and(one, other), !or(one, other)), (or(!one, !other), and(!one, !other)));
            for third in ALL {
                assert_eq!(and(one, and(other, third)), and(and(one, other), third));
                assert_eq!(or(one, or(other, third)), or(or(one, other), third));
                assert_eq!(and(one, or(other, third)), or(and(one, other), and(one, third)));
                assert_eq!(ConditionResult::all([one, other, third]), and(one, and(other, third)));
                assert_eq!(ConditionResult::any([one, other, third]), or(one, or(other, third)));
            }
        }
    }
}

#[test]
fn an_unknown_fact_and_its_negation_stay_unknown() {
    assert_eq!((and(Unknown, !Unknown), or(Unknown, !Unknown)), (Unknown, Unknown));
}

#[test]
fn a_known_fact_is_true_or_false() {
    assert_eq!([Some(true), Some(false), None].map(ConditionResult::from_test), [True, False, Unknown]);
}
