//! Tests that every route answers.

use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::hold::{CarriedHold, HoldId};
use pipeline::testing::sample;

use crate::answers::world::{ApiWorld, names};

/// Creates a matched recording with its session, a held recording of class `brief`, and a new recording.
fn filled() -> ApiWorld {
    let world = ApiWorld::default();
    let mut matched = sample::entry(&sample::address("vm-web-01-root"), sample::second(0));
    matched.match_state.verdict = sample::matched(sample::facts("t-1", sample::second(0)));
    world.save(&matched);
    let mut held = sample::expiring(&sample::address("held"), &ETag::new("0x1"), sample::second(60));
    let hold = HoldId::parse("hold_0sjsbfgbk4dn68yjsz5jgpqz3a").unwrap();
    held.custody.holds =
        vec![CarriedHold { hold, case: "case-1".to_owned(), since: sample::second(90), is_certain: true }];
    world.save(&held);
    world.save(&sample::entry(&sample::address("<script>alert(1)</script>"), sample::second(120)));
    world.add_session(sample::ended(sample::session_id("bas-hub-01", "t-1"), "vm", "root", sample::second(0)));
    world
}

#[test]
fn recordings_are_listed_by_every_filter() {
    let world = filled();
    for (query, found) in [
        ("", 3),
        ("?person=PERSON%40contoso.example", 1),
        ("?machine=vm", 1),
        ("?bastion=bas-hub-01", 3),
        ("?bastion=other", 0),
        ("?state=active", 2),
        ("?match=matched", 1),
        ("?class=brief", 1),
        ("?class=long", 0),
        ("?held=true", 1),
        ("?held=false", 2),
        ("?q=vm-web", 1),
        ("?q=person", 1),
        ("?q=contoso+web-01", 1),
        ("?q=web-01+held", 0),
        ("?q=held", 1),
        ("?q=2026-03-02..+unmatched", 0),
        ("?q=yesterday", 0),
        ("?q=2026-03+active", 2),
        ("?from=2026-03-02", 3),
        ("?from=2026-03-03", 0),
        ("?to=2026-03-02T09:00:30Z", 1),
        ("?from=2026-03-02T10:00:30%2B01:00&to=2026-03-02T09:01:30Z", 1),
        ("?limit=200&match=matched&state=active&bastion=bas-hub-01&q=VM", 1),
        ("?code=the-key&clientId=default", 3),
    ] {
        assert_eq!(names(&world.get(&format!("/recordings{query}"))).len(), found, "{query}");
    }
}

#[test]
fn a_search_is_answered_with_its_meaning_and_similar_words() {
    let world = filled();
    let found = world.get("/recordings?q=VM+mon");
    assert_eq!(found["understood"][0], serde_json::json!({ "word": "VM", "meaning": "Person, machine or name: vm" }));
    assert_eq!(found["understood"][1], serde_json::json!({ "word": "mon", "meaning": "Monday 2026-03-02" }));
    assert_eq!((names(&found).len(), &found["suggestions"]), (1, &serde_json::json!([])));
    let nothing = world.get("/recordings?q=persom");
    assert_eq!(nothing["suggestions"], serde_json::json!([{ "word": "persom", "nearest": ["person"] }]));
    assert_eq!((names(&nothing).len(), &nothing["next_cursor"]), (0, &serde_json::Value::Null));
    for without in ["/recordings", "/recordings?q=%20"] {
        let page = world.get(without);
        assert!(page.get("understood").is_none() && page.get("suggestions").is_none(), "{without}");
    }
}

#[test]
fn a_recording_is_shown_with_its_history() {
    let world = filled();
    let page = world.get("/recordings?match=matched");
    let id = page["items"][0]["id"].as_str().unwrap();
    let detail = world.get(&format!("/recordings/{id}"));
    assert_eq!((&detail["id"], &detail["session"]["tunnel_id"]), (&page["items"][0]["id"], &"t-1".into()));
    assert_eq!(detail["history"][0]["what"], "catalogued");
}

#[test]
fn sessions_are_listed_and_shown_with_their_recording() {
    let world = filled();
    for (query, found) in [
        ("", 1),
        ("?state=ended&machine=VM&account=ROOT&gap=false", 1),
        ("?gap=true", 0),
        ("?state=open", 0),
        ("?from=2026-03-03", 0),
        ("?to=2026-03-02&bastion=bas-hub-01&person=person%40contoso.example", 1),
    ] {
        let page = world.get(&format!("/sessions{query}"));
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{query}");
    }
    let session = world.get("/sessions/T-1?bastion=bas-hub-01");
    assert_eq!(session["recording_id"], world.get("/recordings?match=matched")["items"][0]["id"]);
    assert_eq!(session["records"]["user_name"][0], "root");
}

