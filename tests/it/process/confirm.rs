//! `archivist recordings confirm`: manual assignment of a recording's session.

use serde_json::Value;

use super::backfill::Desk;
use crate::support::process::EndedProcess;

impl Desk {
    fn confirm(&self, recording: &str, more: &[&str]) -> EndedProcess {
        self.run(&[&["recordings", "confirm", recording, "--json"], more].concat())
    }

    fn show(&self, recording: &str) -> Value {
        serde_json::from_str(&self.run(&["recordings", "show", recording, "--json"]).stdout).unwrap()
    }
}

#[test]
fn a_confirmation_names_a_recording_and_the_next_withdraws_it() {
    let desk = Desk::with_a_report();
    let [recordings, sessions] = desk.everything();
    let id = recordings["items"][0]["id"].as_str().unwrap();
    assert_eq!(recordings["items"][0]["match"], "unmatched");
    let ended = sessions["items"].as_array().unwrap().iter().find(|session| session["state"] == "ended").unwrap();
    let (tunnel, person) = (ended["tunnel_id"].as_str().unwrap(), &ended["user_email"]);

    let said = desk.confirm(id, &["--session", tunnel, "--reason", "change request 4711"]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    let shown = desk.show(id);
    assert_eq!((&shown["match"], &shown["person"]), (&"matched".into(), person));
    assert_eq!(shown["confirmed"]["reason"], "change request 4711");

    let again = desk.confirm(id, &["--session", tunnel, "--reason", "change request 4711"]);
    assert_eq!(serde_json::from_str::<Value>(&again.stdout).unwrap()["changed"], false);

    let none = desk.confirm(id, &["--none", "--reason", "seen on the recording"]);
    let withdrawn = &serde_json::from_str::<Value>(&none.stdout).unwrap()["withdraws"];
    assert!(withdrawn.as_str().unwrap().contains(tunnel), "{withdrawn}");
    assert_eq!((&desk.show(id)["match"], &desk.show(id)["person"]), (&"unmatched".into(), &Value::Null));
}

#[test]
fn an_invalid_confirmation_changes_no_state() {
    let desk = Desk::with_a_report();
    let before = desk.everything();
    let id = before[0]["items"][0]["id"].as_str().unwrap();
    assert_eq!(desk.confirm(id, &["--session", "5e55-none", "--reason", "x"]).code, Some(1));
    assert_eq!(desk.confirm("rec_01kjpyph1yv56czgxgxa6hk7hq", &["--none", "--reason", "x"]).code, Some(1));
    assert_eq!(desk.confirm(id, &["--none"]).code, Some(2));
    assert_eq!(desk.everything(), before);
}
