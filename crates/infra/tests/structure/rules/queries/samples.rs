//! Sample lines of `AppTraces`.

use regex_lite::Regex;
use serde_json::Value as Json;

use crate::repository::Repository;

/// One line for each form in use. The host's lines have the forms of versions 4 and 5 of its storage extension.
const LINES: &str = include_str!("../../samples/traces.jsonl");

/// Members that the app's log format adds to each line.
const OF_THE_FORMAT: [&str; 5] = ["level", "message", "span", "span_id", "trace_id"];

pub struct Sample {
    pub category: String,
    pub message: String,
    /// The app's line; `None` for a line of the host.
    pub line: Option<Json>,
}

pub fn samples() -> Vec<Sample> {
    LINES.lines().map(sample).collect()
}

fn sample(row: &str) -> Sample {
    let mut row: Json = serde_json::from_str(row).unwrap();
    let category = row["Category"].as_str().unwrap().to_owned();
    let Some(line) = row.get_mut("Line").map(Json::take) else {
        return Sample { category, message: row["Message"].as_str().unwrap().to_owned(), line: None };
    };
    let mut line = line;
    line["span"] = serde_json::json!({ "name": "recording_landed", "invocation": "8c600b4d" });
    Sample { category, message: line.to_string(), line: Some(line) }
}

/// Checks that the code writes each line of the app with its level and members, and that no member is called
/// `message`: its line would have the member twice, and a query would see only one of them.
pub fn check(repository: &Repository, samples: &[Sample]) -> Vec<String> {
    let is_code = |path: &str| path.ends_with(".rs") && !path.contains("test");
    let code: Vec<&str> =
        repository.files.iter().filter(|(path, _)| is_code(path)).map(|(_, text)| text.as_str()).collect();
    let mut findings = Vec::new();
    for line in samples.iter().filter_map(|sample| sample.line.as_ref()) {
        let text = line["message"].as_str().unwrap();
        let Some(call) = code.iter().find_map(|code| call(code, text)) else {
            findings.push(format!("traces.jsonl: the app never writes {text:?}"));
            continue;
        };
        let level = line["level"].as_str().unwrap().to_lowercase();
        if !call.starts_with(&format!("{level}!")) {
            findings.push(format!("traces.jsonl: {text:?} has another level than {level}"));
        }
        let members = line.as_object().unwrap().keys().filter(|name| !OF_THE_FORMAT.contains(&name.as_str()));
        let absent = members.filter(|name| !Regex::new(&format!(r"\b{name}\b")).unwrap().is_match(call));
        findings.extend(absent.map(|name| format!("traces.jsonl: {text:?} has no {name}")));
        if Regex::new(r"\bmessage =").unwrap().is_match(call) {
            findings.push(format!("the line {text:?} has the member `message` twice"));
        }
    }
    findings
}

/// Returns the logging call with this text, from its level on.
fn call<'a>(code: &'a str, text: &str) -> Option<&'a str> {
    let end = code.find(&format!("\"{text}\""))?;
    let start = code[..end].rfind("tracing::")?;
    Some(&code[start + "tracing::".len()..end])
}

#[test]
fn a_sample_that_the_app_does_not_write_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other), &samples()).len();
    assert_eq!(found("functions/reconcile_sweep/mod.rs", "containers listed", "containers counted"), 1);
    assert_eq!(found("functions/reconcile_sweep/mod.rs", "info!(listed", "warn!(listed"), 1);
    assert_eq!(found("functions/reconcile_sweep/mod.rs", "info!(listed, found", "info!(listed, fresh"), 1);
    assert_eq!(found("crates/pipeline/src/rescue.rs", "id = message.receipt", "message = message.receipt"), 1);
}
