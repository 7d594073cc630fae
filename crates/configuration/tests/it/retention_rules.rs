//! Errors and warnings of retention policies.

use domain::policy::matcher::Facts;
use domain::policy::retention::{Policy, resolve};
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::{problems, read, warnings};

/// A file with these classes, starting in line 5, and these rules.
fn file(classes: &str, rules: &str) -> String {
    let rules = if rules.is_empty() { String::new() } else { format!("  rules:\n{rules}") };
    format!("version: 1\nretention:\n  default_class: a\n  classes:\n{classes}{rules}")
}

const A: &str = "    a: { retain_for: P1Y, delete_after: P1Y, then: delete }\n";
const AB: &str = "    a: { retain_for: P1Y, delete_after: P1Y, then: delete }\n    b: { retain_for: P2Y, delete_after: P3Y, then: delete }\n";

#[test]
fn an_undefined_class_is_an_error() {
    let rules = "    - { name: one, when: { machine: a }, class: b }\n";
    assert_snapshot!(problems(&file("    standard: { retain_for: P1Y, delete_after: P1Y, then: delete }\n", rules)), @r#"
    archivist.yaml:3: retention.default_class: "a" is not a class; write one of standard, or define it under retention.classes
    archivist.yaml:7: retention.rules[0].class: "b" is not a class; write one of standard, or define it under retention.classes
    "#);
}

#[test]
fn a_duplicate_name_is_an_error() {
    let rules =
        "    - { name: one, when: { machine: a }, class: a }\n    - { name: one, when: { machine: b }, class: a }\n";
    assert_snapshot!(problems(&file(&format!("{A}{A}    A: {{ retain_for: P1Y, then: keep }}\n"), rules)), @"
    archivist.yaml:6: retention.classes.a: is set twice, first in line 5; keep one of the two
    archivist.yaml:7: retention.classes.A: differs only in case from a in line 5; keep one of the two: in tags, case counts
    archivist.yaml:10: retention.rules[1].name: is the same as in line 9; give each rule its own name
    ");
}

#[test]
fn a_class_has_a_name_that_a_tag_can_carry() {
    let classes = format!(
        "{A}    'a@b': {{ retain_for: P1Y, then: keep }}\n    {}: {{ retain_for: P1Y, then: keep }}\n",
        "x".repeat(257)
    );
    assert_snapshot!(problems(&file(&classes, "")), @r#"
    archivist.yaml:6: retention.classes."a@b": is not a class's name; write 1 to 256 letters, digits, blanks and + - . : = _ /: the name becomes the value of the tag bsr-class
    archivist.yaml:7: retention.classes."xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…": is not a class's name; write 1 to 256 letters, digits, blanks and + - . : = _ /: the name becomes the value of the tag bsr-class
    "#);
}

#[test]
fn periods_must_fit_the_action_after_them() {
    let classes = "    a: { retain_for: P1Y, then: delete }
    b: { retain_for: P1Y, then: review }
    c: { retain_for: P1Y, delete_after: P2Y, then: keep }
    d: { retain_for: P0D, delete_after: P1Y, then: delete }
    e: { retain_for: P0D, then: keep }
";
    assert_snapshot!(problems(&file(classes, "")), @r#"
    archivist.yaml:5: retention.classes.a.delete_after: is missing, with then: delete; add the period after which they are due, as delete_after: P1Y; there is no default
    archivist.yaml:6: retention.classes.b.delete_after: is missing, with then: review; add the period after which they are due, as delete_after: P1Y; there is no default
    archivist.yaml:7: retention.classes.c.delete_after: is set together with then: keep; remove it: kept recordings are not deleted; or write then: delete or then: review
    archivist.yaml:8: retention.classes.d.retain_for: "P0D" retains nothing, with then: delete; write how long these recordings must not be deleted
    "#);
}

#[test]
fn a_deletion_before_the_retention_is_over_is_a_warning() {
    assert_snapshot!(warnings(&file("    a: { retain_for: P1Y, delete_after: P6M, then: delete }\n", "")), @r#"archivist.yaml:5: retention.classes.a.delete_after: "P6M" is shorter than retain_for, "P1Y", and is raised to it; write P1Y"#);
    for same in ["P12M", "P365D", "P1Y"] {
        assert_eq!(
            warnings(&file(&A.replace("delete_after: P1Y", &format!("delete_after: {same}")), "")),
            "",
            "{same}"
        );
    }
}

#[test]
fn an_unused_class_is_a_warning() {
    assert_snapshot!(warnings(&file(AB, "")), @"archivist.yaml:6: retention.classes.b: is a class that no rule gives; name it in a rule, or remove it; keep it if people give it by hand");
}

#[test]
fn the_archive_is_closed_while_recordings_must_play_at_once() {
    let class = "    a: { retain_for: P1Y, delete_after: P3Y, then: delete, immediately_available: P180D, tiers: { archive_after: P90D } }\n";
    assert_snapshot!(problems(&file(class, "")), @r#"archivist.yaml:5: retention.classes.a.tiers.archive_after: "P90D" is within retention.classes.a.immediately_available, "P180D"; write P180D or more: archived recordings take hours to play again"#);
    assert_eq!(warnings(&file(&class.replace("P90D", "P180D"), "")), "");
}

#[test]
fn tiers_follow_each_other() {
    let class =
        "    a: { retain_for: P9Y, then: keep, tiers: { cool_after: P90D, cold_after: P30D, archive_after: P30D } }\n";
    assert_snapshot!(problems(&file(class, "")), @r#"
    archivist.yaml:5: retention.classes.a.tiers.cold_after: "P30D" is not later than cool_after, "P90D"; lengthen it, or leave one of the two out
    archivist.yaml:5: retention.classes.a.tiers.archive_after: "P30D" is not later than cold_after, "P30D"; lengthen it, or leave one of the two out
    "#);
}

#[test]
fn a_stay_in_a_tier_below_its_billing_minimum_is_a_warning() {
    let class = |tiers: &str| {
        file(&format!("    a: {{ retain_for: P1Y, delete_after: P1Y, then: delete, tiers: {{ {tiers} }} }}\n"), "")
    };
    assert_snapshot!(warnings(&class("archive_after: P200D")), @"archivist.yaml:5: retention.classes.a.tiers.archive_after: leaves recordings 165 days in the archive tier, but 180 are billed; move them earlier, keep them longer, or leave the tier out");
    assert_snapshot!(warnings(&class("cool_after: P20D, cold_after: P40D, archive_after: P365D")), @r#"
    archivist.yaml:5: retention.classes.a.tiers.cool_after: leaves recordings 20 days in the cool tier, but 30 are billed; move them earlier, keep them longer, or leave the tier out
    archivist.yaml:5: retention.classes.a.tiers.archive_after: "P365D" comes when the recordings may already be deleted, after 365 days; shorten it, or leave it out
    "#);
    assert_eq!(warnings(&class("cool_after: P30D, cold_after: P60D, archive_after: P185D")), "");
}

#[test]
fn a_rule_that_another_covers_is_a_warning() {
    let rules = "    - { name: wide, when: { machine: vm-* }, class: b }
    - { name: narrow, when: { machine: [vm-db-*, vm-web-01] }, class: b }
    - { name: narrower class, when: { machine: vm-db-* }, class: a }
    - { name: again, when: { machine: [VM-*] }, class: b }
    - { name: of a person, when: { machine: vm-db-*, person: ada@* }, class: b }
";
    assert_snapshot!(warnings(&file(AB, rules)), @r#"
    archivist.yaml:9: retention.rules[1]: has no effect: "wide" in line 8 matches all of its recordings, and retains them as long; remove it, or correct one of the two
    archivist.yaml:11: retention.rules[3]: has no effect: "wide" in line 8 matches all of its recordings, and retains them as long; remove it, or correct one of the two
    archivist.yaml:12: retention.rules[4]: adds nothing to "wide" in line 8, and keeps recordings whose facts are not known; remove it, or give it a class that retains longer
    "#);
}

#[test]
fn a_rule_with_an_effect_causes_no_warning() {
    let rules = "    - { name: wide, when: { machine: vm-* }, class: a }
    - { name: longer, when: { machine: vm-db-* }, class: b }
    - { name: other fact, when: { person: ada@* }, class: b }
    - { name: minimum, when: { machine: vm-db-* }, class: b, minimum: true }
    - { name: single characters, when: { account: 'a?' }, class: b }
    - { name: any characters, when: { account: 'a*' }, class: a }
    - { name: not, when: { not: { machine: vm-web-* } }, class: b }
";
    let told = warnings(&file(AB, rules));
    // If two rules differ in `minimum` only, the weaker one is redundant.
    assert_snapshot!(told, @r#"archivist.yaml:9: retention.rules[1]: has no effect: "minimum" in line 11 matches all of its recordings, and retains them as long; remove it, or correct one of the two"#);
}

#[test]
fn the_same_matcher_with_two_classes_is_a_warning() {
    let rules = "    - { name: one, when: { machine: [a, b], person: x }, class: a }
    - { name: two, when: { person: X, machine: [B, A] }, class: b }
";
    assert_snapshot!(warnings(&file(AB, rules)), @r#"archivist.yaml:9: retention.rules[1]: matches the same as "one" in line 8, and gives another class; keep one of the two: both count, and the longer retention wins"#);
}

#[test]
fn a_rule_naming_the_class_first_causes_no_warning() {
    let classes = "    a: { retain_for: P1Y, delete_after: P1Y, then: delete }\n    b: { retain_for: P1Y, delete_after: P1Y, then: delete }\n";
    let rules = "    - { name: narrow, when: { machine: vm-db-* }, class: b }
    - { name: between, when: { person: ada@* }, class: a }
    - { name: wide, when: { machine: vm-* }, class: b }
";
    assert_eq!(warnings(&file(classes, rules)), "");
    let without = rules.replace("class: a }", "class: b }");
    assert!(warnings(&file(classes, &without)).contains("rules[0]: has no effect"));
}

const MATCHERS: [&str; 8] = [
    "{ machine: vm-* }",
    "{ machine: vm-db-* }",
    "{ machine: [vm-db-1, vm-web-1] }",
    "{ machine: vm-db-*, person: ada@* }",
    "{ person: '*' }",
    "{ any: [{ machine: vm-db-* }, { person: ada@* }] }",
    "{ not: { machine: vm-web-* } }",
    "{ all: [{ machine: vm-* }, { person: ada@* }] }",
];

proptest! {
    #[test]
    fn removing_a_rule_without_effect_changes_no_verdict(
        rules in prop::collection::vec((0..MATCHERS.len(), 0..4_usize, any::<bool>()), 2..6),
    ) {
        let classes = "    a: { retain_for: P1Y, delete_after: P1Y, then: delete }
    b: { retain_for: P1Y, delete_after: P18M, then: review }
    c: { retain_for: P12M, delete_after: P1Y, then: delete }
    d: { retain_for: P2Y, then: keep }
";
        let line = |(at, (when, class, minimum)): (usize, &(usize, usize, bool))| {
            let (when, class) = (MATCHERS[*when], ["a", "b", "c", "d"][*class]);
            format!("    - {{ name: rule {at}, when: {when}, class: {class}, minimum: {minimum} }}\n")
        };
        let lines: Vec<String> = rules.iter().enumerate().map(line).collect();
        let told = warnings(&file(classes, &lines.concat()));
        for at in (0..lines.len()).filter(|at| told.contains(&format!("rules[{at}]: never changes"))) {
            let mut fewer = lines.clone();
            fewer.remove(at);
            let (one, other) = (policy(classes, &lines), policy(classes, &fewer));
            for (machine, person, given) in everything() {
                let facts = Facts { machine, person, ..Facts::default() };
                let said = |policy: &Policy| {
                    let said = resolve(policy, &facts, given, "2027-03-01".parse().unwrap()).keep();
                    (said.class, said.retain_until, said.delete_after, said.then, said.unknown.is_empty())
                };
                prop_assert_eq!(said(&one), said(&other), "{} without {}, {:?}", lines.concat(), at, facts);
            }
        }
    }
}

fn policy(classes: &str, rules: &[String]) -> Policy {
    read(&file(classes, &rules.concat())).unwrap().retention.unwrap()
}

/// All recordings that the conditions distinguish, with and without an assigned class.
fn everything() -> impl Iterator<Item = (Option<&'static str>, Option<&'static str>, Option<&'static str>)> {
    let machines = [None, Some("vm-db-1"), Some("vm-db-2"), Some("vm-web-1"), Some("vm-x"), Some("other")];
    let persons = [None, Some("ada@contoso.example"), Some("bob@contoso.example")];
    let pairs = machines.into_iter().flat_map(move |machine| persons.map(|person| (machine, person)));
    pairs.flat_map(|(machine, person)| [None, Some("c")].map(|given| (machine, person, given)))
}
