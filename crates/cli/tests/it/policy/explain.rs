//! `archivist policy explain`.

use insta::assert_snapshot;
use serde_json::Value;

use super::{CONFIGURATION, run};
use crate::day;
use crate::line::{PIPED, refused, run as run_with_catalogue};

/// Explains a recording with these facts.
fn explained(facts: &str) -> String {
    explained_by(CONFIGURATION, facts)
}

fn explained_by(configuration: &str, facts: &str) -> String {
    let ran = run(Some(configuration), &[("facts.yaml", facts)], "policy explain --facts facts.yaml");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    ran.out
}

/// All facts of a recording without a matching rule.
const KNOWN: &str = "person: ada@contoso.example
account: azureadmin
machine: vm-web-01
resource_group: rg-web-prod
bastion: bas-hub-01
match: matched
client_ip: 10.1.2.3
size: 45MiB
created: 2026-03-02T09:12:44Z
ended: 2026-03-02T09:40:02Z
";

#[test]
fn no_rule_matches_it() {
    assert_snapshot!(explained(KNOWN));
}

#[test]
fn one_rule_matches_it() {
    assert_snapshot!(explained(&KNOWN.replace("rg-web-prod", "rg-pci-prod")));
}

#[test]
fn several_rules_match_and_the_longest_retention_wins() {
    let facts = KNOWN.replace("rg-web-prod", "rg-pci-prod").replace("ada@", "bg-1@");
    assert_snapshot!(explained(&facts));
}

#[test]
fn a_short_recording_at_night_is_deleted_after_its_retention() {
    let facts =
        KNOWN.replace("size: 45MiB", "size: 400kB").replace("09:12:44", "22:12:44").replace("09:40:02", "22:12:50");
    assert_snapshot!(explained(&facts));
}

#[test]
fn an_unknown_fact_keeps_it() {
    assert_snapshot!(explained(
        "machine: vm-web-01\nresource_group: rg-web-prod\nclient_ip: 192.0.2.1\nsize: 45MiB\ncreated: 2026-03-02T09:12:44Z\nended: 2026-03-02T09:40:02Z\n"
    ));
}

#[test]
fn only_its_end_is_known() {
    assert_snapshot!(explained("ended: 2026-03-02T09:40:02Z"));
}

#[test]
fn it_has_an_assigned_class() {
    assert_snapshot!(explained(&format!("{KNOWN}class: short\n")));
}

#[test]
fn an_assigned_class_is_shorter_than_a_minimum() {
    assert_snapshot!(explained(&format!("{}class: short\n", KNOWN.replace("rg-web-prod", "rg-pci-prod"))));
}

#[test]
fn an_assigned_class_is_missing() {
    assert_snapshot!(explained(&format!("{KNOWN}class: burnt\n")));
}

#[test]
fn months_and_years_are_those_of_the_calendar() {
    assert_snapshot!(explained(&KNOWN.replace("2026-03-02T09", "2028-02-29T09")));
}

#[test]
fn an_unenforced_lifecycle_policy_counts_from_creation() {
    let configuration =
        CONFIGURATION.replace("  enforce: true\n", "  clock: created\n  executor: lifecycle\n  grace: P14D\n");
    assert_snapshot!(explained_by(&configuration, KNOWN));
}

#[test]
fn a_policy_without_rules() {
    let configuration = "version: 1\nretention: { default_class: a, classes: { a: { retain_for: P6M, delete_after: P1Y, then: review } }, enforce: true }";
    assert_snapshot!(explained_by(configuration, KNOWN));
}

#[test]
fn hostile_facts_cannot_act_on_the_terminal() {
    let out = explained("person: \"bg-\\e[2J\\u202e@contoso.example\"\nended: 2026-03-02T09:40:02Z");
    assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out:?}");
}

#[test]
fn json_contains_the_whole_explanation() {
    let facts = KNOWN.replace("rg-web-prod", "rg-pci-prod");
    let ran = run(Some(CONFIGURATION), &[("f.json", &facts)], "policy explain --facts f.json --json");
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1));
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(said["retention"]["delete_after"], "2027-09-02");
    assert_eq!((said["rules"][0]["answer"].as_str(), said["due_from"].as_str()), (Some("true"), Some("2027-09-03")));
}

#[test]
fn invalid_facts_are_reported_with_their_lines() {
    let facts = "persn: x\nclient_ip: 10.0.0.0/8\nended: yesterday\ntags: [a]\n";
    let ran = run(Some(CONFIGURATION), &[("facts.yaml", facts)], "policy explain --facts facts.yaml");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_snapshot!(ran.err);
}

#[test]
fn facts_without_the_retention_start_are_rejected() {
    let ran = run(Some(CONFIGURATION), &[("facts.yaml", "machine: a\n")], "policy explain --facts facts.yaml");
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.err);
}

#[test]
fn a_recording_of_the_catalogue_is_explained_by_its_entry() {
    let catalogue = day::evidence();
    let list = run_with_catalogue(&catalogue, "recordings list --match matched --json", PIPED).out;
    let list: Value = serde_json::from_str(&list).unwrap();
    let id = list["items"][0]["id"].as_str().unwrap();
    let ran = run_with_catalogue(&catalogue, &format!("policy explain {id}"), PIPED);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_snapshot!(ran.out);
    let json = run_with_catalogue(&catalogue, &format!("policy explain {id} --json"), PIPED).out;
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["id"], id);
}

#[test]
fn an_unknown_recording_ends_with_1() {
    let ran = run_with_catalogue(&day::evidence(), "policy explain rec_01kjpyph1yv56czgxgxa6hk7h0", PIPED);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
}

#[test]
fn an_id_and_a_file_are_mutually_exclusive() {
    assert_eq!(refused("policy explain").0, 2);
    assert_eq!(refused("policy explain rec_01kjpyph1yv56czgxgxa6hk7h0 --facts a.yaml").0, 2);
}
