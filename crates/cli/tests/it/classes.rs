//! `archivist policy assign` and `reapply`.

use domain::policy::retention::Period;
use domain::record::retention::PolicyDigest;
use insta::assert_snapshot;

use crate::desk::CliDesk;
use crate::line::{Ran, refused};

fn page(ran: &Ran) -> String {
    format!("{}--- {}\n{}", ran.out, ran.code, ran.err)
}

#[test]
fn an_assigned_class_counts_and_a_longer_promise_survives_its_removal() {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
    let id = &desk.ids()[0];
    let lines = [
        format!("policy assign {id} pci"),
        format!("policy assign {id} pci"),
        format!("policy assign {id} --by-rules"),
    ];
    assert_snapshot!(lines.map(|line| page(&desk.run(&line))).join("=====\n"));
    assert_snapshot!(desk.run(&format!("policy assign {id} pci --json")).out);
}

#[test]
fn an_unknown_class_is_wrong_usage() {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
    let ran = desk.run(&format!("policy assign {} gold", desk.ids()[0]));
    assert_eq!(page(&ran), "--- 2\nerror: the policy has no class gold; it has standard, pci\n");
    assert_eq!(refused("policy assign rec_01kjpyph1yv56czgxgxa6h0001").0, 2);
    assert_eq!(refused("policy assign rec_01kjpyph1yv56czgxgxa6h0001 pci --by-rules").0, 2);
}

#[test]
fn an_unknown_recording_cannot_be_assigned_a_class() {
    let ran = CliDesk::with_recordings(&[]).run("policy assign rec_01kjpyph1yv56czgxgxa6h0001 pci");
    assert_eq!(page(&ran), "--- 1\nthe catalogue has no recording rec_01kjpyph1yv56czgxgxa6h0001\n");
}

#[test]
fn a_longer_promise_is_reported_and_shortened_only_on_request() {
    let mut desk = CliDesk::with_recordings(&["vm-db-01-root.1", "vm-web-01-azureadmin.3"]);
    let long = desk.policy.classes[0].delete_after.replace(Period::parse("P1Y").unwrap());
    desk.policy.digest = PolicyDigest("sha256:long".to_owned());
    desk.run("retention run");
    desk.policy.classes[0].delete_after = long;
    desk.policy.digest = PolicyDigest("sha256:desk".to_owned());
    desk.run("retention run");
    let report = desk.run("policy reapply --limit 1");
    assert_snapshot!(page(&report));
    assert_eq!(desk.run("policy reapply --allow-shorten").code, 2);
    assert_eq!(desk.answering("policy reapply --allow-shorten", Some(false)).code, 1);
    assert_eq!(desk.run("policy reapply").code, 1);
    assert_snapshot!(desk.run("policy reapply --allow-shorten --yes --json --limit 1").out);
    assert_eq!(page(&desk.run("policy reapply")), "--- 0\n2 recordings checked, all are in step with the policy\n");
}

#[test]
fn help_shows_examples() {
    for command in ["reapply", "assign"] {
        let text = refused(&format!("policy {command} --help")).1;
        assert!(text.contains(&format!("Examples:\n  archivist policy {command}")), "{text}");
    }
}
