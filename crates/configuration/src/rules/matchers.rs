//! Rules for conditions: every part can be true for some subject.

use domain::record::tags::TagValue;
use jiff::tz::TimeZone;

use crate::findings::Findings;
use crate::texts;
use crate::tree::{ConfigurationNode, Content, Scalar, below};

/// Subject of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Recordings, in retention rules.
    Recordings,
    /// Events, in notification routes.
    Events,
    /// Recordings that wait for a review, in review rules.
    Reviews,
}

impl About {
    /// Returns the facts that this subject never has.
    fn unknown_facts(self) -> &'static [&'static str] {
        match self {
            Self::Recordings => &["event", "severity", "held", "own_session", "first_use", "after_failed_logins"],
            Self::Events => &["first_use", "after_failed_logins"],
            Self::Reviews => &["event", "severity", "own_session", "review.outcome"],
        }
    }
}

pub fn check(when: &ConfigurationNode, about: About, path: &str, findings: &mut Findings) {
    if matches!(when.content, Content::Map(_)) && when.members().is_empty() {
        let remedy = match about {
            About::Recordings => "write a condition; default_class is the class of all other recordings",
            About::Events => "write a condition, or leave when out for a route of everything",
            About::Reviews => "write a condition, or leave when out for a rule for all recordings",
        };
        findings.add(when.place, path, "matches everything", remedy);
    }
    for key in about.unknown_facts() {
        if let Some(node) = when.get(key) {
            let (what, remedy) = match *key {
                "review.outcome" => {
                    ("is always none before a review", "remove it: the queue has no reviewed recordings")
                }
                "held" => {
                    ("is not known of a recording", "remove it: only notification routes and review rules know it")
                }
                "first_use" | "after_failed_logins" => {
                    ("is not known here", "remove it: only review rules know it, in review.rules")
                }
                _ => ("is not known of a recording", "remove it: only notification routes know it"),
            };
            findings.add(node.place, &below(path, key), what, remedy);
        }
    }
    for member in when.members().iter().filter(|member| member.key.starts_with("tag.")) {
        tag(&member.value, &below(path, &member.key), findings);
    }
    for key in ["duration", "size", "started"] {
        if let Some(node) = when.get(key) {
            range(key, node, &format!("{path}.{key}"), findings);
        }
    }
    if let Some(node) = when.get("time_of_day") {
        let time = |key| texts::time_of_day(node.get(key)?.text()?).ok();
        if let (Some(from), Some(to)) = (time("from"), time("to"))
            && from == to
        {
            let what = "begins and ends at the same time";
            findings.add(node.place, &format!("{path}.time_of_day"), what, "write two times, or leave the line out");
        }
    }
    for key in ["any", "all"] {
        for (at, part) in when.get(key).map_or(&[][..], ConfigurationNode::items).iter().enumerate() {
            check(part, about, &format!("{path}.{key}[{at}]"), findings);
        }
    }
    if let Some(part) = when.get("not") {
        check(part, about, &format!("{path}.not"), findings);
    }
}

/// Reports tag values not accepted by storage.
fn tag(value: &ConfigurationNode, path: &str, findings: &mut Findings) {
    let one = std::slice::from_ref(value);
    let values = if matches!(value.content, Content::List(_)) { value.items() } else { one };
    for node in values {
        let fixed = node.text().map(|text| text.replace(['*', '?'], ""));
        if fixed.is_some_and(|fixed| TagValue::parse(&fixed).is_err()) {
            let what =
                format!("{} is not a value that a tag can have", node.scalar().map(Scalar::shown).unwrap_or_default());
            let remedy = "write letters, digits, blanks and + - . : = _ /, with * and ? for the others";
            findings.add(node.place, path, what, remedy);
        }
    }
}

/// Reports ranges without a bound, and empty ranges.
fn range(fact: &str, node: &ConfigurationNode, path: &str, findings: &mut Findings) {
    let (lower, upper) = if fact == "started" { ("after", "before") } else { ("over", "under") };
    if matches!(node.content, Content::Map(_)) && node.members().is_empty() {
        findings.add(node.place, path, "has no bound", format!("write {lower}, {upper} or both"));
    }
    let bound = |key| number(fact, node.get(key)?);
    if let (Some(least), Some(most)) = (bound(lower), bound(upper))
        && least >= most
    {
        let what = format!("matches nothing: {lower} is not below {upper}");
        findings.add(node.place, path, what, "swap the two, or leave one out");
    }
}

/// Returns a bound as a comparable number. Dates are read as UTC, which keeps their order in any zone. If a
/// date is compared with a time, the zone can shift it by up to a day, so a range counts as empty only if
/// that is certain.
fn number(fact: &str, node: &ConfigurationNode) -> Option<i128> {
    match (fact, node.text()) {
        ("duration", Some(text)) => Some(texts::duration(text).ok()?.as_nanos()),
        ("size", Some(text)) => Some(texts::size(text).ok()?.into()),
        ("size", None) => node.scalar()?.text.parse().ok(),
        ("started", Some(text)) => Some(texts::date_or_time(text, &TimeZone::UTC).ok()?.as_nanosecond()),
        _ => None,
    }
}
