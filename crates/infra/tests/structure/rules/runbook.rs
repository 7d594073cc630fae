//! Rule: the runbook explains every alert, and its queries refer to existing log lines.

use regex_lite::Regex;

use crate::repository::Repository;
use crate::template::Template;

const PAGE: &str = "docs/operations.md";

/// Checks that every alert rule has a heading, and that every queried line occurs in the code.
pub fn check(repository: &Repository) -> Vec<String> {
    let page = repository.file(PAGE);
    let alerts = repository.templates.iter().flat_map(|template| alerts(template));
    let untold = alerts.filter(|alert| !page.lines().any(|line| line == format!("### `{alert}`")));
    let mut findings: Vec<_> = untold.map(|alert| format!("{PAGE}: no heading \"### `{alert}`\"")).collect();
    findings.extend(
        lines(page)
            .into_iter()
            .filter(|line| !is_written(repository, line))
            .map(|line| format!("{PAGE}: the app never writes {line:?}")),
    );
    findings
}

/// Returns the names of a template's alerts: log rules, metric rules and budgets.
fn alerts(template: &Template) -> Vec<String> {
    let has = |form: &str| template.text.contains(&format!("'{form}@"));
    let mut alerts = Vec::new();
    if has("Microsoft.Insights/scheduledQueryRules") {
        let rules = template.variable("rules").map(|rules| rules.at("name")).unwrap_or_default();
        alerts.extend(rules.into_iter().filter_map(|name| name.text("")).map(|name| format!("archivist-{name}")));
    }
    if has("Microsoft.Insights/metricAlerts") {
        let metrics = Regex::new(r"for metric in \[([^\]]*)\]").unwrap();
        let metrics = metrics.captures(&template.text).map(|found| found[1].to_lowercase()).unwrap_or_default();
        alerts.extend(metrics.split(',').map(|metric| format!("archivist-{}", metric.trim().trim_matches('\''))));
    }
    if has("Microsoft.Consumption/budgets") {
        alerts.push("budget".to_owned());
    }
    alerts
}

/// Returns the lines compared in queries: texts in double quotes after `message`.
fn lines(page: &str) -> Vec<&str> {
    let queries = page.split("```kusto\n").skip(1).filter_map(|rest| rest.split("```").next());
    let compared = queries.flat_map(str::lines).filter(|line| line.contains("message"));
    compared.flat_map(|line| line.split('"').skip(1).step_by(2)).collect()
}

fn is_written(repository: &Repository, line: &str) -> bool {
    let code = repository.files.iter().filter(|(path, _)| path.ends_with(".rs") && !path.contains("test"));
    code.into_iter().any(|(_, text)| text.contains(&format!("\"{line}\"")))
}

#[test]
fn an_alert_missing_from_the_runbook_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found("infra/modules/log-alerts.bicep", "'silent-timers'", "'silent-clocks'"), 1);
    assert_eq!(found("infra/modules/dead-letter-alert.bicep", "'DroppedEventCount'", "'DroppedEvents'"), 1);
    assert_eq!(found(PAGE, "### `budget`", "### Money"), 1);
    assert_eq!(found(PAGE, "### `archivist-old-messages`", "### Old messages"), 1);
}

#[test]
fn a_query_for_an_unwritten_log_line_is_found() {
    let here = Repository::here();
    assert_eq!(check(&here.with(PAGE, "message == \"catalogue read\"", "message == \"catalog read\"")).len(), 1);
    assert!(lines(here.file(PAGE)).len() > 8);
}
