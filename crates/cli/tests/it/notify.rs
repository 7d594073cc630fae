//! `archivist notify`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::policy::matcher::{Condition, Pattern, Test, TextFact};
use domain::policy::route::{Digest, NotificationRoute};
use domain::record::delivery::ChannelAnswer;
use domain::record::notification::{Event, Severity};
use insta::assert_snapshot;
use jiff::SignedDuration;
use pipeline::ports::{Channel, ChannelMessage};

use crate::desk::CliDesk;
use crate::line::{Ran, refused};

/// A channel with a fixed answer.
struct Answers(Mutex<ChannelAnswer>);

#[async_trait]
impl Channel for Answers {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        self.0.lock().unwrap().clone()
    }
}

/// A desk with the channels `ops`, `security` and `siem`, which all give this answer.
fn desk(answer: &ChannelAnswer) -> CliDesk {
    let mut desk = CliDesk::with_recordings(&["vm-db-01-root.1"]);
    let channel = |name: &str| {
        let channel: Arc<dyn Channel> = Arc::new(Answers(Mutex::new(answer.clone())));
        (name.to_owned(), channel)
    };
    desk.channels = ["ops", "security", "siem"].map(channel).into_iter().collect::<BTreeMap<_, _>>();
    desk
}

fn route(name: &str, when: Condition, channel: &str) -> NotificationRoute {
    let channels = vec![channel.to_owned()];
    NotificationRoute { name: name.to_owned(), when, channels, goes_on: true, muted_until: None, digest: None }
}

/// Routes warnings to `security`, ada's machines to `ops` as an hourly digest, and the rest to `siem`.
fn with_routes() -> CliDesk {
    let mut desk = desk(&ChannelAnswer::Accepted);
    let urgent = Condition::Is(Test::Severity(vec![Severity::Warning, Severity::Critical]));
    let hers = Condition::Is(Test::Text(TextFact::Machine, vec![Pattern::any_case("vm-ada-*")]));
    let hourly = Some(Digest::Every(SignedDuration::from_hours(1)));
    let started = Condition::Is(Test::Event(vec![Event::RecordingStarted]));
    desk.routing.routes = vec![
        route("trouble", urgent, "security"),
        NotificationRoute { digest: hourly, ..route("hers", hers, "ops") },
        NotificationRoute {
            muted_until: Some("2027-01-01T00:00:00Z".parse().unwrap()),
            ..route("started", started, "ops")
        },
        NotificationRoute { goes_on: false, ..route("everything", Condition::All(Vec::new()), "siem") },
        route("never", Condition::All(Vec::new()), "ops"),
    ];
    desk
}

fn page(ran: &Ran) -> String {
    format!("{}--- {}\n{}", ran.out, ran.code, ran.err)
}

#[test]
fn the_route_of_an_event_is_shown_step_by_step() {
    let desk = with_routes();
    let shown = [
        "notify route --event recording.deleted_unexpectedly",
        "notify route --event recording.ready --fact machine=vm-ada-02",
        "notify route --event recording.started",
        "notify route --event retention.aborted --json",
    ];
    assert_snapshot!(shown.map(|line| page(&desk.run(line))).join("=====\n"));
}

#[test]
fn facts_foreign_to_the_event_are_all_rejected() {
    let desk = with_routes();
    let ran = desk.run("notify route --fact machien=vm-1 --fact size_bytes=big --fact match=perhaps --fact person=ada");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    for named in
        ["machien: recording.ready has no such fact", "size_bytes: it is a whole number", "match: it is one of"]
    {
        assert!(ran.err.contains(named), "{}", ran.err);
    }
    assert!(!ran.err.contains("--fact person"), "{}", ran.err);
    assert_eq!(desk.run("notify route --fact size_bytes=7 --fact rule=a --fact rule=b").code, 0);
}

/// A channel whose app setting is missing.
struct Off;

#[async_trait]
impl Channel for Off {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        panic!("nothing is sent to a channel that is off")
    }

    fn off(&self) -> Option<&str> {
        Some("app setting SIEM_SECRET is not set")
    }
}

