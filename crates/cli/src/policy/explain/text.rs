//! Text form of an explanation.

use std::io::{self, Write};

use domain::policy::matcher::{ConditionResult, MatcherLine};
use domain::policy::retention::{AskedRule, EffectiveClass, Explanation, RetentionVerdict, may_go_on_until};
use domain::record::retention::{Executor, Retention, Then};
use jiff::civil::Date;

use super::Catalogued;
use crate::output::human;
use crate::output::section::section;

/// The explained recording.
pub(super) struct Subject<'e> {
    pub counted_from: Date,
    /// Describes `counted_from`.
    pub counted_by: &'static str,
    pub catalogued: Catalogued<'e>,
}

pub(super) fn write(out: &mut dyn Write, of: &Explanation<'_>, subject: &Subject<'_>) -> io::Result<()> {
    if let Some((entry, _)) = subject.catalogued {
        writeln!(out, "{}  {}", entry.id, human::text(entry.address.name.as_str()))?;
    }
    writeln!(out, "policy {}", of.policy.digest.0)?;
    if of.rules.is_empty() {
        writeln!(out, "\nThe policy has no rules")?;
    }
    for (at, rule) in of.rules.iter().enumerate() {
        let heading =
            format!("Rule {} of {}: {} -> class {}", at + 1, of.rules.len(), human::text(rule.name), rule.class);
        section(out, &heading, rule_lines(rule))?;
    }
    section(out, "Decision", decision(of, subject))?;
    if let Some((entry, now)) = subject.catalogued {
        section(out, "Legal holds", holds(entry))?;
        section(
            out,
            "In the catalogue",
            catalogued(entry.custody.retention.as_ref(), of, RetentionVerdict::from_entry(entry, now)),
        )?;
    }
    section(out, "What happens", what_happens(of, subject))
}

fn rule_lines(rule: &AskedRule<'_>) -> Vec<String> {
    let mut lines: Vec<String> = rule.lines.iter().map(line).collect();
    let because = match rule.deciding() {
        Some(MatcherLine { asked, has_parts: true, answer, .. }) => {
            format!(", because {:?} is {}", asked.trim_end_matches(':'), answer.name())
        }
        Some(MatcherLine { asked, fact: Some(_), .. }) => format!(", because of {}", human::text(asked)),
        Some(MatcherLine { asked, .. }) => format!(", because {} is not known", fact_name(asked)),
        None => String::new(),
    };
    let answer = match rule.answer {
        ConditionResult::True => "it matches".to_owned(),
        ConditionResult::False => format!("it does not match{because}"),
        ConditionResult::Unknown => format!("it is unknown whether it matches{because}"),
    };
    let counts = if rule.counts {
        ""
    } else {
        "; it does not count, because a person has given a class"
    };
    lines.push(format!("=> {answer}{counts}"));
    lines
}

fn line(line: &MatcherLine) -> String {
    let MatcherLine { depth, asked, answer, fact, has_parts } = line;
    let indent = "  ".repeat(*depth);
    let fact = match fact {
        _ if *has_parts => String::new(),
        Some(fact) => format!("  (it is {})", human::text(fact)),
        None => "  (it is not known)".to_owned(),
    };
    format!("{:<7}  {indent}{}{fact}", answer.name(), human::text(asked))
}

fn decision(of: &Explanation<'_>, subject: &Subject<'_>) -> Vec<String> {
    let mut lines = vec![row("counted from", &subject.counted_from.to_string(), subject.counted_by)];
    for counted in &of.classes {
        lines.push(row(
            "class",
            &counted.class.name,
            &format!("{}: {}", human::text(&counted.given_by), periods(counted)),
        ));
    }
    let several = of.classes.len() > 1;
    let (longest, shortest, careful) = if several {
        ("the longest: ", "the shortest: ", ", the most careful")
    } else {
        ("", "", "")
    };
    let sum = |period: String, class: &str| format!("{} + {period} (class {class})", subject.counted_from);
    if let Some(by) = of.retaining() {
        let why = format!("{longest}{}", sum(by.class.retain_for.to_string(), &by.class.name));
        lines.push(row("retain until", &of.promised.retain_until.to_string(), &why));
    }
    lines.push(match (of.promised.delete_after, of.ending()) {
        (Some(last), Some(by)) => {
            let sum = by.class.delete_after.map(|period| sum(period.to_string(), &by.class.name)).unwrap_or_default();
            let raised = match by.delete_after {
                Some(date) if date < last => format!(" = {date}, raised to retain until"),
                _ => String::new(),
            };
            row("delete after", &last.to_string(), &format!("{shortest}{sum}{raised}"))
        }
        _ => row("delete after", "never", "kept recordings are not deleted"),
    });
    if let Some(by) = of.careful() {
        lines.push(row("then", of.promised.then.name(), &format!("class {}{careful}", by.class.name)));
    }
    lines
}

