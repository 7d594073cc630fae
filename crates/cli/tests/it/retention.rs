//! `archivist retention`.

use insta::assert_snapshot;
use jiff::SignedDuration;
use pipeline::ports::CheckpointKind;
use serde_json::Value;

use crate::desk::CliDesk;
use crate::line::{Ran, refused};

const NAMES: [&str; 3] = ["vm-db-01-root.1", "vm-web-01-azureadmin.3", "\u{202e}gpj.exe"];

fn page(ran: &Ran) -> String {
    format!("{}--- {}\n{}", ran.out, ran.code, ran.err)
}

/// An archive whose recordings have passed their grace period.
fn warned() -> CliDesk {
    let desk = CliDesk::with_recordings(&NAMES);
    desk.pass(24);
    assert_eq!(desk.run("retention run").code, 0);
    desk.pass(25);
    desk
}

fn digest(desk: &CliDesk, plan: &str) -> String {
    let document: Value = serde_json::from_str(&desk.run("retention plan --json").out).unwrap();
    document[plan]["digest"].as_str().unwrap().to_owned()
}

#[test]
fn a_dry_run_shows_the_planned_warnings_without_effect() {
    let mut desk = CliDesk::with_recordings(&NAMES);
    desk.policy.enforce = false;
    desk.pass(24);
    assert_snapshot!([desk.run("retention plan"), desk.run("retention run")].map(|ran| page(&ran)).join("=====\n"));
}

#[test]
fn an_oversized_plan_waits_for_approval() {
    let desk = warned();
    assert_snapshot!([desk.run("retention plan"), desk.run("retention run")].map(|ran| page(&ran)).join("=====\n"));
    assert!(NAMES.iter().all(|name| desk.is_there(name)));
}

#[test]
fn a_plan_under_a_wrong_clock_shows_the_finding_of_a_run() {
    for (minutes, is_wrong) in [(6, true), (-6, true), (4, false)] {
        let desk = warned();
        let before = desk.run("retention plan");
        desk.storage_tells(desk.now() + SignedDuration::from_mins(minutes));
        let (plan, run) = (desk.run("retention plan"), desk.run("retention run"));
        assert_eq!((plan.code, &plan.out), (1, &before.out));
        let document: Value = serde_json::from_str(&desk.run("retention plan --json").out).unwrap();
        if is_wrong {
            assert!(plan.err.starts_with("warning: "), "{}", plan.err);
            assert!(plan.err.contains("the clock of this machine is 6 min off"), "{}", plan.err);
            assert!(run.err.contains(plan.err.trim_start_matches("warning: ")), "{}", run.err);
            assert_eq!(document["clock"], plan.err.trim_start_matches("warning: ").trim_end());
        } else {
            assert_eq!((plan.err, &document["clock"]), (before.err, &Value::Null));
        }
    }
}

#[test]
fn a_plan_of_nothing_under_a_wrong_clock_ends_with_1() {
    let desk = CliDesk::with_recordings(&NAMES);
    assert_eq!(desk.run("retention plan").code, 0);
    desk.storage_tells(desk.now() - SignedDuration::from_hours(9));
    assert_eq!(desk.run("retention plan").code, 1);
}

#[test]
fn a_plan_is_one_document() {
    let desk = warned();
    assert_snapshot!(desk.run("retention plan --json").out);
    let document: Value = serde_json::from_str(&desk.run("retention run --json").out).unwrap();
    let counts = ["version", "enforced", "in_step", "warned", "deletions", "failed", "unfinished"];
    assert_eq!(counts.map(|name| document[name].to_string()), ["1", "true", "0", "0", "0", "0", "false"]);
}

#[test]
fn an_approved_plan_is_deleted_by_the_next_run() {
    let desk = warned();
    let digest = digest(&desk, "to_delete");
    let approved = desk.run(&format!("retention approve {digest}"));
    assert_eq!(
        page(&approved),
        "--- 0\n3 recordings may be deleted within seven days: archivist retention run, or the next sweep, deletes them\n"
    );
    assert_snapshot!(page(&desk.run("retention run")));
    assert!(NAMES.iter().all(|name| !desk.is_there(name)));
}

#[test]
fn a_changed_or_unknown_plan_cannot_be_approved() {
    let desk = warned();
    let digest = digest(&desk, "to_delete");
    let unknown = desk.run("retention approve none-such --json");
    assert_eq!(
        (unknown.code, unknown.out.as_str()),
        (1, "{\"approved\":0,\"refused\":{\"reason\":\"unknown\"},\"version\":1}\n")
    );
    desk.run("retention run");
    desk.run(&format!("hold place --case 2026-17 --reason r --recording {}", desk.ids()[0]));
    let changed = desk.run(&format!("retention approve {digest}"));
    assert_eq!(changed.code, 1);
    assert!(changed.err.ends_with("review it again: archivist retention plan\n"), "{}", changed.err);
}

#[test]
fn recordings_under_review_wait_and_end_with_1() {
    let desk = CliDesk::with_recordings(&NAMES[..1]);
    assert_eq!(desk.run(&format!("policy assign {} pci", desk.ids()[0])).code, 0);
    desk.pass(40 * 24);
    desk.run("retention run");
    desk.pass(25);
    let planned = desk.run("retention plan");
    assert_eq!(planned.code, 1);
    assert_snapshot!(planned.out);
    desk.run(&format!("retention approve {}", digest(&desk, "to_review")));
    assert_eq!(desk.run("retention run").code, 0);
    assert!(!desk.is_there(NAMES[0]));
}

#[test]
fn a_plan_is_kept_ninety_days_after_its_last_run() {
    let desk = warned();
    let plans = || crate::desk::at_once(desk.ports.checkpoints.list(CheckpointKind::Plan, None, 9)).unwrap().len();
    desk.run("retention run");
    assert_eq!(plans(), 1);
    // A plan that each run renews is kept until it is approved.
    desk.pass(89 * 24);
    desk.run("retention run");
    desk.pass(89 * 24);
    desk.run("retention run");
    assert_eq!(plans(), 1);
    let digest = digest(&desk, "to_delete");
    assert_eq!(desk.run(&format!("retention approve {digest}")).code, 0);
    desk.run("retention run");
    assert!(NAMES.iter().all(|name| !desk.is_there(name)));
    desk.pass(90 * 24);
    desk.run("retention run");
    assert_eq!(plans(), 1);
    desk.pass(1);
    desk.run("retention run");
    assert_eq!(plans(), 0);
    assert_eq!(desk.run(&format!("retention approve {digest}")).code, 1);
}

#[test]
fn help_shows_examples() {
    for command in ["plan", "run", "approve"] {
        let text = refused(&format!("retention {command} --help")).1;
        assert!(text.contains("Example") && text.contains(&format!("archivist retention {command}")), "{text}");
    }
}
