//! Describes conditions and facts in words.

use jiff::civil::Weekday;

use super::{Condition, ConditionResult, Facts, Network, Pattern, Range, Test, TextFact};

/// One line of a matcher with its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatcherLine {
    /// Nesting depth within `any`, `all` and `not`.
    pub depth: usize,
    /// Test, worded as in the configuration.
    pub asked: String,
    /// Result of the test.
    pub answer: ConditionResult,
    /// Value of the fact. `None` if unknown, or for a line with parts.
    pub fact: Option<String>,
    /// True if the condition has parts.
    pub has_parts: bool,
}

/// Lists the lines of a matcher with their results, in order of evaluation.
pub fn lines(condition: &Condition, facts: &Facts<'_>) -> Vec<MatcherLine> {
    let mut lines = Vec::new();
    match condition {
        // The top-level tests of a matcher are listed side by side, without `all of:`.
        Condition::All(parts) => parts.iter().for_each(|part| add(part, facts, 0, &mut lines)),
        single => add(single, facts, 0, &mut lines),
    }
    lines
}

fn add(condition: &Condition, facts: &Facts<'_>, depth: usize, lines: &mut Vec<MatcherLine>) {
    let answer = condition.asked(facts);
    let (asked, parts) = match condition {
        Condition::Is(test) => {
            let asked = format!("{}: {}", test.fact(), wanted(test));
            return lines.push(MatcherLine { depth, asked, answer, fact: fact(test, facts), has_parts: false });
        }
        Condition::All(parts) => ("all of:", parts.as_slice()),
        Condition::Any(parts) => ("any of:", parts.as_slice()),
        Condition::Not(part) => ("not:", std::slice::from_ref(&**part)),
    };
    lines.push(MatcherLine { depth, asked: asked.to_owned(), answer, fact: None, has_parts: true });
    for part in parts {
        add(part, facts, depth + 1, lines);
    }
}

/// Describes the values that pass a test.
fn wanted(test: &Test) -> String {
    let patterns = |of: &[Pattern]| joined(of.iter().map(Pattern::text));
    let networks = |of: &[Network]| joined(of.iter().map(|network| network.text()));
    match test {
        Test::Text(_, of) | Test::Tag(_, of) => patterns(of),
        Test::ClientIp(of) | Test::TargetIp(of) => networks(of),
        Test::Duration(range) => bounds(range, "over", "under"),
        Test::Size(range) => bounds(range, "over", "under"),
        Test::Started(range) => bounds(range, "at", "before"),
        Test::TimeOfDay(clocked) => {
            let zone = clocked.zone.iana_name().unwrap_or("UTC");
            format!("{} to {} in {zone}", clocked.from.strftime("%H:%M"), clocked.to.strftime("%H:%M"))
        }
        Test::Weekday(weekdays) => {
            let zone = weekdays.zone.iana_name().unwrap_or("UTC");
            format!("{} in {zone}", joined(weekdays.days.iter().map(|day| short(*day).to_owned())))
        }
        Test::Event(events) => joined(events.iter().map(|event| event.name().to_owned())),
        Test::Severity(severities) => joined(severities.iter().map(|severity| severity.name().to_owned())),
        Test::Held(wanted) | Test::OwnSession(wanted) | Test::FirstUse(wanted) | Test::AfterFailedLogins(wanted) => {
            wanted.to_string()
        }
    }
}

/// Describes the value of a fact. Returns `None` if unknown.
fn fact(test: &Test, facts: &Facts<'_>) -> Option<String> {
    match test {
        Test::Text(TextFact::Machine, _) => {
            facts.machine.map(str::to_owned).or_else(|| facts.target_ip.map(|address| address.to_string()))
        }
        Test::Text(which, _) => facts.text(*which).map(str::to_owned),
        Test::Tag(key, _) => {
            facts.tags.map(|tags| tags.0.get(key).map_or_else(|| "no such tag".to_owned(), Clone::clone))
        }
        Test::ClientIp(_) => facts.client_ip.map(|address| address.to_string()),
        Test::TargetIp(_) => facts.target_ip.map(|address| address.to_string()),
        Test::Duration(_) => facts.duration.map(|duration| duration.to_string()),
        Test::Size(_) => facts.size.map(|size| format!("{size} bytes")),
        Test::Started(_) => facts.started.map(|at| at.to_string()),
        Test::TimeOfDay(clocked) => {
            facts.started.map(|at| clocked.zone.to_datetime(at).time().strftime("%H:%M:%S").to_string())
        }
        Test::Weekday(weekdays) => facts.started.map(|at| short(weekdays.zone.to_datetime(at).weekday()).to_owned()),
        Test::Event(_) => facts.event.map(|event| event.name().to_owned()),
        Test::Severity(_) => facts.severity.map(|severity| severity.name().to_owned()),
        Test::Held(_) => facts.held.map(|held| held.to_string()),
        Test::OwnSession(_) => facts.own_session.map(|is_own| is_own.to_string()),
        Test::FirstUse(_) => facts.first_use.map(|is_first| is_first.to_string()),
        Test::AfterFailedLogins(_) => facts.after_failed_logins.map(|is_after| is_after.to_string()),
    }
}

fn joined(of: impl Iterator<Item = String>) -> String {
    of.collect::<Vec<_>>().join(" or ")
}

fn bounds<T: ToString>(range: &Range<T>, lower: &str, upper: &str) -> String {
    let bound = |word: &str, of: &Option<T>| of.as_ref().map(|bound| format!("{word} {}", bound.to_string()));
    let later = if lower == "at" { " or later" } else { "" };
    let lower = bound(lower, &range.over).map(|text| text + later);
    [lower, bound(upper, &range.under)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn short(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}
