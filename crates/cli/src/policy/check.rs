//! `archivist policy check`.

use std::io::Write;

use configuration::facts::{clock_name, executor_name};
use configuration::{Configuration, Problem};
use domain::address::Printable;
use domain::policy::retention::Policy;
use pipeline::configuration::digest;
use serde_json::{Value, json};

use super::{PolicyCheckArgs, PolicyContext};
use crate::output::json;
use crate::{CliError, Exit};

pub(super) fn run(args: &PolicyCheckArgs, context: &mut PolicyContext<'_>) -> Result<Exit, CliError> {
    let (name, checked) = match context.file {
        Some((name, text)) => {
            let checked = configuration::check(name, text, context.place, context.app_setting);
            let problems = checked.configuration.map_err(|problems| problems.problems);
            (name, (problems, checked.warnings))
        }
        None => ("archivist.yaml", (Ok(context.default.clone()), Vec::new())),
    };
    let (configuration, warnings) = checked;
    let problems = configuration.as_ref().err().map_or(&[][..], Vec::as_slice);
    let configuration = configuration.as_ref().ok();
    let digest = context.file.map(|(_, text)| digest(text));
    if args.json {
        let policy = configuration.and_then(|it| it.retention.as_ref()).map(view);
        let list = |of: &[Problem]| of.iter().map(finding).collect::<Vec<_>>();
        let view = json!({
            "digest": digest, "problems": list(problems), "warnings": list(&warnings), "policy": policy,
        });
        json::write_line(&mut *context.out, &view)?;
    } else {
        for (kind, of) in [("error", problems), ("warning", &warnings)] {
            for Problem { line, path, what, remedy, .. } in of {
                let (name, path, what) = (Printable(name), Printable(path), Printable(what));
                let place = if path.0.is_empty() { "" } else { ": " };
                writeln!(context.out, "{kind}: {name}:{line}{place}{path}: {what}; {remedy}")?;
            }
        }
        if let Some(configuration) = configuration {
            write_summary(context.err, configuration)?;
            if let Some(digest) = digest {
                writeln!(context.err, "configuration {digest}")?;
            }
        }
    }
    Ok(match (problems.is_empty(), warnings.is_empty()) {
        (false, _) => Exit::WrongUse,
        (true, false) => Exit::Findings,
        (true, true) => Exit::Done,
    })
}

fn write_summary(err: &mut dyn Write, configuration: &Configuration) -> Result<(), CliError> {
    let Some(policy) = &configuration.retention else {
        return Ok(writeln!(err, "there is no section retention: nothing ever expires")?);
    };
    let (classes, rules) = (policy.classes.len(), policy.rules.len());
    let enforced = if policy.enforce { "enforced" } else { "not enforced: nothing is deleted" };
    let digest = &policy.digest.0;
    let of = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let (classes, rules) = (of(classes, "class", "classes"), of(rules, "rule", "rules"));
    Ok(writeln!(err, "{classes}, {rules}, {enforced}\npolicy {digest}")?)
}

fn finding(of: &Problem) -> Value {
    json!({ "line": of.line, "column": of.column, "path": of.path, "what": of.what, "remedy": of.remedy })
}

fn view(policy: &Policy) -> Value {
    let class = |at: usize| policy.classes.get(at).map(|class| class.name.as_str());
    json!({
        "digest": policy.digest.0,
        "clock": clock_name(policy.starts_at),
        "default_class": class(policy.default_class),
        "classes": policy.classes.iter().map(|class| json!({
            "name": class.name,
            "retain_for": class.retain_for.to_string(),
            "delete_after": class.delete_after.map(|period| period.to_string()),
            "then": class.then.name(),
        })).collect::<Vec<_>>(),
        "rules": policy.rules.iter().map(|rule| json!({
            "name": rule.name, "class": class(rule.class), "minimum": rule.minimum,
        })).collect::<Vec<_>>(),
        "grace": policy.grace.to_string(),
        "enforce": policy.enforce,
        "executor": executor_name(policy.executor),
    })
}