#[test]
fn a_disabled_channel_does_not_count_as_notified() {
    let mut desk = with_routes();
    desk.channels.insert("siem".to_owned(), Arc::new(Off));
    let some = desk.run("notify route --event recording.ready --fact machine=vm-ada-02");
    assert_eq!(some.code, 0);
    assert!(
        some.out.ends_with("sent to ops\nkept for siem, which is off: app setting SIEM_SECRET is not set\n"),
        "{}",
        some.out
    );
    desk.routing.routes.retain(|route| route.name == "everything");
    let none = desk.run("notify route --event recording.ready");
    assert_eq!(none.code, 1);
    assert!(none.out.contains("no channel gets it now\nkept for siem, which is off"), "{}", none.out);
    let as_json = desk.run("notify route --event recording.ready --json");
    let document: serde_json::Value = serde_json::from_str(&as_json.out).unwrap();
    assert_eq!((as_json.code, &document["heard_by"]), (1, &serde_json::json!([])));
    let off = serde_json::json!([{ "channel": "siem", "reason": "app setting SIEM_SECRET is not set" }]);
    assert_eq!(document["off"], off);
}

#[test]
fn without_routes_every_channel_receives_every_event() {
    assert_snapshot!(page(&desk(&ChannelAnswer::Accepted).run("notify route")));
}

#[test]
fn a_sample_of_every_event_is_previewed_before_sending() {
    let desk = desk(&ChannelAnswer::Accepted);
    for event in Event::ALL.into_iter().filter(|event| *event != Event::ChannelDigest) {
        let ran = desk.run(&format!("notify preview siem --json --event {}", event.name()));
        let body: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((body["type"].as_str(), ran.code), (Some(event.name()), 0));
    }
}

#[test]
fn a_test_shows_the_answer_and_its_consequence() {
    let reason = || "clientError: 404".to_owned();
    let answers = [
        ChannelAnswer::Accepted,
        ChannelAnswer::TryLater { reason: "serverError: 503".to_owned(), retry_after: None, overloaded: false },
        ChannelAnswer::Refused { reason: reason() },
        ChannelAnswer::Gone { reason: reason() },
    ];
    assert_snapshot!(answers.map(|answer| page(&desk(&answer).run("notify test ops"))).join("=====\n"));
}

#[test]
fn the_answers_of_a_channel_are_one_document_each() {
    let document = |answer: &ChannelAnswer, line: &str| -> (u8, serde_json::Value) {
        let ran = desk(answer).run(line);
        (ran.code, serde_json::from_str(&ran.out).unwrap())
    };
    let line = "notify test ops --event channel.disabled --json";
    let accepted = serde_json::json!({ "version": 1, "channel": "ops", "event": "channel.disabled", "outcome": "accepted", "reason": null });
    assert_eq!(document(&ChannelAnswer::Accepted, line), (0, accepted));
    let (code, gone) = document(&ChannelAnswer::Gone { reason: "HTTP 410".to_owned() }, line);
    assert_eq!((code, &gone["outcome"], &gone["reason"]), (1, &"gone".into(), &"HTTP 410".into()));
    let enabled = serde_json::json!({ "version": 1, "channel": "ops", "enabled": false, "off": null });
    assert_eq!(document(&ChannelAnswer::Accepted, "notify enable ops --json"), (1, enabled));
}

#[test]
fn an_enabled_channel_cannot_be_enabled_again() {
    let ran = desk(&ChannelAnswer::Accepted).run("notify enable ops");
    assert_eq!((ran.code, ran.err.as_str()), (1, "ops was not disabled\n"));
}

#[test]
fn an_unknown_channel_is_rejected_with_the_known_ones() {
    let desk = desk(&ChannelAnswer::Accepted);
    for line in ["notify preview nobody", "notify test nobody", "notify enable nobody"] {
        let ran = desk.run(line);
        assert_eq!(
            (ran.code, ran.err.as_str()),
            (2, "error: no channel is called nobody: configured are ops, security, siem\n")
        );
    }
}

#[test]
fn an_unknown_event_is_rejected_with_the_known_ones() {
    assert!(refused("notify preview ops --event recording.gone").1.contains("recording.ready"));
}
