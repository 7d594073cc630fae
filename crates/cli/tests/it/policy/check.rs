//! `archivist policy check` and `schema`.

use insta::assert_snapshot;
use serde_json::Value;

use super::{CONFIGURATION, run};
use crate::line::refused;

#[test]
fn a_check_without_findings_ends_with_0() {
    let ran = run(Some(CONFIGURATION), &[], "policy check");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_snapshot!(ran.err, @"
    4 classes, 4 rules, enforced
    policy sha256:522ab681d5510592ddd624a50126ed59c232ac2ffb0ff89aa145e57f2f50d230
    configuration sha256:8dcd1af6432e07ae2f343639ebde0a733debb8f92684cdf46bec3f2fed110120
    ");
}

#[test]
fn warnings_alone_end_with_1() {
    let configuration = CONFIGURATION
        .replace("    evidence:", "    unused: { retain_for: P2Y, delete_after: P1Y, then: delete }\n    evidence:");
    let ran = run(Some(&configuration), &[], "policy check");
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.out, @r#"
    warning: archivist.yaml:18: retention.classes.unused: is a class that no rule gives; name it in a rule, or remove it; keep it if people give it by hand
    warning: archivist.yaml:18: retention.classes.unused.delete_after: "P1Y" is shorter than retain_for, "P2Y", and is raised to it; write P2Y
    "#);
}

#[test]
fn policy_errors_are_shown_with_warnings_and_end_with_2() {
    let configuration = CONFIGURATION
        .replace("    evidence:", "    unused: { retain_for: P2Y, delete_after: P1Y, then: delete }\n    evidence:")
        .replace("class: short }", "class: shrt }")
        .replace("10.0.0.0/8", "10.0.0.0/80");
    let ran = run(Some(&configuration), &[], "policy check");
    assert_eq!((ran.code, ran.err.as_str()), (2, ""));
    assert_snapshot!(ran.out, @r#"
    error: archivist.yaml:28: retention.rules[2].when.client_ip: "10.0.0.0/80" is not an address or CIDR; write it as 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32
    error: archivist.yaml:30: retention.rules[3].class: "shrt" is not a class; write one of standard, pci, short, unused, evidence, or define it under retention.classes
    warning: archivist.yaml:17: retention.classes.short: is a class that no rule gives; name it in a rule, or remove it; keep it if people give it by hand
    warning: archivist.yaml:18: retention.classes.unused: is a class that no rule gives; name it in a rule, or remove it; keep it if people give it by hand
    warning: archivist.yaml:18: retention.classes.unused.delete_after: "P1Y" is shorter than retain_for, "P2Y", and is raised to it; write P2Y
    "#);
    let json = run(Some(&configuration), &[], "policy check --json");
    let said: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, said["problems"][0]["line"].as_u64(), &said["policy"]), (2, Some(28), &Value::Null));
}

#[test]
fn without_a_section_nothing_ever_expires() {
    let ran = run(Some("version: 1\n"), &[], "policy check");
    assert_eq!(ran.code, 0);
    // The digest equals `sha256sum archivist.yaml`.
    assert_snapshot!(ran.err, @"
    there is no section retention: nothing ever expires
    configuration sha256:09bfcc6a14b83e2192b8673677725c84883ee9cd0c70e45c9ec09daa8f2b2847
    ");
    let ran = run(Some("version: 1\n"), &[("f.yaml", "ended: 2026-03-02T09:40:02Z")], "policy explain --facts f.yaml");
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.err, @"error: the configuration has no section retention, so nothing ever expires; add one to archivist.yaml");
}

#[test]
fn without_a_file_the_policy_is_that_of_local() {
    let ran = run(None, &[], "policy check --json");
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (ran.code, said["policy"]["default_class"].as_str(), said["policy"]["enforce"].as_bool()),
        (0, Some("standard"), Some(false))
    );
}

#[test]
fn the_schema_is_that_of_the_section() {
    let ran = run(None, &[], "policy schema");
    let schema: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(schema["required"], serde_json::json!(["default_class", "classes"]));
    assert_eq!(schema["$defs"]["when"]["additionalProperties"], false);
}

#[test]
fn help_shows_every_option_and_an_example() {
    for command in ["check", "explain", "test", "schema", "lifecycle"] {
        let (code, help) = refused(&format!("policy {command} --help"));
        assert_eq!(code, 0);
        assert!(help.contains("Example") && help.contains("--json"), "{help}");
    }
}
