//! Section `retention`: meaning and digest.

use std::path::Path;

use configuration::Configuration;
use insta::assert_snapshot;

use crate::{problems, read};

fn digest(text: &str) -> String {
    read(text).unwrap().retention.unwrap().digest.0
}

const FILE: &str = "version: 1
retention:
  default_class: standard
  classes:
    standard: { retain_for: P1Y, delete_after: P1Y, then: delete }
    pci: { retain_for: P1Y, delete_after: P18M, then: review }
  rules:
    - { name: one, when: { machine: [vm-a, vm-b], person: ada@* }, class: pci }
";

#[test]
fn without_the_section_nothing_ever_expires() {
    assert_eq!(read("version: 1").unwrap().retention, None);
}

#[test]
fn without_a_file_the_default_class_lasts_a_year_unenforced() {
    let policy = Configuration::local(Path::new("/srv/data")).unwrap().retention.unwrap();
    assert_eq!((policy.classes.len(), policy.enforce), (1, false));
    let file = "version: 1\nretention: { default_class: standard, classes: { standard: { retain_for: P1Y, delete_after: P1Y, then: delete } } }";
    assert_eq!(read(file).unwrap().retention.unwrap(), policy);
}

#[test]
fn equivalent_policies_have_the_same_digest() {
    let digest_of = digest(FILE);
    assert_snapshot!(digest_of, @"sha256:ce8f8cc90d329e20d7bd2772574bbc3f8ab2ad729c423fb7665a21fdc48238e0");
    for (text, same) in [
        ("machine: [vm-a, vm-b], person: ada@*", "person: [ADA@*], machine: [vm-b, vm-A, vm-a]"),
        ("machine: [vm-a, vm-b], person: ada@*", "all: [{ machine: [vm-a, vm-b] }, { person: ada@* }]"),
        (
            "  rules:",
            "  grace: P30D\n  enforce: true\n  executor: lifecycle\n  limits: { max_deletes_per_run: 1 }\n  rules:",
        ),
        ("  default_class: standard\n", "  clock: session_end\n  default_class: standard\n"),
        ("retention:", "time_zone: UTC\nretention:"),
        ("retention:", "matching: { start_tolerance: PT300S, end_tolerance: PT5M }\nretention:"),
        ("retention:", "matching: { confirm_after: PT12H }\nretention:"),
        ("then: review }", "then: review, tiers: { cool_after: P30D } }"),
    ] {
        assert!(FILE.contains(text));
        assert_eq!(digest(&FILE.replace(text, same)), digest_of, "{same}");
    }
}

#[test]
fn every_input_of_a_verdict_changes_the_digest() {
    for (text, other) in [
        ("standard: { retain_for: P1Y", "standard: { retain_for: P11M"),
        ("delete_after: P18M", "delete_after: P19M"),
        ("then: review", "then: delete"),
        ("person: ada@*", "account: ada@*"),
        ("machine: [vm-a, vm-b]", "machine: [vm-a]"),
        ("person: ada@* }", "not: { person: ada@* } }"),
        ("class: pci }", "class: standard }"),
        ("class: pci }", "class: pci, minimum: true }"),
        ("name: one", "name: two"),
        ("default_class: standard", "default_class: pci"),
        ("  default_class", "  clock: created\n  default_class"),
        ("retention:", "time_zone: Europe/Berlin\nretention:"),
        ("retention:", "matching: { start_tolerance: PT1M }\nretention:"),
        ("retention:", "matching: { end_tolerance: PT1M }\nretention:"),
    ] {
        assert!(FILE.contains(text));
        assert_ne!(digest(&FILE.replace(text, other)), digest(FILE), "{other}");
    }
}

