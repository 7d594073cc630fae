//! `archivist hold`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::desk::Desk;
use crate::line::{Ran, refused};

const PLACE: &str = "hold place --case 2026-17 --reason letter-of-the-court";

/// What a command said, on one page.
fn page(ran: &Ran) -> String {
    format!("{}--- {}\n{}", ran.out, ran.code, ran.err)
}

#[test]
fn a_hold_says_what_it_covers_who_placed_it_and_what_carries_it() {
    let desk = Desk::of(&["vm-db-01-root.1", "vm-web-01-azureadmin.3"]);
    desk.pass(24);
    desk.run("retention run");
    assert_snapshot!(page(&desk.run(&format!("{PLACE} --machine vm-web-01 --from 2026-01-01 --to 2026-03-31"))));
}

#[test]
fn holds_are_listed_and_those_that_were_released_where_all_are_wanted() {
    let desk = Desk::of(&["vm-db-01-root.1"]);
    desk.run(&format!("{PLACE} --person ada@contoso.example"));
    desk.pass(1);
    desk.run("hold place --case 2026-18 --reason audit --bastion bas-hub-01");
    desk.run("hold release --case 2026-17 --yes");
    let shown = ["hold list", "hold list --all", "hold list --case 2026-17", "hold list --all --json"];
    assert_snapshot!(shown.map(|line| page(&desk.run(line))).join("=====\n"));
}

#[test]
fn the_same_hold_again_changes_nothing_and_keeps_its_first_reason() {
    let desk = Desk::of(&["vm-db-01-root.1"]);
    let place = |reason: &str| {
        desk.run(&format!("hold place --case 2026-17 --reason {reason} --recording {} --json", desk.ids()[0]))
    };
    let [first, again]: [Value; 2] = ["one", "another"].map(|reason| serde_json::from_str(&place(reason).out).unwrap());
    assert_eq!((&first["known"], &again["known"]), (&false.into(), &true.into()));
    assert_eq!(again["hold"], first["hold"]);
}

#[test]
fn a_release_asks_first_and_needs_a_word_where_nobody_can_answer() {
    let desk = Desk::of(&["vm-db-01-root.1"]);
    desk.run(&format!("{PLACE} --bastion bas-hub-01"));
    let release = "hold release --case 2026-17";
    let unasked = desk.run(release);
    assert_eq!(unasked.code, 2);
    assert!(unasked.err.contains("add --yes. Nothing was changed."), "{}", unasked.err);
    assert_eq!(desk.answering(release, Some(false)).code, 1);
    assert_eq!(desk.run("hold list").out.lines().count(), 2);
    assert_snapshot!(page(&desk.answering(release, Some(true))));
    let nothing = desk.run(release);
    assert_eq!((nothing.code, nothing.out.as_str()), (1, ""));
    assert!(nothing.err.starts_with("no such hold of case 2026-17 counts"), "{}", nothing.err);
}

#[test]
fn a_hold_on_what_never_was_is_not_placed() {
    let desk = Desk::of(&["vm-db-01-root.1"]);
    let unknown = desk.run(&format!("{PLACE} --recording rec_01kjpyph1yv56czgxgxa6h0001"));
    assert_eq!(unknown.code, 1);
    assert_eq!(unknown.err, "the catalogue has no recording rec_01kjpyph1yv56czgxgxa6h0001; nothing was placed\n");
    let unknown = desk.run(&format!("{PLACE} --bastion bas-hub-1"));
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("configured are bas-hub-01; nothing was placed"), "{}", unknown.err);
    assert_eq!(desk.run(&format!("{PLACE} --from 2026-03-02 --to 2026-02-01")).code, 2);
    assert_eq!(desk.run("hold list --all").out, "");
}

#[test]
fn a_hold_needs_a_case_a_reason_and_a_scope() {
    for missing in
        ["hold place --case c --reason r", "hold place --reason r --machine m", "hold place --case c --machine m"]
    {
        assert_eq!(refused(missing).0, 2, "{missing}");
    }
    assert_eq!(refused("hold release --case c --hold rec_1").0, 2);
}

#[test]
fn what_is_held_stays_until_it_is_released_and_people_were_warned_anew() {
    let desk = Desk::of(&["vm-db-01-root.1"]);
    desk.run(&format!("{PLACE} --bastion bas-hub-01"));
    for _ in 0..5 {
        desk.pass(24);
        desk.run("retention run");
        desk.work();
    }
    assert!(desk.is_there("vm-db-01-root.1"));
    desk.run("hold release --case 2026-17 --yes");
    desk.run("retention run");
    assert!(desk.is_there("vm-db-01-root.1"));
    desk.pass(25);
    desk.run("retention run");
    assert!(!desk.is_there("vm-db-01-root.1"));
}

#[test]
fn help_shows_examples() {
    for command in ["hold place", "hold release", "hold list"] {
        let text = refused(&format!("{command} --help")).1;
        assert!(text.contains(&format!("Examples:\n  archivist {command}")), "{text}");
    }
}
