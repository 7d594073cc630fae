//! Contents of `/reviews`.

use domain::policy::matcher::{Condition, Pattern, Test, TextFact};
use domain::policy::review::{DueWithin, ReviewPolicy, ReviewRule};
use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::hold::Actor;
use domain::record::review::ReviewOutcome;
use domain::record::review_mark::{ReviewMark, ReviewedContent};
use jiff::SignedDuration;
use pipeline::testing::sample;
use serde_json::{Value, json};

use crate::answers::world::{ApiWorld, names};

/// ETag of a sample recording.
const ETAG: &str = "0x8DC0FFEE";

fn rule(name: &str, when: Condition, hours: i64) -> ReviewRule {
    let due_within = DueWithin::Hours(SignedDuration::from_hours(hours));
    ReviewRule { name: name.to_owned(), when, sample: 100, due_within }
}

/// A recording that became final a minute after its creation.
fn recorded(name: &str, second: i64) -> Entry {
    let mut entry = sample::entry(&sample::address(name), sample::second(second));
    (entry.state, entry.final_at) = (RecordingState::Settled, Some(sample::second(second + 60)));
    entry
}

fn reviewed(mut entry: Entry, etag: &str) -> Entry {
    entry.reviews.push(ReviewMark {
        outcome: ReviewOutcome::Ok,
        by: Actor { name: "eve@contoso.example".to_owned(), is_verified: true },
        at: sample::second(3_600),
        ticket: None,
        note: None,
        content: Some(ReviewedContent { etag: ETag::new(etag), sha256: None }),
    });
    entry
}

/// Recordings that wait, one that was reviewed, and one that is not final.
fn filled() -> ApiWorld {
    let of_ann = Condition::Is(Test::Text(TextFact::Person, vec![Pattern::any_case("ann*")]));
    let on_b = Condition::Is(Test::Text(TextFact::Name, vec![Pattern::any_case("vm-b*")]));
    let rules = vec![rule("b", on_b, 1), rule("of ann", of_ann, 10_000)];
    let world = ApiWorld { reviews: ReviewPolicy { rules, ..ReviewPolicy::default() }, ..ApiWorld::default() };
    world.save(&recorded("vm-a", 0));
    world.save(&reviewed(recorded("vm-b", 10), "0x8DC0"));
    world.save(&reviewed(recorded("vm-b-done", 20), ETAG));
    world.save(&sample::entry(&sample::address("vm-b-active"), sample::second(30)));
    world
}

#[test]
fn the_queue_has_the_waiting_recordings_with_rule_due_time_and_unknown_facts() {
    let page = filled().get("/reviews");
    assert_eq!(names(&page), ["vm-b", "vm-a"]);
    assert_eq!(
        (&page["total"], &page["overdue"], &page["complete"], &page["next_cursor"]),
        (&json!(2), &json!(1), &json!(true), &Value::Null)
    );
    let [first, second] = page["items"].as_array().unwrap().as_slice() else {
        panic!("{page}")
    };
    let item = |of: &Value, rule: &str, due: &str, overdue: bool| {
        assert_eq!((&of["rule"], &of["due_at"], &of["overdue"]), (&json!(rule), &json!(due), &json!(overdue)));
        assert_eq!((&of["bastion"], &of["person"]), (&json!("bas-hub-01"), &Value::Null));
    };
    item(first, "b", "2026-03-02T10:01:10Z", true);
    assert_eq!((&first["unknown_facts"], &first["uncounted_reviews"]), (&json!([]), &json!(1)));
    let due = sample::second(60) + SignedDuration::from_hours(10_000);
    item(second, "of ann", &due.to_string(), false);
    assert_eq!((&second["unknown_facts"], &second["uncounted_reviews"]), (&json!(["person"]), &json!(0)));
}

#[test]
fn the_queue_is_filtered_and_paged() {
    let world = filled();
    assert_eq!(names(&world.get("/reviews?overdue=true")), ["vm-b"]);
    assert_eq!(names(&world.get("/reviews?bastion=other")), [""; 0]);
    let first = world.get("/reviews?limit=1");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = world.get(&format!("/reviews?limit=1&cursor={cursor}"));
    assert_eq!((names(&first), names(&second)), (vec!["vm-b"], vec!["vm-a"]));
    assert_eq!((&second["total"], &second["next_cursor"]), (&json!(2), &Value::Null));
}

#[test]
fn a_review_is_shown_with_its_recording_and_why_it_does_not_count() {
    let world = filled();
    let id = world.get("/reviews")["items"][0]["id"].as_str().unwrap().to_owned();
    let review = world.get(&format!("/recordings/{id}"))["reviews"][0].clone();
    assert_eq!((&review["outcome"], &review["etag"]), (&json!("ok"), &json!("0x8DC0")));
    assert_eq!((&review["counts"], &review["not_counted"]), (&json!(false), &json!("earlier_content")));
}

#[test]
fn the_coverage_report_counts_recordings_with_a_review_that_counts() {
    let world = filled();
    let report = world.get("/coverage?month=2026-03");
    let figures = |of: &Value| (of["figures"]["recordings"].clone(), of["figures"]["reviewed"].clone());
    // One review is of an earlier content.
    assert_eq!(figures(&report["bastions"][0]), (json!(4), json!(1)));
    assert_eq!(figures(&report["total"]), (json!(4), json!(1)));
    world.save(&reviewed(recorded("vm-c", 40), ETAG));
    assert_eq!(figures(&world.get("/coverage?month=2026-03")["total"]), (json!(5), json!(2)));
}
