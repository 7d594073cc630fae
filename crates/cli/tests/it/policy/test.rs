//! `archivist policy test`.

use insta::assert_snapshot;
use serde_json::Value;

use super::{CONFIGURATION, run};

const FILE: &str = r#"version: 1
tests:
  - name: card data waits for a person
    facts: { resource_group: rg-pci-prod, person: ada@contoso.example, client_ip: 192.0.2.1, duration: PT1H, ended: 2026-03-02T09:40:02Z }
    expect: { class: pci, retain_until: 2027-03-02, delete_after: 2027-09-02, then: review, rules: [card-data machines] }
  - name: break glass is kept
    facts: { person: bg-1@contoso.example, match: matched, resource_group: rg-web, client_ip: 192.0.2.1, duration: PT1H, ended: 2026-03-02T09:40:02Z }
    expect: { class: evidence, retain_until: 2033-03-02, delete_after: never, then: keep }
  - name: what is not known is said
    facts: { resource_group: rg-web, person: ada@contoso.example, client_ip: 10.0.0.1, duration: PT1H, ended: 2026-03-02T09:40:02Z }
    expect: { class: standard, unknown: [night work] }
"#;

#[test]
fn a_passing_policy_test_ends_with_0() {
    let ran = run(Some(CONFIGURATION), &[("t.yaml", FILE)], "policy test t.yaml");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", "3 of 3 hold\n"));
}

#[test]
fn a_failing_policy_test_shows_the_difference_and_ends_with_1() {
    let wrong = FILE
        .replace("retain_until: 2027-03-02", "retain_until: 2027-03-03")
        .replace("delete_after: never, then: keep", "delete_after: 2033-03-02, then: delete")
        .replace(", unknown: [night work]", "");
    let ran = run(Some(CONFIGURATION), &[("t.yaml", &wrong)], "policy test t.yaml");
    assert_eq!((ran.code, ran.err.as_str()), (1, "0 of 3 hold\n"));
    assert_snapshot!(ran.out, @"
    t.yaml:3: card data waits for a person
      retain_until  expected  2027-03-03
                    is        2027-03-02
    t.yaml:6: break glass is kept
      delete_after  expected  2033-03-02
                    is        never
      then          expected  delete
                    is        keep
    t.yaml:9: what is not known is said
      unknown       expected  none
                    is        night work
    ");
    let json = run(Some(CONFIGURATION), &[("t.yaml", &wrong)], "policy test t.yaml --json");
    let said: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, said["passed"].as_u64(), said["failed"][1]["line"].as_u64()), (1, Some(0), Some(6)));
}

#[test]
fn an_invalid_test_file_is_reported_with_its_lines() {
    let wrong = FILE
        .replace("class: evidence,", "")
        .replace("then: review", "then: burn")
        .replace("never", "soon")
        .replace("person: ada", "persn: ada");
    let ran = run(Some(CONFIGURATION), &[("t.yaml", &wrong)], "policy test t.yaml");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_snapshot!(ran.err, @r#"
    error: t.yaml:4: tests[0].facts.persn: is not a known key; did you mean person? Otherwise remove it
    t.yaml:5: tests[0].expect.then: "burn" is not an action; write delete, review or keep
    t.yaml:8: tests[1].expect.delete_after: "soon" is not a date; write it as 2026-01-31
    t.yaml:10: tests[2].facts.persn: is not a known key; did you mean person? Otherwise remove it
    "#);
    let ran = run(Some(CONFIGURATION), &[], "policy test t.yaml");
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.err, @"error: t.yaml: cannot be read: entity not found");
}

#[test]
fn an_empty_expectation_compares_undecided_rules_only() {
    let file = "version: 1\ntests: [{ name: any, facts: { person: ada@contoso.example, resource_group: rg-web, client_ip: 192.0.2.1, duration: PT1H, ended: 2026-03-02T09:40:02Z }, expect: {} }]";
    let ran = run(Some(CONFIGURATION), &[("t.yaml", file)], "policy test t.yaml");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
}

#[test]
fn a_null_date_of_deletion_means_never() {
    let file = FILE.replace("delete_after: never", "delete_after: null");
    let ran = run(Some(CONFIGURATION), &[("t.yaml", &file)], "policy test t.yaml");
    assert_eq!((ran.code, ran.err.as_str()), (0, "3 of 3 hold\n"));
    let wrong = FILE.replace("delete_after: 2027-09-02", "delete_after: null");
    let ran = run(Some(CONFIGURATION), &[("t.yaml", &wrong)], "policy test t.yaml");
    assert!(ran.code == 1 && ran.out.contains("delete_after  expected  never"), "{}", ran.out);
}

#[test]
fn a_file_without_tests_is_refused_with_advice() {
    let ran = run(Some(CONFIGURATION), &[("t.yaml", "version: 1\ntests: []\n")], "policy test t.yaml");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("tests: is an empty list; write at least one test"), "{}", ran.err);
}

#[test]
fn a_test_without_the_retention_start_fails() {
    let file = "version: 1\ntests: [{ name: no day, facts: { machine: a }, expect: { class: standard } }]";
    let ran = run(Some(CONFIGURATION), &[("t.yaml", file)], "policy test t.yaml");
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.out, @"
    t.yaml:2: no day
      class         expected  standard
                    is        not known: periods count from session_end, so the facts need `ended`
    ");
}
