//! Implements the policy language naively and slowly.

use domain::record::retention::Then;
use jiff::civil::Date;

use crate::retention::world::{AClass, APolicy, Known, Line, When};

/// Three-valued answer; `None` if unknown.
pub type NaiveVerdict = Option<bool>;

fn not(one: NaiveVerdict) -> NaiveVerdict {
    match one {
        Some(true) => Some(false),
        Some(false) => Some(true),
        None => None,
    }
}

fn and(one: NaiveVerdict, other: NaiveVerdict) -> NaiveVerdict {
    match (one, other) {
        (Some(true), Some(true)) => Some(true),
        (Some(true), None) => None,
        (Some(true), Some(false)) => Some(false),
        (None, Some(true)) => None,
        (None, None) => None,
        (None, Some(false)) => Some(false),
        (Some(false), Some(true)) => Some(false),
        (Some(false), None) => Some(false),
        (Some(false), Some(false)) => Some(false),
    }
}

fn or(one: NaiveVerdict, other: NaiveVerdict) -> NaiveVerdict {
    match (one, other) {
        (Some(true), Some(true)) => Some(true),
        (Some(true), None) => Some(true),
        (Some(true), Some(false)) => Some(true),
        (None, Some(true)) => Some(true),
        (None, None) => None,
        (None, Some(false)) => None,
        (Some(false), Some(true)) => Some(true),
        (Some(false), None) => None,
        (Some(false), Some(false)) => Some(false),
    }
}

/// Returns true if a text matches a pattern: tries every possible split.
pub fn fits(pattern: &str, text: &str, any_case: bool) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    parts_fit(&pattern, &text, any_case)
}

fn parts_fit(pattern: &[char], text: &[char], any_case: bool) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|taken| parts_fit(rest, &text[taken..], any_case)),
        ['?', rest @ ..] => !text.is_empty() && parts_fit(rest, &text[1..], any_case),
        [wanted, rest @ ..] => {
            let same = |is: char| {
                *wanted == is || any_case && wanted.to_lowercase().to_string() == is.to_lowercase().to_string()
            };
            text.first().is_some_and(|is| same(*is)) && parts_fit(rest, &text[1..], any_case)
        }
    }
}

fn line(line: &Line, known: &Known) -> NaiveVerdict {
    let any = |patterns: &[String], text: &str, any_case| patterns.iter().any(|pattern| fits(pattern, text, any_case));
    match line {
        Line::Machine(patterns) => Some(any(patterns, known.machine.as_ref()?, true)),
        Line::Person(patterns) => Some(any(patterns, known.person.as_ref()?, true)),
        Line::Tag(key, patterns) => {
            let tags = known.tags.as_ref()?;
            Some(tags.iter().any(|(is, value)| is == key && any(patterns, value, false)))
        }
        Line::Size { over, under } => {
            let size = known.size?;
            Some(over.is_none_or(|over| size > over) && under.is_none_or(|under| size < under))
        }
        Line::Minutes { over, under } => {
            let minutes = known.minutes?;
            Some(over.is_none_or(|over| minutes > over) && under.is_none_or(|under| minutes < under))
        }
        Line::Started { after, before } => {
            let at = known.started?;
            Some(after.is_none_or(|after| at >= after) && before.is_none_or(|before| at < before))
        }
        Line::Hours { from, to } => {
            let hour = (known.started? + 3600).div_euclid(3600).rem_euclid(24);
            // Hour by hour around the clock, from the first up to the second.
            let mut within = i64::from(*from);
            while within != i64::from(*to) {
                if within == hour {
                    return Some(true);
                }
                within = (within + 1) % 24;
            }
            Some(false)
        }
        Line::Days(days) => {
            // The first of January 1970 was a Thursday, the fourth day of the week.
            let day = (known.started? + 3600).div_euclid(86_400);
            let weekday = (day + 3).rem_euclid(7) + 1;
            Some(days.iter().any(|wanted| i64::from(*wanted) == weekday))
        }
    }
}

pub fn asked(when: &When, known: &Known) -> NaiveVerdict {
    match when {
        When::Line(of) => line(of, known),
        When::All(parts) => parts.iter().map(|part| asked(part, known)).fold(Some(true), and),
        When::Any(parts) => parts.iter().map(|part| asked(part, known)).fold(Some(false), or),
        When::Not(part) => not(asked(part, known)),
    }
}

/// Returns the date these months later, or the last valid day of that month; then adds the days one by one.
pub fn later(from: Date, (months, days): (i16, i32)) -> Date {
    let (mut year, mut month) = (from.year(), i16::from(from.month()));
    for _ in 0..months {
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    let mut day = from.day();
    let mut date = loop {
        match Date::new(year, i8::try_from(month).unwrap(), day) {
            Ok(date) => break date,
            Err(_) => day -= 1,
        }
    };
    for _ in 0..days {
        date = date.tomorrow().unwrap();
    }
    date
}

/// Resolution of a policy.
#[derive(Debug, PartialEq, Eq)]
pub struct Says {
    pub classes_that_retain_longest: Vec<String>,
    pub rules: Vec<String>,
    pub unknown: usize,
    pub retain_until: Date,
    pub delete_after: Option<Date>,
    pub then: Then,
}

pub fn resolve(policy: &APolicy, known: &Known, given: Option<&str>, day: Date) -> Says {
    let given_class = given.map(|name| policy.classes.iter().find(|class| class.name == name));
    let (mut rules, mut unknown) = (Vec::new(), 0);
    let mut classes: Vec<&AClass> = Vec::new();
    for rule in &policy.rules {
        // An assigned class precedes the rules, except those with `minimum`.
        if given.is_some() && !rule.minimum {
            continue;
        }
        match asked(&rule.when, known) {
            Some(true) => {
                rules.push(rule.name.clone());
                classes.push(&policy.classes[rule.class]);
            }
            None => unknown += 1,
            Some(false) => {}
        }
    }
    match given_class {
        Some(Some(class)) => classes.push(class),
        // A class removed from the policy: unknown.
        Some(None) => unknown += 1,
        None => {}
    }
    if classes.is_empty() {
        classes.push(&policy.classes[policy.default_class]);
    }
    let retains = |class: &&AClass| later(day, class.retain_for);
    let retain_until = classes.iter().map(retains).max().unwrap();
    let keeps = classes.iter().any(|class| class.then == Then::Keep);
    let reviews = classes.iter().any(|class| class.then == Then::Review);
    let shortest =
        classes.iter().filter(|class| class.then != Then::Keep).map(|class| later(day, class.delete_after)).min();
    let longest = classes.iter().filter(|class| retains(class) == retain_until).map(|class| class.name.clone());
    Says {
        classes_that_retain_longest: longest.collect(),
        rules,
        unknown,
        retain_until,
        delete_after: if keeps {
            None
        } else {
            shortest.map(|date| if date < retain_until { retain_until } else { date })
        },
        then: if keeps {
            Then::Keep
        } else if reviews {
            Then::Review
        } else {
            Then::Delete
        },
    }
}
