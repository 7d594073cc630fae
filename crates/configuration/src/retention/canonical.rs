//! Canonical form of a policy, for its hash.

use domain::policy::matcher::{Condition, Network, Pattern, Range, Test};
use domain::policy::retention::{Class, Policy, RetentionRule, StartsAt};
use domain::record::ledger::Sha256;
use domain::record::retention::PolicyDigest;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// Returns the SHA-256 over everything that a verdict depends on. The included version must change if the
/// same text gets a different meaning.
pub fn digest(policy: &Policy, zone: &TimeZone) -> PolicyDigest {
    let clock = match policy.starts_at {
        StartsAt::SessionEnd => "session_end",
        StartsAt::Created => "created",
    };
    let mut classes: Vec<Value> = policy.classes.iter().map(class).collect();
    sort(&mut classes);
    let name_of = |at: usize| policy.classes.get(at).map(|class| class.name.as_str());
    let rule = |rule: &RetentionRule| json!([rule.name, condition(&rule.when), name_of(rule.class), rule.minimum]);
    let rules: Vec<Value> = policy.rules.iter().map(rule).collect();
    // Uses arrays only, because the key order of a JSON object depends on the features of the library.
    let zone = zone.iana_name().unwrap_or("UTC");
    let within = [policy.tolerances.start, policy.tolerances.end].map(|tolerance| tolerance.to_string());
    let canonical = json!(["retention", 2, clock, within, zone, name_of(policy.default_class), classes, rules]);
    PolicyDigest(format!("sha256:{}", Sha256::hash(canonical.to_string().as_bytes())))
}

fn class(class: &Class) -> Value {
    let delete_after = class.delete_after.map(|period| period.to_string());
    json!([class.name, class.retain_for.to_string(), delete_after, class.then.name()])
}

/// Canonical form of a condition; the order of its parts does not matter.
pub fn condition(of: &Condition) -> Value {
    let parts = |name: &str, of: &[Condition]| {
        let mut parts: Vec<Value> = of.iter().map(condition).collect();
        sort(&mut parts);
        parts.dedup();
        // A single part is equivalent to the part itself.
        if parts.len() == 1 { parts.remove(0) } else { json!([name, parts]) }
    };
    match of {
        Condition::Is(test) => json!([test.fact(), value(test)]),
        Condition::All(of) => parts("all", of),
        Condition::Any(of) => parts("any", of),
        Condition::Not(part) => json!(["not", condition(part)]),
    }
}

fn value(test: &Test) -> Value {
    let folded = |pattern: &Pattern| json!(pattern.text().to_lowercase());
    match test {
        Test::Text(_, patterns) => set(patterns.iter().map(folded)),
        Test::Tag(_, patterns) => set(patterns.iter().map(|pattern| json!(pattern.text()))),
        Test::ClientIp(networks) | Test::TargetIp(networks) => {
            set(networks.iter().map(|network: &Network| json!(network.text())))
        }
        Test::Duration(range) => bounds(range, ToString::to_string),
        Test::Size(range) => bounds(range, ToString::to_string),
        Test::Started(range) => bounds(range, ToString::to_string),
        Test::TimeOfDay(clocked) => json!([clocked.from.to_string(), clocked.to.to_string()]),
        Test::Weekday(weekdays) => set(weekdays.days.iter().map(|day| json!(day.to_monday_one_offset()))),
        Test::Event(events) => set(events.iter().map(|event| json!(event.name()))),
        Test::Severity(severities) => set(severities.iter().map(|severity| json!(severity.name()))),
        Test::Held(wanted) | Test::OwnSession(wanted) | Test::FirstUse(wanted) | Test::AfterFailedLogins(wanted) => {
            json!(wanted)
        }
    }
}

fn bounds<T>(range: &Range<T>, text: impl Fn(&T) -> String) -> Value {
    json!([range.over.as_ref().map(&text), range.under.as_ref().map(&text)])
}

fn set(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    sort(&mut values);
    values.dedup();
    Value::Array(values)
}

fn sort(values: &mut [Value]) {
    values.sort_by_cached_key(Value::to_string);
}
