//! Rule: the runbook explains every alert, and its queries refer to existing log lines.

use regex_lite::Regex;

use crate::repository::Repository;
use crate::template::Template;

const PAGE: &str = "docs/operations.md";

/// Pages that name a deployment as a remedy, with the number of places where it is not one.
const RESTORING: [(&str, usize); 2] = [(PAGE, 1), ("docs/doctor.md", 0)];

/// Command of the remedy: azd skips a deployment whose templates and parameters are the last ones.
const RESTORE: &str = "azd provision --no-state";

/// Checks that every alert rule has a heading, that every queried line occurs in the code, and that remedies are commands
/// with an effect.
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
    for (page, others) in RESTORING {
        let text = repository.file(page);
        if text.matches("azd provision").count() != text.matches(RESTORE).count() + others {
            findings.push(format!("{page}: azd provision restores nothing without --no-state"));
        }
    }
    let section = page.split("## Rotate\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    if section.matches("restart").count()
        != section.matches("[refresh](../infra/README.md#channel-secrets) and restart").count()
    {
        findings.push(format!("{PAGE}: a restart alone keeps the old value of a secret"));
    }
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

#[test]
fn a_remedy_without_effect_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(PAGE, RESTORE, "azd provision"), 1);
    assert_eq!(found("docs/doctor.md", RESTORE, "azd provision"), 1);
    assert_eq!(
        found(PAGE, "[refresh](../infra/README.md#channel-secrets) and restart the app: both", "restart the app: both"),
        1
    );
}
