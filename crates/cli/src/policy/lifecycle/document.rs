//! Lifecycle management policy of a storage account, in the form of the management API.

use domain::address::Printable;
use domain::policy::retention::lifecycle::{
    LifecycleAction, MOST_FILTERS, MOST_RULES, PlatformRule, RULE_PREFIX, Tier,
};
use serde_json::{Map, Value, json};

/// A policy document, including everything around its rules.
pub(super) struct LifecycleDocument {
    value: Value,
    /// Keys from the root to the object with `rules`.
    path: &'static [&'static str],
}

/// Change to one of the archivist's rules.
pub(super) enum RuleChange {
    Added(String),
    Changed(String),
    Removed(String),
}

/// Possible places of the rules: in the body of the API, in its `properties`, or at the root, as the Azure CLI takes
/// them.
const PATHS: [&[&str]; 3] = [&["properties", "policy"], &["policy"], &[]];

impl LifecycleDocument {
    /// Policy of an account without one.
    pub(super) fn empty() -> Self {
        Self { value: json!({ "rules": [] }), path: &[] }
    }

    /// Finds the rules in `value`. Returns `None` if no known place has them.
    pub(super) fn read(value: Value) -> Option<Self> {
        let has_rules = |path: &[&str]| {
            let holder = path.iter().try_fold(&value, |value, key| value.get(key));
            holder.is_some_and(|holder| {
                holder["rules"].as_array().is_some_and(|rules| rules.iter().all(Value::is_object))
            })
        };
        let path = PATHS.into_iter().find(|path| has_rules(path))?;
        Some(Self { value, path })
    }

    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    pub(super) fn rules(&self) -> &[Value] {
        let holder = self.path.iter().try_fold(&self.value, |value, key| value.get(key));
        holder.and_then(|holder| holder["rules"].as_array()).map_or(&[], Vec::as_slice)
    }

    /// Returns the request body to put these rules in force.
    pub(super) fn request(&self) -> Value {
        json!({ "properties": { "policy": { "rules": self.rules() } } })
    }

    /// Names of the rules that differ or that only one document has.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let differs = |rule: &&Value, there: &Self| !there.rules().iter().any(|its| is_same(its, rule));
        let mine = self.rules().iter().filter(|rule| differs(rule, other));
        let theirs = other.rules().iter().filter(|rule| differs(rule, self));
        let mut names: Vec<String> = mine.chain(theirs).map(|rule| name(rule).to_owned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Returns the first platform limit exceeded by the rules, in words.
    pub(super) fn beyond_limits(&self) -> Option<String> {
        let count = self.rules().len();
        if count > MOST_RULES {
            return Some(format!(
                "an account has at most {MOST_RULES} lifecycle rules, and these are {count}: give fewer classes tiers, or put \
                 recordings into fewer containers"
            ));
        }
        self.rules().iter().find_map(|rule| {
            let most = |filter: &str| rule["definition"]["filters"][filter].as_array().map_or(0, Vec::len);
            let (prefixes, tags) = (most("prefixMatch"), most("blobIndexMatch"));
            (prefixes.max(tags) > MOST_FILTERS).then(|| {
                format!(
                    "a lifecycle rule has at most {MOST_FILTERS} prefixes and {MOST_FILTERS} conditions on tags, and {} has \
                     {prefixes} and {tags}",
                    Printable(name(rule))
                )
            })
        })
    }

    /// Replaces the archivist's rules with `ours`; other rules stay unchanged.
    pub(super) fn with(mut self, ours: Vec<Value>) -> (Self, Vec<RuleChange>) {
        let (had, mut rules): (Vec<Value>, Vec<Value>) = self.rules().iter().cloned().partition(is_ours);
        let mut changes = Vec::new();
        for rule in &ours {
            match had.iter().find(|was| name(was) == name(rule)) {
                None => changes.push(RuleChange::Added(name(rule).to_owned())),
                Some(was) if !is_same(was, rule) => changes.push(RuleChange::Changed(name(rule).to_owned())),
                Some(_) => {}
            }
        }
        let gone = had.iter().filter(|was| ours.iter().all(|rule| name(rule) != name(was)));
        changes.extend(gone.map(|was| RuleChange::Removed(name(was).to_owned())));
        rules.extend(ours);
        let mut holder = &mut self.value;
        for key in self.path {
            holder = &mut holder[key];
        }
        holder["rules"] = Value::Array(rules);
        (self, changes)
    }
}

fn name(rule: &Value) -> &str {
    rule["name"].as_str().unwrap_or_default()
}

/// Compares numbers by value, and treats `null` like a missing key. The API omits empty keys; the Azure CLI
/// writes `null` and `30.0`.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let within = |one: &Map<String, Value>, other: &Map<String, Value>| {
                one.iter().all(|(key, value)| is_same(value, other.get(key).unwrap_or(&Value::Null)))
            };
            within(one, other) && within(other, one)
        }
        _ => one == other,
    }
}

fn is_ours(rule: &Value) -> bool {
    name(rule).starts_with(RULE_PREFIX)
}

/// Converts a rule to the form of the management API.
pub(super) fn rule(rule: &PlatformRule) -> Value {
    let tags = rule.tags.iter().map(|(key, value)| json!({ "name": key, "op": "==", "value": value }));
    let prefixes = rule.containers.iter().map(|container| format!("{}/", container.as_str()));
    let after = |days: u32| json!({ "daysAfterModificationGreaterThan": days });
    let actions: Map<String, Value> = match &rule.action {
        LifecycleAction::Move(steps) => {
            steps.iter().map(|(tier, days)| (action(*tier).to_owned(), after(*days))).collect()
        }
        LifecycleAction::Delete => Map::from_iter([("delete".to_owned(), after(0))]),
    };
    json!({
        "enabled": rule.enabled,
        "name": rule.name,
        "type": "Lifecycle",
        "definition": {
            "filters": {
                "blobTypes": ["blockBlob"],
                "prefixMatch": prefixes.collect::<Vec<_>>(),
                "blobIndexMatch": tags.collect::<Vec<_>>(),
            },
            "actions": { "baseBlob": actions },
        },
    })
}

fn action(tier: Tier) -> &'static str {
    match tier {
        Tier::Cool => "tierToCool",
        Tier::Cold => "tierToCold",
        Tier::Archive => "tierToArchive",
    }
}