#[test]
fn a_key_without_default_is_required() {
    assert_snapshot!(problems("version: 1\nretention: {}\n"), @r#"
    archivist.yaml:2: retention.default_class: is missing; add default_class, as in default_class: standard
    archivist.yaml:2: retention.classes: is missing; add classes, as in classes: {"standard":{"delete_after":"P1Y","retain_for":"P1Y","then":"delete"}}
    "#);
    assert_snapshot!(problems("version: 1\nretention:\n  default_class: a\n  classes: { a: {} }\n  rules: [{}]\n"), @r#"
    archivist.yaml:4: retention.classes.a.retain_for: is missing; add retain_for, as in retain_for: P1Y
    archivist.yaml:4: retention.classes.a.then: is missing; add then, as in then: delete
    archivist.yaml:5: retention.rules[0].name: is missing; add name, as in name: card-data machines
    archivist.yaml:5: retention.rules[0].when: is missing; add when, as in when: {"resource_group":"rg-pci-*"}
    archivist.yaml:5: retention.rules[0].class: is missing; add class, as in class: standard
    "#);
    assert_snapshot!(problems("version: 1\nretention: { default_class: a, classes: {} }\n"), @r#"
    archivist.yaml:2: retention.default_class: "a" is not a class; define it under retention.classes
    archivist.yaml:2: retention.classes: has no class; define the class that default_class names, as in standard: { retain_for: P1Y, delete_after: P1Y, then: delete }
    "#);
}

#[test]
fn every_value_of_the_section_is_validated() {
    let text = "version: 1
retention:
  clock: last_modified
  default_class: a
  classes:
    a: { retain_for: 1 year, delete_after: PT24H, then: burn }
    b: { retain_for: -P1D, delete_after: P1Y, then: delete, immediately_available: P3M }
    c: { retain_for: P1Y, delete_after: P1Y, then: delete, tiers: { cool_after: P1M, hot_after: P1D } }
  rules: [{ name: '', when: { machine: a }, class: b }, { name: x, when: { machine: b }, class: c }]
  grace: a week
  enforce: later
  executor: azure
  limits: { max_deletes_per_run: 0, max_delete_percent: 101 }
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:3: retention.clock: "last_modified" is not a clock; write session_end or created
    archivist.yaml:6: retention.classes.a.retain_for: "1 year" is not a period of years, months, weeks or days; write it as P1Y, P18M, P6W or P90D
    archivist.yaml:6: retention.classes.a.delete_after: "PT24H" is not a period of years, months, weeks or days; write it as P1Y, P18M, P6W or P90D
    archivist.yaml:6: retention.classes.a.then: "burn" is not an action; write delete, review or keep
    archivist.yaml:7: retention.classes.b.retain_for: "-P1D" is not a period of years, months, weeks or days; write it as P1Y, P18M, P6W or P90D
    archivist.yaml:7: retention.classes.b.immediately_available: "P3M" is not a number of days; write it as P90D or P12W, up to P36500D: the platform counts days, not months and years
    archivist.yaml:8: retention.classes.c.tiers.cool_after: "P1M" is not a number of days; write it as P90D or P12W, up to P36500D: the platform counts days, not months and years
    archivist.yaml:8: retention.classes.c.tiers.hot_after: is not a known key; did you mean cold_after? Otherwise remove it
    archivist.yaml:9: retention.rules[0].name: is not a rule's name; write 1 to 120 characters that people can read
    archivist.yaml:10: retention.grace: "a week" is not a period of years, months, weeks or days; write it as P1Y, P18M, P6W or P90D
    archivist.yaml:11: retention.enforce: is a text; write true or false
    archivist.yaml:12: retention.executor: "azure" is not an executor; write archivist or lifecycle
    archivist.yaml:13: retention.limits.max_deletes_per_run: 0 is out of bounds; write a whole number from 1 to 1000000
    archivist.yaml:13: retention.limits.max_delete_percent: 101 is out of bounds; write a whole number from 1 to 100
    "#);
}

#[test]
fn a_grace_period_lasts_at_most_a_year() {
    let grace = |period: &str| problems(&FILE.replace("  rules:", &format!("  grace: {period}\n  rules:")));
    assert_snapshot!(grace("P2Y"), @r#"archivist.yaml:7: retention.grace: "P2Y" is out of bounds; write a period from P0D to P1Y"#);
    assert!(
        ["P0D", "P1Y", "P12M"]
            .iter()
            .all(|period| read(&FILE.replace("  rules:", &format!("  grace: {period}\n  rules:"))).is_ok())
    );
}
