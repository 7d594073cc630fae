//! Rule: the queries of alerts, workbook and runbook match sample lines of the host and the app.

mod samples;

use regex_lite::Regex;
use serde_json::Value as Json;

use self::samples::{Sample, samples};
use crate::repository::Repository;
use crate::value::BicepValue;

const ALERTS: &str = "infra/modules/log-alerts.bicep";
const WORKBOOK: &str = "infra/workbook.json";
const PAGE: &str = "docs/operations.md";

/// Query over `AppTraces`, with the file that contains it.
struct Query {
    path: &'static str,
    text: String,
}

/// Checks that each condition and each expression of the queries has a sample line that it matches, and that the
/// samples are what the app writes.
pub fn check(repository: &Repository) -> Vec<String> {
    let samples = samples();
    let mut findings = samples::check(repository, &samples);
    for query in queries(repository) {
        let problems = [of_host_lines(&query.text, &samples), of_app_lines(&query.text, &samples)].concat();
        findings.extend(problems.into_iter().map(|what| format!("{}: {what}: {:?}", query.path, query.text)));
    }
    findings
}

fn queries(repository: &Repository) -> Vec<Query> {
    let mut queries: Vec<_> = alerts(repository).into_iter().map(|text| Query { path: ALERTS, text }).collect();
    let workbook = repository.json(WORKBOOK);
    let items = workbook["items"].as_array().into_iter().flatten();
    let texts = items.filter_map(|item| item["content"]["query"].as_str());
    queries.extend(texts.map(|text| Query { path: WORKBOOK, text: text.to_owned() }));
    let blocks = repository.file(PAGE).split("```kusto\n").skip(1).filter_map(|rest| rest.split("```").next());
    queries.extend(blocks.map(|text| Query { path: PAGE, text: text.to_owned() }));
    queries
}

/// Returns the queries of the alert rules with the values of their variables.
fn alerts(repository: &Repository) -> Vec<String> {
    let Some(template) = repository.template(ALERTS) else { return Vec::new() };
    let text = |variable: &str| template.variable(variable).and_then(|it| it.text("")).unwrap_or_default();
    let lines = template.variable("lines").cloned();
    let rules = template.variable("rules").map(|rules| rules.at("query")).unwrap_or_default();
    let texts = rules.into_iter().map(|query| match query {
        BicepValue::Plain(text) => text.clone(),
        BicepValue::Code(code) => code.trim_matches('\'').replace("\\'", "'").replace("${appLines}", text("appLines")),
        _ => String::new(),
    });
    let filled = texts.map(|query| {
        let name = Regex::new(r"\$\{lines\.(\w+)\}").unwrap();
        let value = |name: &str| lines.as_ref().and_then(|lines| lines.text(name)).unwrap_or_default().to_owned();
        name.replace_all(&query, |found: &regex_lite::Captures<'_>| value(&found[1])).into_owned()
    });
    filled.collect()
}

/// Checks conditions on `Message` and expressions that read it.
fn of_host_lines(query: &str, samples: &[Sample]) -> Vec<String> {
    let conditions = captures(query, r"\bMessage (startswith|contains) '([^']+)'");
    let holds = |sample: &Sample| {
        conditions.iter().all(|it| match it[0].as_str() {
            "startswith" => sample.message.starts_with(&it[1]),
            _ => sample.message.contains(&it[1]),
        })
    };
    let selected: Vec<&Sample> = samples.iter().filter(|sample| holds(sample)).collect();
    let mut problems = Vec::new();
    if selected.is_empty() {
        problems.push("no sample line meets its conditions".to_owned());
    }
    for expression in captures(query, r"extract\('([^']+)', 1, Message\)") {
        let pattern = Regex::new(&expression[0]).unwrap();
        let read = |sample: &&Sample| pattern.captures(&sample.message).is_some_and(|found| is_time(&found[1]));
        let unread = selected.iter().filter(|sample| !read(sample));
        problems.extend(unread.map(|sample| format!("{} does not match {:?}", expression[0], sample.message)));
        if conditions.is_empty() {
            problems.push("it selects every line of the host".to_owned());
        }
    }
    let categories = captures(query, r"Category\) == '([^']+)'");
    let unknown = categories.iter().filter(|it| samples.iter().all(|sample| sample.category != it[0]));
    problems.extend(unknown.map(|it| format!("no sample line has the category {}", it[0])));
    problems
}

/// Checks texts, levels and members of the app's lines.
fn of_app_lines(query: &str, samples: &[Sample]) -> Vec<String> {
    let compared = captures(query, r#"\bmessage\)? (?:==|in) (\([^)]*\)|"[^"]*"|'[^']*')"#);
    let texts: Vec<String> = compared.iter().flat_map(|it| quoted(&it[0])).collect();
    let lines: Vec<&Json> = samples.iter().filter_map(|sample| sample.line.as_ref()).collect();
    let mut problems = Vec::new();
    let unknown = texts.iter().filter(|text| lines.iter().all(|line| line["message"] != text.as_str()));
    problems.extend(unknown.map(|text| format!("no sample line is {text:?}")));
    let levels = captures(query, r"\blevel (?:==|in) (\([^)]*\)|'[^']*')");
    let levels = levels.iter().flat_map(|it| quoted(&it[0]));
    let unknown = levels.filter(|level| lines.iter().all(|line| line["level"] != level.as_str()));
    problems.extend(unknown.map(|level| format!("no sample line has the level {level}")));
    let is_selected = |line: &&&Json| texts.is_empty() || texts.iter().any(|text| line["message"] == text.as_str());
    let selected: Vec<_> = lines.iter().filter(is_selected).collect();
    for member in captures(query, r"\bline\.(\w+)") {
        if selected.iter().all(|line| line.get(&member[0]).is_none()) {
            problems.push(format!("no line that it selects has {}", member[0]));
        }
    }
    problems
}

fn captures(text: &str, pattern: &str) -> Vec<Vec<String>> {
    let pattern = Regex::new(pattern).unwrap();
    let found = pattern.captures_iter(text);
    found.map(|found| found.iter().skip(1).flatten().map(|part| part.as_str().to_owned()).collect()).collect()
}

/// Returns the quoted texts of a list.
fn quoted(list: &str) -> Vec<String> {
    captures(list, r#""([^"]*)"|'([^']*)'"#).into_iter().flatten().collect()
}

/// Accepts the form of the host, which `todatetime` reads.
fn is_time(text: &str) -> bool {
    Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$").unwrap().is_match(text)
}

#[test]
fn a_query_that_matches_no_line_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(ALERTS, "Insert(?:edOn|ionTime)", "InsertionTime"), 1);
    assert_eq!(found(WORKBOOK, "Insert(?:edOn|ionTime)", "InsertedOn"), 1);
    assert_eq!(found(ALERTS, "'DequeueCount: 1,", "'DequeueCount=1,"), 1);
    assert_eq!(found(WORKBOOK, "startswith 'Trigger Details: M", "startswith 'Trigger details: M"), 1);
    assert!(found(ALERTS, "'Host.Function.Console", "'Host.Console") >= 3);
    assert_eq!(found(ALERTS, "poisonStays: 'poison message stays", "poisonStays: 'poison stays"), 1);
    assert_eq!(found(ALERTS, "line.records", "line.record_count"), 1);
    assert_eq!(found(PAGE, "tostring(line.principal)", "tostring(line.person)"), 1);
    assert_eq!(found(PAGE, "where level == 'ERROR'", "where level == 'CRITICAL'"), 1);
    assert!(queries(&here).len() > 25);
}
