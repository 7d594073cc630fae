//! `archivist review`: the queue made by rules, and reviews by the user of this machine.

use serde_json::Value;

use super::backfill::Desk;
use crate::support::process::EndedProcess;

const RULES: &str = "version: 1
review:
  rules:
    - { name: everything, due_within: P7D }
";

impl Desk {
    fn queue(&self) -> Value {
        let ended = self.run(&["review", "list", "--json", "--config", "archivist.yaml"]);
        serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{}", ended.stderr))
    }

    fn mark(&self, id: &str, more: &[&str]) -> EndedProcess {
        let arguments = ["review", "mark", id, "--json", "--config", "archivist.yaml"];
        self.run_as("zuko", &[&arguments, more].concat())
    }
}

fn document(ended: &EndedProcess) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{} {}", ended.stdout, ended.stderr))
}

/// Id of the recording of this person in the queue.
fn of(queue: &Value, person: &str) -> String {
    let item = queue["items"].as_array().unwrap().iter().find(|item| item["person"] == person).unwrap();
    item["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_review_leaves_the_queue_and_is_shown_with_its_unverified_author() {
    let desk = Desk::with_a_report();
    desk.write("archivist.yaml", RULES);
    let queue = desk.queue();
    assert_eq!((&queue["total"], &queue["complete"]), (&3.into(), &true.into()), "{queue}");

    let id = of(&queue, "ops@contoso.com");
    let marked = desk.mark(&id, &["--outcome", "finding", "--ticket", "INC-1", "--note", "copied a table"]);
    assert_eq!(marked.code, Some(0), "{}", marked.stderr);
    let shown = document(&marked);
    assert_eq!((&shown["changed"], &shown["verified"]), (&true.into(), &false.into()), "{shown}");
    assert_eq!(desk.queue()["total"], 2);

    let show = desk.run(&["recordings", "show", &id, "--json"]);
    let review = &document(&show)["reviews"][0];
    assert_eq!((&review["outcome"], &review["by"]), (&"finding".into(), &"zuko".into()), "{review}");
    assert_eq!((&review["verified"], &review["counts"]), (&false.into(), &true.into()), "{review}");
    let again = desk.mark(&id, &["--outcome", "finding", "--ticket", "INC-1", "--note", "copied a table"]);
    assert_eq!((again.code, &document(&again)["changed"]), (Some(0), &false.into()));
}

#[test]
fn nobody_reviews_their_own_session_and_an_invalid_review_changes_nothing() {
    let desk = Desk::with_a_report();
    desk.write("archivist.yaml", RULES);
    let own = of(&desk.queue(), "zuko@contoso.com");
    let refused = desk.mark(&own, &["--outcome", "ok"]);
    assert_eq!(refused.code, Some(1));
    assert!(document(&refused)["refused"].as_str().unwrap().contains("another person"), "{}", refused.stdout);
    assert_eq!(desk.mark("rec_01kjpyph1yv56czgxgxa6hk7hq", &["--outcome", "ok"]).code, Some(1));
    assert_eq!(desk.mark(&own, &[]).code, Some(2));
    assert_eq!(desk.mark(&own, &["--outcome", "fine"]).code, Some(2));
    assert_eq!(desk.queue()["total"], 3);
}
