//! Rule: alert rules query existing log lines and existing timers.

use std::collections::BTreeSet;

use regex_lite::Regex;

use crate::repository::Repository;
use crate::value::BicepValue;

const ALERTS: &str = "infra/modules/log-alerts.bicep";

/// Condition for a landed recording: the line alone also reports deletions and tier changes.
const LANDED: &str = r"== \'${lines.applied}\' and tostring(line.what) == \'${lines.written}\')";

/// Condition for a silent timer: without any call in the window there is no time to compare with.
const SILENT: &str = "| where now() - coalesce(last, since) > silent'\n";

/// Checks that every timer is watched, and that every queried line occurs verbatim in the code.
pub fn check(repository: &Repository) -> Vec<String> {
    let Some(template) = repository.template(ALERTS) else {
        return vec![format!("{ALERTS} is missing")];
    };
    let functions = repository.functions();
    let timers =
        functions.iter().filter(|(_, binding)| binding["type"] == "timerTrigger").map(|(name, _)| name.as_str());
    let expected: BTreeSet<&str> = timers.collect();
    let watched: BTreeSet<&str> = template
        .variable("timers")
        .map(|timers| timers.at("name").into_iter().filter_map(|name| name.text("")).collect())
        .unwrap_or_default();
    let mut findings: Vec<_> =
        expected.difference(&watched).map(|name| format!("{ALERTS}: the timer of {name} is not watched")).collect();
    findings.extend(watched.difference(&expected).map(|name| format!("{ALERTS}: {name} has no timer")));
    let named = Regex::new(r"OperationName [!=]= \\'(\w+)\\'").unwrap();
    let named = named.captures_iter(&template.text).map(|found| found[1].to_owned());
    findings
        .extend(named.filter(|name| !functions.contains_key(name)).map(|name| format!("{ALERTS}: there is no {name}")));
    if !template.text.contains(LANDED) {
        findings.push(format!("{ALERTS}: a recording that is deleted or moved counts as one that landed"));
    }
    if !template.text.contains(SILENT)
        || template.variable("stateless").and_then(|it| it.text("")) != Some("silent-timers")
    {
        findings.push(format!("{ALERTS}: it fires before the first deployment, or reports a false recovery"));
    }
    let code: Vec<&String> =
        repository.files.iter().filter(|(path, _)| is_code_of_the_app(path)).map(|(_, text)| text).collect();
    let Some(BicepValue::Object(lines)) = template.variable("lines") else {
        return findings;
    };
    for line in lines.iter().filter_map(|(_, line)| line.text("")) {
        if !code.iter().any(|text| text.contains(&format!("\"{line}\""))) {
            findings.push(format!("{ALERTS}: the app never writes {line:?}"));
        }
    }
    findings
}

fn is_code_of_the_app(path: &str) -> bool {
    let is_rust = path.ends_with(".rs") && !path.contains("test");
    is_rust && (path.starts_with("functions/") || path.starts_with("src/") || path.contains("/src/"))
}

#[test]
fn an_alert_that_cannot_fire_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(ALERTS, "'event applied'", "'event was applied'"), 1);
    assert_eq!(found(ALERTS, "written: 'written'", "written: 'wrote'"), 1);
    assert_eq!(found(ALERTS, r" and tostring(line.what) == \'${lines.written}\'", ""), 1);
    assert_eq!(found(ALERTS, "coalesce(last, since)", "coalesce(last, since, ago(2d))"), 1);
    assert_eq!(found(ALERTS, "stateless = 'silent-timers'", "stateless = 'old-messages'"), 1);
    assert_eq!(found(ALERTS, "name: 'join_sweep'", "name: 'joint_sweep'"), 2);
    assert_eq!(found(ALERTS, "!= \\'notification_delivery", "!= \\'notifications_delivery"), 1);
    assert_eq!(found("functions/join_sweep/function.json", "timerTrigger", "queueTrigger"), 1);
}
