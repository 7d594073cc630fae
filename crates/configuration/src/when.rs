//! Converts `when` to a condition.

use domain::policy::matcher::{Clocked, Condition, Pattern, Range, Test, TextFact, Weekdays};
use jiff::tz::TimeZone;

use crate::document::{Bytes, StartedDocument, TimeOfDayDocument, WhenDocument};
use crate::fault::TextProblem;
use crate::texts;

/// Converts `when`. Dates and times of day are in `zone`.
pub fn condition(when: &WhenDocument, zone: &TimeZone) -> Result<Condition, TextProblem> {
    let mut lines = texts_of(when);
    if let Some(networks) = &when.client_ip {
        lines.push(Test::ClientIp(each(networks.values(), texts::network)?));
    }
    if let Some(networks) = &when.target_ip {
        lines.push(Test::TargetIp(each(networks.values(), texts::network)?));
    }
    if let Some(range) = &when.duration {
        let read = |text: &Option<String>| text.as_deref().map(texts::duration).transpose();
        lines.push(Test::Duration(Range { over: read(&range.over)?, under: read(&range.under)? }));
    }
    if let Some(range) = &when.size {
        let read = |bytes: &Option<Bytes>| bytes.as_ref().map(Bytes::count).transpose();
        lines.push(Test::Size(Range { over: read(&range.over)?, under: read(&range.under)? }));
    }
    if let Some(StartedDocument { after, before }) = &when.started {
        let read = |text: &Option<String>| text.as_deref().map(|text| texts::date_or_time(text, zone)).transpose();
        lines.push(Test::Started(Range { over: read(after)?, under: read(before)? }));
    }
    if let Some(TimeOfDayDocument { from, to }) = &when.time_of_day {
        let (from, to) = (texts::time_of_day(from)?, texts::time_of_day(to)?);
        lines.push(Test::TimeOfDay(Clocked { from, to, zone: zone.clone() }));
    }
    if let Some(days) = &when.weekday {
        let days = each(days.values(), texts::weekday)?;
        lines.push(Test::Weekday(Weekdays { days, zone: zone.clone() }));
    }
    if let Some(events) = &when.event {
        lines.push(Test::Event(each(events.values(), texts::event)?));
    }
    if let Some(severities) = &when.severity {
        lines.push(Test::Severity(each(severities.values(), texts::severity)?));
    }
    lines.extend(when.held.map(Test::Held));
    lines.extend(when.own_session.map(Test::OwnSession));
    lines.extend(when.first_use.map(Test::FirstUse));
    lines.extend(when.after_failed_logins.map(Test::AfterFailedLogins));
    let mut lines: Vec<Condition> = lines.into_iter().map(Condition::Is).collect();
    let several = |parts: &[WhenDocument]| parts.iter().map(|part| condition(part, zone)).collect::<Result<_, _>>();
    if let Some(parts) = &when.any {
        lines.push(Condition::Any(several(parts)?));
    }
    if let Some(parts) = &when.all {
        lines.push(Condition::All(several(parts)?));
    }
    if let Some(part) = &when.not {
        lines.push(Condition::Not(Box::new(condition(part, zone)?)));
    }
    Ok(if lines.len() == 1 { lines.remove(0) } else { Condition::All(lines) })
}

/// Returns the tests of texts against patterns.
fn texts_of(when: &WhenDocument) -> Vec<Test> {
    let named = [
        (TextFact::Person, &when.person),
        (TextFact::Account, &when.account),
        (TextFact::Machine, &when.machine),
        (TextFact::ResourceGroup, &when.resource_group),
        (TextFact::Subscription, &when.subscription),
        (TextFact::Bastion, &when.bastion),
        (TextFact::Container, &when.container),
        (TextFact::Name, &when.name),
        (TextFact::Protocol, &when.protocol),
    ];
    let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::any_case(text)).collect();
    let mut lines: Vec<Test> = named
        .into_iter()
        .filter_map(|(which, texts)| Some(Test::Text(which, patterns(texts.as_ref()?.values()))))
        .collect();
    lines.extend(when.matching.iter().map(|names| Test::Text(TextFact::Match, patterns(names.values()))));
    lines.extend(when.review_outcome.iter().map(|names| Test::Text(TextFact::ReviewOutcome, patterns(names.values()))));
    lines.extend(when.tags.iter().map(|(key, texts)| {
        let patterns = texts.values().iter().map(|text| Pattern::exact_case(text)).collect();
        Test::Tag(key.strip_prefix("tag.").unwrap_or(key).to_owned(), patterns)
    }));
    lines
}

impl Bytes {
    /// Returns the number of bytes.
    pub fn count(&self) -> Result<u64, TextProblem> {
        match self {
            Self::Number(bytes) => Ok(*bytes),
            Self::Text(text) => texts::size(text),
        }
    }
}

fn each<T>(texts: &[String], read: impl Fn(&str) -> Result<T, TextProblem>) -> Result<Vec<T>, TextProblem> {
    texts.iter().map(|text| read(text)).collect()
}