/// Returns the name of the fact in a line.
fn fact_name(asked: &str) -> &str {
    asked.split(": ").next().unwrap_or(asked)
}

fn row(name: &str, value: &str, why: &str) -> String {
    format!("{name:<12}  {:<10}  {why}", human::text(value)).trim_end().to_owned()
}

fn periods(counted: &EffectiveClass<'_>) -> String {
    let class = counted.class;
    let delete_after = class.delete_after.map(|period| format!(", delete after {period}")).unwrap_or_default();
    format!("retain for {}{delete_after}, then {}", class.retain_for, class.then.name())
}

fn holds(entry: &domain::record::catalogue::Entry) -> Vec<String> {
    if !entry.custody.is_held() {
        return vec!["none".to_owned()];
    }
    let certain = |is_certain| if is_certain { "" } else { ", as long as it cannot be ruled out" };
    let hold = |held: &domain::record::hold::CarriedHold| {
        format!("case {} since {}{}", human::text(&held.case), held.since, certain(held.is_certain))
    };
    let by_tag = |hold: &domain::record::retention::ForeignHold| {
        format!("a foreign tag, value {}, since {}", human::text(&hold.value), hold.since)
    };
    entry.custody.holds.iter().map(hold).chain(entry.custody.foreign_hold.iter().map(by_tag)).collect()
}

/// Retention in the entry, with a note if today's policy decides otherwise.
fn catalogued(promised: Option<&Retention>, of: &Explanation<'_>, verdict: RetentionVerdict) -> Vec<String> {
    let Some(promised) = promised else {
        return vec!["not decided yet: the recording is not final".to_owned()];
    };
    let never = promised.delete_after.map_or_else(|| "never".to_owned(), |date| date.to_string());
    let mut lines = vec![
        format!(
            "class {}, retain until {}, delete after {never}, then {}",
            human::text(&promised.class),
            promised.retain_until,
            promised.then.name()
        ),
        format!("verdict today: {}", verdict.name()),
    ];
    let of = &of.promised;
    if (promised.retain_until, promised.delete_after, promised.then) != (of.retain_until, of.delete_after, of.then) {
        lines.push(
            "today's policy decides otherwise: retention is lengthened automatically, and shortened by a person only"
                .to_owned(),
        );
    }
    lines
}

fn what_happens(of: &Explanation<'_>, subject: &Subject<'_>) -> Vec<String> {
    let mut lines = vec![format!("It must not be deleted up to and including {}.", of.promised.retain_until)];
    if !of.promised.unknown.is_empty() {
        lines.extend(why_unknown(of).into_iter().map(|why| format!("It stays after that too: {why}.")));
        return lines;
    }
    if subject.catalogued.is_some_and(|(entry, _)| entry.custody.is_held()) {
        lines.push("It stays while it is held, whatever the dates.".to_owned());
        return lines;
    }
    let Some(due) = of.due() else {
        lines.push("It stays after that too: its class keeps it.".to_owned());
        return lines;
    };
    if let Some((entry, now)) = subject.catalogued
        && let Some(until) = may_go_on_until(entry).filter(|until| now < *until)
    {
        lines.push(format!("Its session may still go on, so it stays until {until} or the end of the session."));
    }
    let policy = of.policy;
    let then = match (of.promised.then, policy.executor) {
        (Then::Review, _) => "it waits until a person approves its deletion",
        (_, Executor::Archivist) => "the archivist deletes it",
        (_, Executor::Lifecycle) => "the archivist tags it as due, and the platform's rule deletes it within days",
    };
    lines.push(format!("From {due} on it is due: people are warned for {}, then {then}.", policy.grace));
    if !policy.enforce {
        lines.push(
            "But the policy is not enforced: nothing is deleted until the configuration has `enforce: true`."
                .to_owned(),
        );
    }
    lines
}

/// Reasons why the retention period is unknown.
fn why_unknown(of: &Explanation<'_>) -> Vec<String> {
    let gone = of
        .gone_class
        .map(|class| format!("a person gave it the class {:?}, which the policy no longer has", human::text(class)));
    let rules: Vec<String> = of.open_rules().map(|rule| format!("{:?}", human::text(rule.name))).collect();
    let facts: Vec<&str> = of.missing_facts().into_iter().collect();
    let (verb, are) = (if rules.len() == 1 { "matches" } else { "match" }, if facts.len() == 1 { "is" } else { "are" });
    let open = (!rules.is_empty()).then(|| {
        format!("it is unknown whether {} {verb}, because {} {are} not known", rules.join(", "), facts.join(", "))
    });
    gone.into_iter().chain(open).collect()
}
