//! Rule: the workbook is valid and queries only existing log lines, functions and metrics.

use std::collections::BTreeSet;

use regex_lite::Regex;
use serde_json::Value;

use crate::repository::Repository;

const WORKBOOK: &str = "infra/workbook.json";
const PAGE: &str = "docs/operations.md";
const NAMES: &str = "crates/telemetry/src/names.rs";

/// Allowed beginnings of a query.
const TABLES: [&str; 4] = ["AppTraces", "AppRequests", "AppMetrics", "let lines = AppTraces"];

/// Checks the form, the tables of the queries, and the lines and metrics they compare with; also that the runbook
/// names the workbook.
pub fn check(repository: &Repository) -> Vec<String> {
    let workbook = repository.json(WORKBOOK);
    let mut findings = Vec::new();
    let mut finding = |what: String| findings.push(format!("{WORKBOOK}: {what}"));
    if workbook["version"] != "Notebook/1.0" {
        finding("it is not a workbook".to_owned());
    }
    let items = workbook["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names: BTreeSet<&str> = items.iter().filter_map(|item| item["name"].as_str()).collect();
    if names.len() != items.len() {
        finding("an item has no name of its own".to_owned());
    }
    for query in queries(items) {
        if !TABLES.iter().any(|table| query.starts_with(table)) {
            finding(format!("a query reads a table that is not ours: {query:?}"));
        }
        for line in compared(query, r#"message (?:==|in) \(?("[^)|]*")"#).iter().flat_map(|texts| quoted(texts)) {
            if !stands_in(repository, &line) {
                finding(format!("the app never writes {line:?}"));
            }
        }
        for metric in compared(query, "Name == '([^']+)'") {
            if !repository.file(NAMES).contains(&format!("\"{metric}\"")) {
                finding(format!("there is no metric {metric}"));
            }
        }
        for function in compared(query, "OperationName [!=]= '([^']+)'") {
            if !repository.functions().contains_key(&function) {
                finding(format!("there is no function {function}"));
            }
        }
    }
    if !repository.file(PAGE).contains("infra/workbook.json") {
        findings.push(format!("{PAGE}: it does not name {WORKBOOK}"));
    }
    findings
}

fn queries(items: &[Value]) -> impl Iterator<Item = &str> {
    items.iter().filter(|item| item["type"] == 3).filter_map(|item| item["content"]["query"].as_str())
}

fn compared(query: &str, pattern: &str) -> Vec<String> {
    Regex::new(pattern).unwrap().captures_iter(query).map(|found| found[1].to_owned()).collect()
}

fn quoted(texts: &str) -> Vec<String> {
    texts.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn stands_in(repository: &Repository, line: &str) -> bool {
    let code = repository.files.iter().filter(|(path, _)| path.ends_with(".rs") && !path.contains("test"));
    code.into_iter().any(|(_, text)| text.contains(&format!("\"{line}\"")))
}

#[test]
fn a_workbook_query_for_missing_data_is_found() {
    let here = Repository::here();
    let found = |text: &str, other: &str| check(&here.with(WORKBOOK, text, other)).len();
    assert_eq!(found("Notebook/1.0", "Notes/1.0"), 1);
    assert_eq!(found("\"AppRequests", "\"Requests"), 1);
    assert_eq!(found("containers listed", "containers counted"), 1);
    assert_eq!(found("'archivist.outcomes'", "'archivist.endings'"), 1);
    assert_eq!(found("!= 'notification_delivery'", "!= 'notifications'"), 1);
    assert_eq!(found("\"name\": \"aside\"", "\"name\": \"undone\""), 1);
    assert_eq!(check(&here.with(PAGE, "infra/workbook.json", "infra/book.json")).len(), 1);
}
