//! Tests that random policies and facts resolve as in the naive implementation.

use domain::policy::matcher::ConditionResult;
use domain::policy::retention::resolve;
use domain::record::retention::Retention;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::retention::naive;
use crate::retention::world::{APolicy, Known, day, known, policy, when};

fn said(policy: &APolicy, known: &Known, given: Option<&str>, day: Date) -> Retention {
    known.with(|facts| resolve(&policy.policy(), facts, given, day).keep())
}

fn given() -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(
        0.3,
        prop_oneof![Just("class 0".to_owned()), Just("class 1".to_owned()), Just("gone".to_owned())],
    )
}

proptest! {
    #[test]
    fn a_matcher_agrees_with_the_truth_tables(when in when(), known in known()) {
        let answer = match known.with(|facts| when.condition().asked(facts)) {
            ConditionResult::True => Some(true),
            ConditionResult::False => Some(false),
            ConditionResult::Unknown => None,
        };
        prop_assert_eq!(answer, naive::asked(&when, &known));
    }

    #[test]
    fn a_policy_agrees_with_a_naive_resolver(
        policy in policy(), known in known(), given in given(), day in day(),
    ) {
        let expected = naive::resolve(&policy, &known, given.as_deref(), day);
        let said = said(&policy, &known, given.as_deref(), day);
        prop_assert!(expected.classes_that_retain_longest.contains(&said.class), "{said:?} {expected:?}");
        prop_assert_eq!(
            (&said.rules, said.unknown.len(), said.retain_until, said.delete_after, said.then, said.counted_from),
            (&expected.rules, expected.unknown, expected.retain_until, expected.delete_after, expected.then, day),
        );
    }

    #[test]
    fn a_recording_is_deletable_only_after_its_last_day(policy in policy(), known in known(), day in day()) {
        let said = said(&policy, &known, None, day);
        let Some(last) = said.delete_after else {
            prop_assert_eq!(said.ends_at(), None);
            return Ok(());
        };
        let ends_at = said.ends_at().unwrap();
        let second = jiff::SignedDuration::from_secs(1);
        let day_of = |at: jiff::Timestamp| TimeZone::UTC.to_datetime(at).date();
        prop_assert_eq!((day_of(ends_at - second), day_of(ends_at)), (last, last.tomorrow().unwrap()));
        prop_assert!(last >= said.retain_until);
    }

    #[test]
    fn the_order_of_rules_changes_nothing_but_names(policy in policy(), known in known(), day in day()) {
        let mut backwards = policy.clone();
        backwards.rules.reverse();
        let (one, other) = (said(&policy, &known, None, day), said(&backwards, &known, None, day));
        prop_assert_eq!(
            (one.retain_until, one.delete_after, one.then, one.unknown.len()),
            (other.retain_until, other.delete_after, other.then, other.unknown.len()),
        );
    }

    #[test]
    fn a_new_policy_never_shortens_retention(
        before in policy(), after in policy(), known in known(), day in day(),
    ) {
        let (was, is) = (said(&before, &known, None, day), said(&after, &known, None, day));
        let extended = was.extended_by(is.clone(), false);
        prop_assert!(extended.covers(&was) && extended.covers(&is), "{extended:?}");
        prop_assert!(extended.delete_after.is_none_or(|last| last >= extended.retain_until));
        prop_assert_eq!(&extended.unknown, &is.unknown);
        prop_assert_eq!(was.extended_by(is.clone(), true), is);
    }
}
