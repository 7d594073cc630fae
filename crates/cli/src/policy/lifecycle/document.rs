//! The lifecycle management policy of an account, as the management API writes it.

use domain::retention::lifecycle::{Action, PlatformRule, RULE_PREFIX, Tier};
use serde_json::{Map, Value, json};

/// A policy with whatever stands around its rules.
pub(super) struct Document {
    value: Value,
    /// The way to the rules.
    path: &'static [&'static str],
}

/// What becomes of a rule of ours.
pub(super) enum Change {
    Added(String),
    Changed(String),
    Removed(String),
}

/// Where the rules are: in the body of the API, in its `properties`, or as the command line of Azure takes them.
const PATHS: [&[&str]; 3] = [&["properties", "policy"], &["policy"], &[]];

impl Document {
    /// The policy of an account that has none.
    pub(super) fn empty() -> Self {
        Self { value: json!({ "rules": [] }), path: &[] }
    }

    /// Finds the rules. `None` where there are none to find.
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

    /// The whole document.
    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    /// All rules.
    pub(super) fn rules(&self) -> &[Value] {
        let holder = self.path.iter().try_fold(&self.value, |value, key| value.get(key));
        holder.and_then(|holder| holder["rules"].as_array()).map_or(&[], Vec::as_slice)
    }

    /// The document with these rules in the place of those of ours that it had. Those of others stay as they are.
    pub(super) fn with(mut self, ours: Vec<Value>) -> (Self, Vec<Change>) {
        let (had, mut rules): (Vec<Value>, Vec<Value>) = self.rules().iter().cloned().partition(is_ours);
        let mut changes = Vec::new();
        for rule in &ours {
            match had.iter().find(|was| name(was) == name(rule)) {
                None => changes.push(Change::Added(name(rule).to_owned())),
                Some(was) if was != rule => changes.push(Change::Changed(name(rule).to_owned())),
                Some(_) => {}
            }
        }
        let gone = had.iter().filter(|was| ours.iter().all(|rule| name(rule) != name(was)));
        changes.extend(gone.map(|was| Change::Removed(name(was).to_owned())));
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

fn is_ours(rule: &Value) -> bool {
    name(rule).starts_with(RULE_PREFIX)
}

/// One rule as the management API takes it.
pub(super) fn rule(rule: &PlatformRule) -> Value {
    let tags = rule.tags.iter().map(|(key, value)| json!({ "name": key, "op": "==", "value": value }));
    let prefixes = rule.containers.iter().map(|container| format!("{}/", container.as_str()));
    let after = |days: u32| json!({ "daysAfterModificationGreaterThan": days });
    let actions: Map<String, Value> = match &rule.action {
        Action::Move(steps) => steps.iter().map(|(tier, days)| (action(*tier).to_owned(), after(*days))).collect(),
        Action::Delete => Map::from_iter([("delete".to_owned(), after(0))]),
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
