//! Hostile names in the pages.

use std::net::Ipv4Addr;

use domain::address::Printable;
use domain::policy::retention::Policy;
use domain::record::hold::{Actor, Hold, HoldScope};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wiring::settings::PageAccess;

use super::browser;
use crate::support::TestApp;

/// A recording with a known session.
const CERTAIN: &str = "vm-web-01-azureadmin";
const PERSON: &str = "<img src=x onerror=alert(1)>@evil.example";
const TUNNEL: &str = "<i>t/1</i>?x=\"#y";
const CASE: &str = "</p><script>alert('case')</script>";
const LOG: &str = "resourceId=/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-HUB-01/y=2025/m=11/d=05/h=09/m=00/PT1H.json";

const POLICY: &str = r#"
version: 1
retention:
  default_class: standard
  classes:
    standard: { retain_for: P1Y, delete_after: P1Y, then: delete }
    pci: { retain_for: P1Y, delete_after: P18M, then: review }
  rules:
    - name: '<u onclick=alert(1)>card-data machines</u>'
      when: { machine: 'vm-web-*' }
      class: pci
    - name: not this one
      when: { machine: '"><svg onload=alert(1)>' }
      class: pci
"#;

fn policy() -> Policy {
    let configuration = configuration::read("archivist.yaml", POLICY, &|_| None).unwrap();
    configuration.retention.unwrap()
}

fn names() -> Vec<String> {
    let long = "w".repeat(1024);
    let names = [
        CERTAIN,
        "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "</title><script>alert(1)</script>",
        "<!-- ",
        "{{7*7}}{% raw %}",
        "&lt;b&gt;&#x41;",
        "\u{202e}gnp.exe",
        "a\u{1b}[2Jb\u{0}c",
        "שלום-vm.4",
        "../../ui/style.css",
        &long,
    ];
    names.map(str::to_owned).into()
}

/// Returns the names as the pages show them.
fn shown(names: &[String]) -> Vec<String> {
    names.iter().map(|name| Printable(name).to_string().trim().to_owned()).collect()
}

/// Returns a record of a session with hostile values.
fn record(time: &str, message: &str, more: &Value) -> String {
    let mut properties = json!({
        "message": message, "tunnelId": TUNNEL, "userName": "azureadmin", "userEmail": PERSON,
        "userAgent": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36 <script>alert('agent')</script>", "clientIpAddress": "javascript:alert(1)",
        "targetResourceId": "/SUBSCRIPTIONS/S/VIRTUALMACHINES/VM-WEB-01", "sessionStartTime": "2025-11-05T09:00:00Z",
    });
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("{}\n", json!({ "time": time, "category": "BastionAuditLogs", "properties": properties }))
}

/// Returns an app with a catalogue of hostile names.
async fn harmful() -> TestApp {
    let app = TestApp::with_policy(policy()).may_leave_deliveries();
    for name in names() {
        let event = app.storage.upload(&name, 4_096);
        assert_eq!(app.storage_event(&event).await, 200, "{name:?}");
    }
    app.at("2025-11-05T09:30:00Z");
    let event = app.storage.upload(CERTAIN, 9_000_000);
    assert_eq!(app.storage_event(&event).await, 200);
    let ended = json!({ "sessionEndTime": "2025-11-05T09:30:01Z" });
    let log = record("2025-11-05T09:00:02Z", "Successfully Connected.", &json!({}))
        + &record("2025-11-05T09:30:03Z", "Session ended.", &ended);
    app.at("2025-11-05T09:31:00Z");
    let event = app.storage.write_log(LOG, &log);
    assert_eq!(app.host_hands("audit_log_landed", &event).await, 200);
    let scope = HoldScope { bastion: Some("bas-hub-01".to_owned()), ..HoldScope::default() };
    let actor = Actor { name: "mallory".to_owned(), is_verified: false };
    app.place_hold(&Hold::new(CASE, "a test", scope, actor, "2025-11-05T09:30:05Z".parse().unwrap())).await;
    // Minute by minute until sessions are found, then hour by hour until everything is final.
    for passed in [[SignedDuration::from_mins(1); 14], [SignedDuration::from_hours(1); 14]].concat() {
        app.advance(passed);
        for timer in ["join_sweep", "audit_log_tail"] {
            assert_eq!(app.host_fires(timer).await, 200);
        }
    }
    assert_eq!(app.host_fires("retention_sweep").await, 200);
    app
}

/// Returns the problems that the browser finds on the pages of an app.
async fn checked(app: &TestApp, suite: &'static str, more: Value) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(axum::serve(listener, app.router()).into_future());
    let said = tokio::task::spawn_blocking(move || browser::check(suite, port, &more)).await.unwrap();
    serving.abort();
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_chosen_to_harm_stay_text_in_a_browser() {
    let app = harmful().await;
    let names = shown(&names());
    let told = json!([PERSON, CASE, "<u onclick=alert(1)>card-data machines</u>", "\"><svg onload=alert(1)>", TUNNEL]);
    let sessions = json!([PERSON]);
    let more = json!({ "recordings": names, "sessions": sessions, "certain": CERTAIN, "told": told });
    assert_eq!(checked(&app, "hostile", more).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_access_is_shown_the_remedy() {
    let app = harmful().await.with_pages(PageAccess::Nobody);
    let names = shown(&names());
    assert_eq!(checked(&app, "closed", json!({ "names": names })).await, "");
}
