//! Tests of rejected requests.

use std::collections::BTreeMap;

use proptest::prelude::{any, proptest};
use proptest::prop_assert;
use serde_json::Value;

use crate::answers::world::ApiWorld;

/// Returns problem and correction by wrong parameter.
fn wrong(world: &ApiWorld, target: &str) -> BTreeMap<String, (String, String)> {
    let (status, problem) = world.problem(target);
    assert_eq!((status, &problem["type"]), (400, &"urn:bastion-archivist:problem:parameters".into()), "{target}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let parameters = problem["parameters"].as_array().unwrap().iter();
    parameters.map(|wrong| (text(&wrong["name"]), (text(&wrong["problem"]), text(&wrong["write"])))).collect()
}

#[test]
fn all_invalid_parameters_are_named_with_their_remedies() {
    let world = ApiWorld::default();
    let found = wrong(&world, "/recordings?state=gone&limit=0&from=yesterday&colour=red&q=&cursor=x&held=yes&limit=5");
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["colour", "cursor", "from", "held", "limit", "q", "state"]);
    assert_eq!(found["state"].1, "one of active, settled, expiring, missing, deleted");
    assert_eq!(found["limit"], ("is not an allowed number".to_owned(), "a number from 1 to 200".to_owned()));
    assert!(found["colour"].1.starts_with("only person, machine,"), "{found:?}");
}

#[test]
fn the_report_of_a_month_that_has_not_begun_is_refused_like_by_command_and_page() {
    let world = ApiWorld::default();
    let found = wrong(&world, "/coverage?month=2026-04");
    assert_eq!(found["month"], ("has not begun".to_owned(), "a month up to 2026-03".to_owned()));
    assert_eq!(world.get("/coverage?month=2026-03")["over"], false);
    assert_eq!(world.get("/coverage")["month"], "2026-02");
}

#[test]
fn a_wrong_word_of_a_search_is_named_with_its_remedy() {
    let found = wrong(&ApiWorld::default(), "/recordings?q=anna+2026-13-40");
    let (problem, write) = &found["q"];
    assert_eq!(problem, "has a day that does not exist");
    assert!(write.starts_with("a day (2026-11-17)") && write.ends_with("instead of \"2026-13-40\""), "{write}");
}

#[test]
fn a_repeated_oversized_or_useless_parameter_is_rejected() {
    let world = ApiWorld::default();
    let (long, longer) = ("x".repeat(256), "x".repeat(257));
    world.get(&format!("/recordings?person={long}"));
    for target in [
        "/recordings?q=a&q=a".to_owned(),
        format!("/recordings?person={longer}"),
        format!("/recordings?bastion={}", "b".repeat(81)),
        format!("/recordings?{}", "a=b&".repeat(3_000)),
        "/recordings?q=%ff".to_owned(),
        "/recordings?%ff=1".to_owned(),
        "/recordings?limit=201".to_owned(),
        "/recordings?limit=+1".to_owned(),
        "/recordings?limit=01".to_owned(),
        "/recordings?limit=99999999999999999999".to_owned(),
        "/recordings?to=2026-02-30".to_owned(),
        "/sessions?state=settled".to_owned(),
        "/sessions?cursor=cmVjXzE".to_owned(),
        "/sessions/x?person=a".to_owned(),
        "/gaps?cursor=x".to_owned(),
        "/summary?from=2026-3-1".to_owned(),
        "/summary?from=2026-03-01T00:00:00Z".to_owned(),
        "/health?verbose=true".to_owned(),
        "/openapi.json?q=x".to_owned(),
        "/recordings?q=anna+2026-13-40".to_owned(),
        "/recordings?q=%22%22".to_owned(),
        format!("/recordings?q={longer}"),
        format!("/recordings?q={}", "a+".repeat(13)),
    ] {
        assert_eq!(wrong(&world, &target).len(), 1, "{}", &target[..target.len().min(60)]);
    }
}

#[test]
fn a_flood_of_parameters_gets_a_short_answer() {
    let flood: String = (0..900).map(|n| format!("p{n}=&")).collect();
    assert_eq!(wrong(&ApiWorld::default(), &format!("/recordings?{flood}")).len(), 32);
}

#[test]
fn an_unknown_resource_is_not_found() {
    let world = ApiWorld::default();
    for target in
        ["/recordings/rec_0sjsbfgbk4dn68yjsz5jgpqz3a", "/recordings/x", "/sessions/x", "/sessions/%0a", "/nothing", ""]
    {
        let (status, problem) = world.problem(target);
        assert_eq!((status, &problem["title"]), (404, &"Not found".into()), "{target}");
        assert_eq!(problem["instance"], format!("/api/v1{target}"));
    }
}

#[test]
fn every_writing_method_is_refused() {
    let world = ApiWorld::default();
    for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "get", "X"] {
        let answer = world.ask(method, "/api/v1/recordings", None);
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{method}");
    }
}

proptest! {
    #[test]
    fn no_request_causes_a_server_error(method in "[A-Z]{1,8}", path in any::<String>(), query in any::<String>()) {
        for path in [path.clone(), format!("/api/v1{path}"), format!("/api/v1/recordings/{path}"), "/api/v1/recordings".to_owned()] {
            for method in ["GET", &method] {
                let status = ApiWorld::default().ask(method, &format!("{path}?{query}"), Some(&query)).status;
                prop_assert!(status < 500, "{status}");
            }
        }
    }
}
