//! Public form of the explanation of a retention.

use domain::policy::retention::{AskedRule, EffectiveClass, Explanation, RetentionVerdict};
use domain::record::catalogue::Entry;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Returns the public form of an explanation; of a catalogued recording also its id, verdict and holds as of a time.
pub fn explanation_view(of: &Explanation<'_>, catalogued: Option<(&Entry, Timestamp)>) -> Value {
    let promised = &of.promised;
    let mut view = json!({
        "policy_digest": of.policy.digest.0,
        "rules": of.rules.iter().map(rule).collect::<Vec<_>>(),
        "classes": of.classes.iter().map(class).collect::<Vec<_>>(),
        "retention": {
            "class": promised.class,
            "rules": promised.rules,
            "unknown": promised.unknown,
            "counted_from": promised.counted_from.to_string(),
            "retain_until": promised.retain_until.to_string(),
            "delete_after": promised.delete_after.map(|date| date.to_string()),
            "then": promised.then.name(),
        },
        "due_from": of.due().filter(|_| promised.unknown.is_empty()).map(|date| date.to_string()),
        "enforced": of.policy.enforce,
    });
    if let Some((entry, now)) = catalogued {
        view["id"] = json!(entry.id.to_string());
        view["verdict"] = json!(RetentionVerdict::from_entry(entry, now).name());
        let hold = |held: &domain::record::hold::CarriedHold| json!({ "id": held.hold.as_str(), "case": held.case, "since": held.since.to_string() });
        let by_tag = |hold: &domain::record::retention::ForeignHold| json!({ "id": null, "case": hold.value, "since": hold.since.to_string() });
        view["holds"] =
            entry.custody.holds.iter().map(hold).chain(entry.custody.foreign_hold.iter().map(by_tag)).collect();
    }
    view
}

fn rule(rule: &AskedRule<'_>) -> Value {
    let lines = rule.lines.iter().map(
        |line| json!({ "depth": line.depth, "asked": line.asked, "answer": line.answer.name(), "fact": line.fact }),
    );
    json!({
        "name": rule.name,
        "class": rule.class,
        "answer": rule.answer.name(),
        "counts": rule.counts,
        "minimum": rule.minimum,
        "lines": lines.collect::<Vec<_>>(),
    })
}

fn class(counted: &EffectiveClass<'_>) -> Value {
    json!({
        "name": counted.class.name,
        "given_by": counted.given_by,
        "retain_until": counted.retain_until.to_string(),
        "delete_after": counted.delete_after.map(|date| date.to_string()),
        "then": counted.class.then.name(),
    })
}
