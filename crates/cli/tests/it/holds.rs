//! `archivist hold`.

use domain::record::recording_id::RecordingId;
use insta::assert_snapshot;
use pipeline::query::{self, Query};
use pipeline::view::RecordingView;
use serde_json::Value;

use crate::day;
use crate::desk::{CliDesk, at_once};
use crate::line::{Ran, refused};

const PLACE: &str = "hold place --case 2026-17 --reason letter-of-the-court";

fn page(ran: &Ran) -> String {
    format!("{}--- {}\n{}", ran.out, ran.code, ran.err)
}

#[test]
fn a_hold_shows_its_scope_author_and_recordings() {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1", "vm-web-01-azureadmin.3"]);
    desk.pass(24);
    desk.run("retention run");
    assert_snapshot!(page(&desk.run(&format!("{PLACE} --machine vm-web-01 --from 2026-01-01 --to 2026-03-31 --yes"))));
}

#[test]
fn a_machine_that_is_no_network_is_refused() {
    for wrong in ["10.0.0.0/33", "fd00::/129", "10.0.0.0/-1", "10.0.0.0/x"] {
        let (code, error) = refused(&format!("{PLACE} --machine {wrong}"));
        assert_eq!(code, 2);
        assert!(error.contains("it is not a network; write an address and a prefix length"), "{error}");
    }
}

#[test]
fn holds_are_listed_and_released_ones_with_all() {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
    desk.run(&format!("{PLACE} --person ada@contoso.example --yes"));
    desk.pass(1);
    desk.run("hold place --case 2026-18 --reason audit --bastion bas-hub-01");
    desk.run("hold release --case 2026-17 --yes");
    let shown = ["hold list", "hold list --all", "hold list --case 2026-17", "hold list --all --json"];
    assert_snapshot!(shown.map(|line| page(&desk.run(line))).join("=====\n"));
}

#[test]
fn placing_the_same_hold_again_keeps_its_first_reason() {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
    let place = |reason: &str| {
        desk.run(&format!("hold place --case 2026-17 --reason {reason} --recording {} --json", desk.ids()[0]))
    };
    let [first, again]: [Value; 2] = ["one", "another"].map(|reason| serde_json::from_str(&place(reason).out).unwrap());
    assert_eq!((&first["known"], &again["known"]), (&false.into(), &true.into()));
    assert_eq!(again["hold"], first["hold"]);
}

#[test]
fn a_release_asks_first_and_needs_yes_without_a_terminal() {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
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
    assert!(nothing.err.starts_with("no such hold of case 2026-17 is active"), "{}", nothing.err);
}

#[test]
fn a_hold_on_an_unknown_recording_is_rejected() {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
    let unknown = desk.run(&format!("{PLACE} --recording rec_01kjpyph1yv56czgxgxa6h0001"));
    assert_eq!(unknown.code, 1);
    assert_eq!(
        unknown.err,
        "the catalogue has no recording rec_01kjpyph1yv56czgxgxa6h0001; nothing was placed; --yes places it anyway\n"
    );
    let unknown = desk.run(&format!("{PLACE} --bastion bas-hub-1"));
    assert_eq!(unknown.code, 1);
    assert!(
        unknown.err.contains("configured are bas-hub-01 (did you mean bas-hub-01?); nothing was placed"),
        "{}",
        unknown.err
    );
    assert_eq!(desk.run(&format!("{PLACE} --from 2026-03-02 --to 2026-02-01")).code, 2);
    assert_eq!(desk.run("hold list --all").out, "");
}

