//! Tests that a rule without a certain answer keeps a recording.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::policy::matcher::{Condition, Pattern, Range, Test, TextFact};
use domain::policy::retention::{Policy, RetentionRule, RetentionVerdict};
use domain::record::catalogue::EntryChangeKind;
use domain::record::join::Match;
use domain::record::retention::PolicyDigest;
use jiff::SignedDuration;

use crate::catalogue::custody::{DAY, known, policy, verdict};
use crate::catalogue::world::{Name, at, there, written};

fn asking(when: Condition) -> Policy {
    let rule = RetentionRule { name: "asked".to_owned(), when, class: 1, minimum: false };
    Policy { rules: vec![rule], ..known() }
}

/// A final recording with this verdict, created at 0 and last written at `last`.
fn recording(policy: Policy, last: i64, verdict: Match, is_written_live: bool) -> Name {
    let mut name = Name::new();
    name.rules.retention = Some(Arc::new(policy));
    name.hear(written(last, 9), there(0, last, 9), at(last + 1));
    let joined = &mut name.lives.entries[0].match_state;
    (joined.verdict, joined.is_written_live) = (verdict, is_written_live);
    name.look(there(0, last, 9), at(last + 13 * 3600));
    name
}

fn unknown(name: &Name) -> Vec<String> {
    name.only().custody.retention.as_ref().unwrap().unknown.clone()
}

#[test]
fn a_pending_match_is_no_answer_to_a_rule_about_the_match() {
    let of = |names: &[&str]| {
        Condition::Is(Test::Text(TextFact::Match, names.iter().map(|name| Pattern::any_case(name)).collect()))
    };
    let unmatched = || of(&["unmatched", "ambiguous"]);
    for (when, is_unknown) in [
        (unmatched(), true),
        (Condition::Not(Box::new(unmatched())), true),
        (of(&["matched"]), true),
        (of(&["pending", "unmatched"]), false),
    ] {
        let name = recording(asking(when.clone()), 3600, Match::Pending, false);
        assert_eq!(!unknown(&name).is_empty(), is_unknown, "{when:?}");
        let expected = if is_unknown { RetentionVerdict::Unknown } else { RetentionVerdict::Due };
        assert_eq!(verdict(&name, at(900 * DAY)), expected, "{when:?}");
    }
    let decided = recording(asking(unmatched()), 3600, Match::Unmatched { attempt: None }, false);
    assert_eq!((unknown(&decided), verdict(&decided, at(900 * DAY))), (Vec::new(), RetentionVerdict::Due));
}

#[test]
fn an_upload_of_any_duration_is_not_the_length_of_its_session() {
    let short = || Condition::Is(Test::Duration(Range { over: None, under: Some(SignedDuration::from_mins(20)) }));
    for (last, is_written_live, is_unknown) in
        [(8, true, true), (12, false, true), (12, true, false), (900, false, true), (901, false, false)]
    {
        let name = recording(asking(short()), last, Match::Unmatched { attempt: None }, is_written_live);
        assert_eq!(!unknown(&name).is_empty(), is_unknown, "{last} s, live: {is_written_live}");
    }
}

#[test]
fn an_undecided_rule_removed_from_the_policy_keeps_its_recordings_until_a_person_shortens() {
    let mut name = Name::new();
    name.rules.retention = Some(Arc::new(policy()));
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.look(there(0, 0, 9), at(13 * 3600));
    assert_eq!(unknown(&name), ["of ada"]);
    let without = Policy { digest: PolicyDigest("sha256:two".to_owned()), ..known() };
    name.rules.retention = Some(Arc::new(without.clone()));
    name.look(there(0, 0, 9), at(900 * DAY));
    assert_eq!((unknown(&name), verdict(&name, at(900 * DAY))), (vec!["of ada".to_owned()], RetentionVerdict::Unknown));
    let said = name.only().custody.retention.clone().unwrap();
    assert!(without.resolve_entry(name.only()).unwrap().keep().shortens(&said), "reported as shorter");
    name.command(EntryCommand::Reapply { by: "ops".to_owned() }, there(0, 0, 9), at(901 * DAY));
    assert_eq!((unknown(&name), verdict(&name, at(901 * DAY))), (Vec::new(), RetentionVerdict::Due));
    let is_told = |what: &EntryChangeKind| matches!(what, EntryChangeKind::Shortened { .. });
    assert!(name.only().history.iter().any(|change| is_told(&change.what)), "with the name of the person");
}
