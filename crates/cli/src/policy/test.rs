//! `archivist policy test`.

use std::io::Write;

use configuration::facts::{Assertion, Expectation, clock_name, read_assertions};
use domain::address::Printable;
use domain::policy::retention::{Policy, resolve};
use domain::record::retention::Retention;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{PolicyContext, TestArgs};
use crate::output::json;
use crate::{CliError, Exit};

pub(super) fn run(args: &TestArgs, context: &mut PolicyContext<'_>) -> Result<Exit, CliError> {
    let configuration = context.configuration()?;
    let policy = PolicyContext::policy(&configuration)?;
    let (file, text) = context.read(&args.file)?;
    let assertions = read_assertions(&file, &text).map_err(|problems| CliError::Problems(problems.to_string()))?;
    let failed: Vec<(&Assertion, Vec<Difference>)> = assertions
        .iter()
        .map(|assertion| (assertion, differences(policy, assertion)))
        .filter(|(_, differences)| !differences.is_empty())
        .collect();
    let passed = assertions.len() - failed.len();
    if args.json {
        let failed: Vec<Value> = failed.iter().map(|(assertion, differences)| view(assertion, differences)).collect();
        json::write_line(&mut *context.out, &json!({ "passed": passed, "failed": failed }))?;
    } else {
        write_failed(context.out, &file, &failed)?;
        context.out.flush()?;
        writeln!(context.err, "{passed} of {} hold", assertions.len())?;
    }
    Ok(if failed.is_empty() { Exit::Done } else { Exit::Findings })
}

fn write_failed(out: &mut dyn Write, file: &str, failed: &[(&Assertion, Vec<Difference>)]) -> Result<(), CliError> {
    for (assertion, differences) in failed {
        writeln!(out, "{}:{}: {}", Printable(file), assertion.line, Printable(&assertion.name))?;
        for Difference { what, expected, is } in differences {
            writeln!(out, "  {what:<12}  expected  {}", Printable(expected))?;
            writeln!(out, "  {:<12}  is        {}", "", Printable(is))?;
        }
    }
    Ok(())
}

/// A value that differs from the expectation.
struct Difference {
    what: &'static str,
    expected: String,
    is: String,
}

fn differences(policy: &Policy, Assertion { facts, expect, .. }: &Assertion) -> Vec<Difference> {
    let Some(day) = facts.day(policy.starts_at) else {
        let needed = if clock_name(policy.starts_at) == "created" { "created" } else { "ended" };
        let is =
            format!("not known: periods count from {}, so the facts need `{needed}`", clock_name(policy.starts_at));
        return vec![Difference {
            what: "class",
            expected: expect.class.clone().unwrap_or_else(|| "any".to_owned()),
            is,
        }];
    };
    compare(expect, &resolve(policy, &facts.facts(), facts.class.as_deref(), day).keep())
}

fn compare(expect: &Expectation, is: &Retention) -> Vec<Difference> {
    let never = |date: Option<Date>| date.map_or_else(|| "never".to_owned(), |date| date.to_string());
    let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let of = |what, expected: Option<String>, is: String| Some(Difference { what, expected: expected?, is });
    let all = [
        of("class", expect.class.clone(), is.class.clone()),
        of("retain_until", expect.retain_until.map(|date| date.to_string()), is.retain_until.to_string()),
        of("delete_after", expect.delete_after.map(never), never(is.delete_after)),
        of("then", expect.then.map(|then| then.name().to_owned()), is.then.name().to_owned()),
        of("rules", expect.rules.as_deref().map(list), list(&is.rules)),
        of("unknown", Some(list(&expect.unknown)), list(&is.unknown)),
    ];
    all.into_iter().flatten().filter(|difference| difference.expected != difference.is).collect()
}

fn view(assertion: &Assertion, differences: &[Difference]) -> Value {
    let differences = differences.iter().map(|it| json!({ "what": it.what, "expected": it.expected, "is": it.is }));
    json!({ "line": assertion.line, "name": assertion.name, "differences": differences.collect::<Vec<_>>() })
}