/// An archive with an unmatched recording, and a session of ada on `vm-web-01`.
fn with_a_session() -> CliDesk {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
    let from_to = ("2026-03-02T09:00:00Z", "2026-03-02T09:30:00Z");
    desk.attend(day::session("t-ada", "ada@contoso.example", "vm-web-01", from_to.0, from_to.1));
    desk
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn a_hold_without_a_match_is_placed_only_after_confirmation() {
    let desk = with_a_session();
    let slip = format!("{PLACE} --person adaa@contoso.example");
    let unasked = desk.run(&slip);
    assert_eq!(unasked.code, 1);
    assert!(unasked.err.contains("did you mean ada@contoso.example?"), "{}", unasked.err);
    assert!(unasked.err.contains("nothing was placed; --yes places it anyway"), "{}", unasked.err);
    let as_json = desk.run(&format!("{slip} --json"));
    assert_eq!(as_json.code, 1);
    let said = json(&as_json);
    assert_eq!((&said["placed"], &said["hold"]), (&false.into(), &Value::Null));
    assert_eq!((&said["covers"]["recordings"], &said["covers"]["sessions"]), (&0.into(), &0.into()));
    assert_eq!(said["did_you_mean"][0], "ada@contoso.example");
    assert_eq!(desk.answering(&slip, Some(false)).code, 1);
    assert_eq!(desk.run("hold list --all").out, "", "nothing was placed");
    assert_eq!(desk.answering(&slip, Some(true)).code, 0);
    assert_eq!(json(&desk.run(&format!("{PLACE} --machine vm-wbe-01 --yes --json")))["placed"], true);
    assert_eq!(json(&desk.run("hold list --json"))["holds"].as_array().unwrap().len(), 2);
}

#[test]
fn a_hold_says_how_many_recordings_and_sessions_it_covers_now() {
    let desk = with_a_session();
    let person = json(&desk.run(&format!("{PLACE} --person ADA@contoso.example --json")));
    let covers = &person["covers"];
    assert_eq!((&covers["sessions"], &covers["recordings"]), (&1.into(), &0.into()));
    assert_eq!(covers["recordings_not_ruled_out"], 1, "the person on the recording is not known");
    assert_eq!(covers["first_sessions"][0]["tunnel_id"], "t-ada");
    assert_eq!(covers["whole"], true);
    let bastion = json(&desk.run(&format!("{PLACE} --bastion BAS-HUB-01 --json")));
    assert_eq!(bastion["covers"]["recordings"], 1);
    assert_eq!(bastion["covers"]["first_recordings"][0], desk.ids()[0]);
    let ran = desk.run(&format!("{PLACE} --machine vm-web-01"));
    assert!(ran.out.contains("0 recordings and 1 session; 1 more that cannot be ruled out"), "{}", ran.out);
}

/// Ids of the recordings that readers see as held.
fn held(desk: &CliDesk) -> Vec<String> {
    let query = Query { held: Some(true), ..Query::default() };
    let (catalogue, checkpoints) = (desk.ports.catalogue.as_ref(), desk.ports.checkpoints.as_ref());
    let page = at_once(query::recordings(catalogue, checkpoints, &query)).unwrap();
    page.items.iter().map(|entry| entry.id.to_string()).collect()
}

#[test]
fn readers_see_a_hold_until_its_release() {
    let mut desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
    // The long retention keeps `place_hold` from updating the entry.
    desk.policy.default_class = 1;
    desk.run("retention run");
    let id = desk.ids()[0].clone();
    let shown = || {
        let (catalogue, checkpoints) = (desk.ports.catalogue.as_ref(), desk.ports.checkpoints.as_ref());
        let entry = at_once(query::recording(catalogue, checkpoints, RecordingId::parse(&id).unwrap())).unwrap();
        let view =
            serde_json::to_value(RecordingView::from_entry(&entry.unwrap(), &day::estate(), desk.now())).unwrap();
        (view["holds"].clone(), view["retention"]["verdict"].clone())
    };
    assert_eq!(held(&desk), Vec::<String>::new());
    desk.run(&format!("{PLACE} --bastion bas-hub-01"));
    assert_eq!(held(&desk), [id.as_str()]);
    let (holds, verdict) = shown();
    assert_eq!((&holds[0]["case"], &holds[0]["applied"], &verdict), (&"2026-17".into(), &false.into(), &"held".into()));
    desk.run("retention run");
    desk.work();
    let (holds, verdict) = shown();
    assert_eq!((&holds[0]["case"], &holds[0]["applied"], &verdict), (&"2026-17".into(), &true.into(), &"held".into()));
    desk.run("hold release --case 2026-17 --yes");
    assert_eq!(held(&desk), Vec::<String>::new());
    assert_eq!(shown().0, serde_json::json!([]));
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
fn a_held_recording_stays_until_release_and_another_warning() {
    let desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
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