#[test]
fn gaps_numbers_and_health_are_shown() {
    let world = filled();
    let gaps = world.get("/gaps?bastion=bas-hub-01&limit=1");
    assert_eq!(
        (gaps["sessions"]["items"].as_array().unwrap().len(), gaps["bastions"].as_array().unwrap().len()),
        (0, 0)
    );
    let summary = world.get("/summary?from=2026-03-01&to=2026-03-31");
    assert!(summary["as_of"].is_null() && summary["complete"] == false, "nothing was counted yet");
    let health = world.get("/health");
    assert_eq!((&health["version"], &health["catalogue"]), (&"9.9.9".into(), &"reachable".into()));
    assert_eq!(health["bastions"][0]["bastion"], "bas-hub-01");
    assert_eq!(health["newest_recording"], "2026-03-02T09:02:00Z");
    assert_eq!(world.get("/openapi.json")["openapi"], "3.1.1");
}

#[test]
fn an_uncounted_figure_of_the_coverage_report_is_null_with_the_reason() {
    let world = filled();
    let report = world.get("/coverage?month=2026-03");
    assert_eq!((&report["month"], &report["over"]), (&"2026-03".into(), &false.into()));
    let hub = &report["bastions"][0];
    assert_eq!((&hub["bastion"], &hub["figures"]["recordings"]), (&"bas-hub-01".into(), &3.into()));
    assert_eq!((&hub["figures"]["named"], &hub["figures"]["held"]), (&1.into(), &1.into()));
    assert!(hub["figures"]["sessions"].is_null() && hub["figures"]["viewings"].is_null(), "{hub}");
    assert_eq!(hub["unknown"]["sessions"], "no audit log is configured");
    assert_eq!(report["total"]["figures"]["recordings"], 3);
    let defined = report["definitions"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
    assert!(defined.into_iter().all(|name| report["total"]["figures"].get(name).is_some()), "{report}");
    assert_eq!(world.get("/coverage")["month"], "2026-02", "last month is the default");
    assert_eq!(world.get("/coverage?month=2026-03&bastion=other")["total"]["figures"]["recordings"], 0);
    assert_eq!(world.problem("/coverage?month=2026-3").0, 400);
}

#[test]
fn an_unlearned_habit_is_null_and_never_zero() {
    let world = filled();
    let bastions = world.get("/bastions");
    let hub = &bastions["items"][0];
    assert_eq!((&hub["bastion"], &hub["recordings"], &hub["needed"]), (&"bas-hub-01".into(), &0.into(), &20.into()));
    let unknown =
        ["/writes", "/learned_since", "/start/low", "/end/high", "/upload/median", "/lost/share", "/names/as_of"];
    for pointer in unknown {
        assert!(hub.pointer(pointer).is_some_and(serde_json::Value::is_null), "{pointer}: {hub}");
    }
    assert!(hub["explained"][0]["known"].as_str().is_some_and(|known| known.contains("0 of 20")), "{hub}");
}

#[test]
fn a_learned_habit_is_shown() {
    let world = filled();
    world.teach(
        "bas-hub-01 2026-03-05",
        r#"{"schema":1,"day":{"starts":[[5,30]],"ends":[[3,30]],"recordings":30,"names":3,"sessions":30},"before":{}}"#,
    );
    let hub = &world.get("/bastions")["items"][0];
    assert_eq!((&hub["writes"], &hub["wrote_before"]), (&"live".into(), &serde_json::Value::Null));
    assert_eq!((&hub["start"]["median"], &hub["start"]["pairs"]), (&5.into(), &30.into()));
    assert!(hub["start"]["low"].as_i64().unwrap() < 5 && hub["start"]["high"].as_i64().unwrap() > 5, "{hub}");
    assert_eq!((&hub["alone"]["share"], &hub["alone"]["of"]), (&0.0.into(), &30.into()));
    assert_eq!(hub["learned_since"], "2026-03-05");
}

#[test]
fn a_current_etag_is_not_modified_until_the_answer_changes() {
    let world = filled();
    let first = world.ask("GET", "/api/v1/recordings", None);
    let tag = first.header("etag").unwrap();
    let second = world.ask("GET", "/api/v1/recordings", Some(tag));
    assert_eq!((second.status, second.body.as_slice(), second.header("etag")), (304, &b""[..], Some(tag)));
    world
        .save(&Entry { state: RecordingState::Settled, ..sample::entry(&sample::address("new"), sample::second(200)) });
    assert_eq!(world.ask("GET", "/api/v1/recordings", Some(tag)).status, 200);
}

#[test]
fn head_and_options_are_supported() {
    let world = filled();
    let (get, head) = (world.ask("GET", "/api/v1/gaps", None), world.ask("HEAD", "/api/v1/gaps", None));
    assert_eq!((head.status, head.header("etag")), (200, get.header("etag")));
    assert_eq!((head.body.len(), head.header("content-length")), (0, Some(get.body.len().to_string().as_str())));
    let options = world.ask("OPTIONS", "/api/v1/gaps?anything", None);
    assert_eq!((options.status, options.header("allow")), (204, Some("GET, HEAD, OPTIONS")));
}

#[test]
fn request_parameters_are_logged_without_the_key() {
    let answered = filled().answered("GET", "/api/v1/recordings?code=secret&q=%0aforged&limit=3", None);
    assert_eq!(answered.parameters, "q=\\nforged limit=3");
}
