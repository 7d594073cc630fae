//! Section `review`.

use domain::policy::matcher::{Condition, Facts, Test};
use domain::policy::review::PriorSessionTimes;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::{problems, read};

#[test]
fn every_problem_of_a_review_rule_is_reported_with_its_line() {
    let text = "
version: 1
review:
  every: P7D
  rules:
    - { name: one, due_within: P7D, smaple: 5 }
    - { name: two, sample: 101, due_within: P7D }
    - { name: three, sample: few, due_within: a week }
    - { name: four, sample: -1, due_within: P0D }
    - { when: { held: true } }
    - { name: '', due_within: PT0S }
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: review.every: is not a known key; remove it; the keys here are rules
    archivist.yaml:6: review.rules[0].smaple: is not a known key; did you mean sample? Otherwise remove it
    archivist.yaml:7: review.rules[1].sample: 101 is out of bounds; write a whole number from 0 to 100
    archivist.yaml:8: review.rules[2].sample: is a text; write a whole number
    archivist.yaml:8: review.rules[2].due_within: "a week" is neither a period of days nor a duration of hours; write it as P7D or PT48H
    archivist.yaml:9: review.rules[3].sample: -1 is out of bounds; write a whole number from 0 to 100
    archivist.yaml:9: review.rules[3].due_within: "P0D" is neither a period of days nor a duration of hours; write it as P7D or PT48H
    archivist.yaml:10: review.rules[4].name: is missing; add name, as in name: out of hours
    archivist.yaml:10: review.rules[4].due_within: is missing; add due_within, as in due_within: P7D
    archivist.yaml:11: review.rules[5].name: is not a rule's name; write 1 to 120 characters that people can read
    archivist.yaml:11: review.rules[5].due_within: "PT0S" is neither a period of days nor a duration of hours; write it as P7D or PT48H
    "#);
}

#[test]
fn two_review_rules_of_one_name_are_an_error() {
    let text = "
version: 1
review:
  rules:
    - { name: one, due_within: P7D }
    - { name: two, due_within: P7D }
    - { name: one, sample: 5, due_within: P7D }
";
    assert_snapshot!(problems(text), @"archivist.yaml:7: review.rules[2].name: is the same as in line 5; give each rule its own name");
}

#[test]
fn review_rules_that_are_no_rules_are_an_error() {
    for (rules, wanted) in [
        ("review: []", "archivist.yaml:2: review: is a list; write a mapping (key: value)"),
        ("review: { rules: {} }", "archivist.yaml:2: review.rules: is a mapping (key: value); write a list"),
        ("review: { rules: [one] }", "archivist.yaml:2: review.rules[0]: is a text; write a mapping (key: value)"),
        (
            "review: { rules: [{ name: one, when: [], due_within: P7D }] }",
            "archivist.yaml:2: review.rules[0].when: is a list; write a mapping (key: value)",
        ),
    ] {
        assert_eq!(problems(&format!("version: 1\n{rules}\n")), wanted);
    }
    for none in ["review: {}", "review: { rules: [] }"] {
        assert_eq!(read(&format!("version: 1\n{none}\n")).unwrap().reviews.rules, []);
    }
}

#[test]
fn a_condition_that_a_review_rule_cannot_decide_is_an_error() {
    let text = "
version: 1
review:
  rules:
    - { name: empty, when: {}, due_within: P7D }
    - { name: outcome, when: { review.outcome: ok }, due_within: P7D }
    - { name: event, when: { any: [{ event: recording.ready }, { severity: info }] }, due_within: P7D }
    - { name: viewer, when: { not: { own_session: true } }, due_within: P7D }
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:5: review.rules[0].when: matches everything; write a condition, or leave when out for a rule for all recordings
    archivist.yaml:6: review.rules[1].when."review.outcome": is always none before a review; remove it: the queue has no reviewed recordings
    archivist.yaml:7: review.rules[2].when.any[0].event: is not known of a recording; remove it: only notification routes know it
    archivist.yaml:7: review.rules[2].when.any[1].severity: is not known of a recording; remove it: only notification routes know it
    archivist.yaml:8: review.rules[3].when.not.own_session: is not known of a recording; remove it: only notification routes know it
    "#);
}

#[test]
fn facts_about_earlier_sessions_are_refused_outside_review_rules() {
    let text = "
version: 1
retention:
  default_class: a
  classes: { a: { retain_for: P1Y, delete_after: P1Y, then: delete } }
  rules:
    - { name: one, class: a, when: { first_use: true } }
notifications:
  channels: { log: { kind: stub } }
  routes:
    - { name: two, when: { any: [{ after_failed_logins: true }] }, channels: [log] }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:7: retention.rules[0].when.first_use: is not known here; remove it: only review rules know it, in review.rules
    archivist.yaml:11: notifications.routes[0].when.any[0].after_failed_logins: is not known here; remove it: only review rules know it, in review.rules
    ");
}

#[test]
fn facts_about_earlier_sessions_are_conditions_of_review_rules() {
    let text = "
version: 1
matching: { failed_logins: { count: 3, within: PT10M }, confirm_after: PT2H }
review:
  rules:
    - { name: new, when: { first_use: true, after_failed_logins: false }, due_within: P7D }
";
    let policy = read(text).unwrap().reviews;
    let lines = [Test::FirstUse(true), Test::AfterFailedLogins(false)].map(Condition::Is);
    assert_eq!(policy.rules[0].when, Condition::All(lines.to_vec()));
    let unknown = policy.rules[0].when.unknown_facts(&Facts::default());
    assert_eq!(unknown.into_iter().collect::<Vec<_>>(), ["after_failed_logins", "first_use"]);
    let (failed_within, log_delay) = (SignedDuration::from_mins(10), SignedDuration::from_hours(2));
    assert_eq!(policy.prior_times, PriorSessionTimes { failed_within, log_delay });
}
