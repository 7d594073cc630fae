//! Tests that the read API of `archivist local` conforms to its OpenAPI document.

mod schemathesis;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::process::{Running, free_port, http};

/// Sample weeks that have been played and is being served.
struct Played {
    port: u16,
    running: Running,
    _home: TempDir,
}

impl Played {
    fn start() -> Self {
        let (home, port) = (TempDir::new().unwrap(), free_port());
        let mut running = super::sample::start(&home, &["local", "--sample", "--port", &port.to_string()]);
        running.line_with("The six weeks are over").expect("it says when the weeks are over");
        Self { port, running, _home: home }
    }

    fn get(&self, target: &str) -> Value {
        let answer = http::get(self.port, &format!("/api/v1{target}")).unwrap();
        assert_eq!(answer.status, 200, "{target}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }
}

fn texts(page: &Value, name: &str) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item[name].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_sample_day_api_conforms_to_its_document() {
    let played = Played::start();
    let health = played.get("/health");
    assert_eq!((&health["catalogue"], &health["counts"]["recordings"]), (&"reachable".into(), &295.into()));
    let summary = played.get("/summary?from=2026-01-19&to=2026-03-31");
    assert_eq!((&summary["complete"], &summary["totals"]["by_match"]["matched"]), (&true.into(), &284.into()));
    let (recordings, sessions) = (played.get("/recordings?limit=200"), played.get("/sessions?limit=100"));
    let known = json!({
        "recordings": texts(&recordings, "id"),
        "sessions": texts(&sessions, "tunnel_id"),
        "session_cursors": [sessions["next_cursor"]],
    });
    schemathesis::check(played.port, &known);
    played.running.terminate();
    assert_eq!(played.running.end().code, Some(0));
}
