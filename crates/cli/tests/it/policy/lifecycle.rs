//! `archivist policy lifecycle`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{CONFIGURATION, run};

fn by_the_platform() -> String {
    CONFIGURATION.replace("  enforce: true\n", "  enforce: true\n  executor: lifecycle\n")
}

#[test]
fn lifecycle_rules_tier_by_age_and_delete_only_due_recordings() {
    let ran = run(Some(&by_the_platform()), &[], "policy lifecycle");
    assert_eq!(ran.code, 0);
    assert_snapshot!(ran.out);
    assert_snapshot!(ran.err, @"
    + archivist-tier-1-pci is new
    + archivist-delete-due is new
    the account's present rules are not known: name them with --current, or they are lost
    ");
}

#[test]
fn no_rule_deletes_if_the_archivist_does() {
    let ran = run(Some(CONFIGURATION), &[], "policy lifecycle");
    assert!(ran.out.contains("archivist-tier-1-pci") && !ran.out.contains("delete"), "{}", ran.out);
}

#[test]
fn an_unenforced_policy_has_a_disabled_delete_rule() {
    let ran = run(Some(&by_the_platform().replace("enforce: true", "enforce: false")), &[], "policy lifecycle");
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let delete = said["rules"].as_array().unwrap().iter().find(|rule| rule["name"] == "archivist-delete-due").unwrap();
    assert_eq!(delete["enabled"], false);
}

#[test]
fn foreign_rules_are_kept_and_ours_are_replaced() {
    let theirs = json!({ "enabled": true, "name": "logs", "type": "Lifecycle", "definition": { "actions": { "baseBlob": { "delete": { "daysAfterModificationGreaterThan": 30 } } } } });
    let gone = json!({ "enabled": true, "name": "archivist-tier-9-old", "type": "Lifecycle", "definition": {} });
    let changed = json!({ "enabled": false, "name": "archivist-delete-due", "type": "Lifecycle", "definition": {} });
    let current = json!({ "id": "/subscriptions/x", "properties": { "lastModifiedTime": "2026-01-01", "policy": { "rules": [gone, theirs, changed] } } });
    let ran = run(Some(&by_the_platform()), &[("c.json", &current.to_string())], "policy lifecycle --current c.json");
    assert_eq!(ran.code, 0);
    assert_snapshot!(ran.err, @"
    + archivist-tier-1-pci is new
    ~ archivist-delete-due changes
    - archivist-tier-9-old goes
    ");
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let rules = said["properties"]["policy"]["rules"].as_array().unwrap();
    let names: Vec<&str> = rules.iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["logs", "archivist-tier-1-pci", "archivist-delete-due"]);
    assert_eq!((&rules[0], &said["id"]), (&theirs, &json!("/subscriptions/x")));
    // The printed policy needs no further change.
    let again = run(Some(&by_the_platform()), &[("c.json", &ran.out)], "policy lifecycle --current c.json");
    assert_eq!((again.out, again.err.as_str()), (ran.out, "nothing changes\n"));
}

#[test]
fn an_account_with_too_many_rules_is_refused() {
    let rule = |at: usize| json!({ "enabled": true, "name": format!("r{at}"), "type": "Lifecycle", "definition": {} });
    let current = |count| json!({ "rules": (0..count).map(rule).collect::<Vec<_>>() }).to_string();
    let ran =
        |count| run(Some(&by_the_platform()), &[("c.json", &current(count))], "policy lifecycle --current c.json");
    assert_eq!(ran(98).code, 0);
    assert_eq!((ran(99).code, ran(99).out.as_str()), (2, ""));
    assert_snapshot!(ran(99).err, @"error: an account has at most 100 lifecycle rules, and these are 101: give fewer classes tiers, or put recordings into fewer containers");
}

#[test]
fn more_containers_than_a_rule_allows_need_more_rules() {
    let line =
        "    recordings: { account_url: \"https://stbastionrec01.blob.core.windows.net\", container: recordings }";
    let earlier = (0..11).map(|at| format!("      - {{ account_url: \"https://stbastionrec01.blob.core.windows.net\", container: old-{at}, until: 2025-12-{:02} }}\n", at + 1));
    let several = format!(
        "    recordings:\n{}      - {{ account_url: \"https://stbastionrec01.blob.core.windows.net\", container: recordings }}",
        earlier.collect::<String>()
    );
    assert!(CONFIGURATION.contains(line));
    let ran = run(Some(&by_the_platform().replace(line, &several)), &[], "policy lifecycle");
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let rules = said["rules"].as_array().unwrap();
    let prefixes: Vec<usize> =
        rules.iter().map(|rule| rule["definition"]["filters"]["prefixMatch"].as_array().unwrap().len()).collect();
    assert_eq!(prefixes, [10, 10, 2, 2]);
    let mut names: Vec<&str> = rules.iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    names.dedup();
    assert_eq!(names.len(), 4);
}

#[test]
fn an_invalid_current_policy_is_rejected() {
    for current in ["{}", "[]", r#"{ "rules": {} }"#, r#"{ "rules": [1] }"#, "rules: []"] {
        let ran = run(Some(CONFIGURATION), &[("c.json", current)], "policy lifecycle --current c.json");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{current}");
    }
}

#[test]
fn an_account_without_recordings_is_refused() {
    let ran = run(Some(CONFIGURATION), &[], "policy lifecycle --account stother");
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.err, @"error: no recordings are in the account stother; they are in stbastionrec01");
}
