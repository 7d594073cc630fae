//! Rule: properties and values exist in the resource types. Replaces the check of the Bicep compiler.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::Repository;
use crate::template::{Declaration, Kind, Template};
use crate::value::Value;

/// Used properties by type. Compared with Microsoft's published type definitions (Azure/bicep-types-az, August 2026)
/// when written.
const TABLE: &str = include_str!("properties.txt");

/// Properties that belong to the language and not to a type.
const OF_THE_LANGUAGE: [&str; 3] = ["parent", "scope", "dependsOn"];

/// Known properties of a type.
#[derive(Default)]
struct Known {
    /// Properties with their allowed plain values; an empty set allows any.
    paths: BTreeMap<String, BTreeSet<String>>,
    /// Properties that are required if their parent is present.
    needed: BTreeSet<String>,
}

fn table() -> BTreeMap<String, Known> {
    let mut table: BTreeMap<String, Known> = BTreeMap::new();
    let mut current = String::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let Some(row) = line.strip_prefix("  ") else {
            line.clone_into(&mut current);
            continue;
        };
        let (path, values) = row.split_once(": ").unwrap_or((row, ""));
        let values = values.split(" | ").filter(|value| !value.is_empty()).map(str::to_owned).collect();
        let known = table.entry(current.clone()).or_default();
        if let Some(needed) = path.strip_prefix('!') {
            known.needed.insert(needed.to_owned());
        }
        known.paths.insert(path.trim_start_matches('!').to_owned(), values);
    }
    table
}

/// Checks that every property is in the table with its value, that required ones are present, and that every row is
/// used.
pub fn check(repository: &Repository) -> Vec<String> {
    let table = table();
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for template in &repository.templates {
        for resource in template.of(Kind::Resource) {
            let paths = paths(&resource.body());
            let problems = table.get(&resource.of).map(|known| problems(resource, &paths, known));
            let problems = problems.unwrap_or_else(|| vec!["has no row in properties.txt".to_owned()]);
            findings.extend(problems.into_iter().map(|what| finding(template, resource, &what)));
            used.extend(paths.into_iter().map(|path| (resource.of.clone(), path)));
        }
    }
    let rows = table.iter().flat_map(|(of, known)| known.paths.keys().map(move |path| (of.clone(), path.clone())));
    let idle = rows.filter(|row| !used.contains(row));
    findings.extend(idle.map(|(of, path)| format!("properties.txt: {of}: nobody uses {path}")));
    findings
}

/// Returns the property paths; a loop counts as one resource.
fn paths(body: &Value) -> BTreeSet<String> {
    body.paths().into_iter().map(|path| path.trim_start_matches("[].").to_owned()).collect()
}

fn finding(template: &Template, resource: &Declaration, what: &str) -> String {
    template.finding(resource.syntax.line, &format!("{} {what}", resource.of))
}

fn problems(resource: &Declaration, paths: &BTreeSet<String>, known: &Known) -> Vec<String> {
    let mut problems = Vec::new();
    let body = resource.body();
    for path in paths.iter().filter(|path| !path.starts_with("tags.") && !OF_THE_LANGUAGE.contains(&path.as_str())) {
        let Some(values) = known.paths.get(path).filter(|values| !values.is_empty()) else {
            if !known.paths.contains_key(path) {
                problems.push(format!("has no property {path}"));
            }
            continue;
        };
        for value in body.at(&path.replace("[]", "")) {
            if let Value::Plain(text) = value
                && !values.contains(text)
            {
                problems.push(format!("has no value {text} of {path}"));
            }
        }
    }
    for needed in &known.needed {
        let owner = needed.rsplit_once('.').map(|(owner, _)| owner.trim_end_matches("[]"));
        if owner.is_none_or(|owner| paths.contains(owner)) && !paths.contains(needed) {
            problems.push(format!("needs {needed}"));
        }
    }
    problems
}

#[test]
fn a_property_that_is_misspelled_misplaced_or_missing_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other));
    let subscription = "infra/modules/storage-subscription.bicep";
    // The word occurs in two files, so the row remains used.
    assert_eq!(found(subscription, "queueMessageTimeToLiveInSeconds", "queueMessageTTL").len(), 1);
    let misplaced = "    }\n    isSubjectCaseSensitive: true";
    assert_eq!(found(subscription, "      isSubjectCaseSensitive: true\n    }", misplaced).len(), 2);
    assert_eq!(found("infra/modules/function-app.bicep", "instanceMemoryMB", "instanceMemoryMb").len(), 2);
    assert_eq!(found("infra/modules/network.bicep", "delegations: [", "delegation: [").len(), 8);
    assert_eq!(
        found("infra/modules/identity.bicep", "  location: location\n  tags", "  tags"),
        [
            "infra/modules/identity.bicep:12: Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30 needs location",
            "properties.txt: Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30: nobody uses location",
        ]
    );
}

#[test]
fn a_value_that_the_type_does_not_know_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found("infra/modules/storage-subscription.bicep", "'StorageQueue'", "'StorageQueues'"), 1);
    assert_eq!(found("infra/modules/function-app.bicep", "type: 'UserAssigned'\n", "type: 'userAssigned'\n"), 1);
    assert_eq!(
        found("infra/modules/state-account.bicep", "isolated ? 'Deny' : 'Allow'", "isolated ? 'Denied' : 'Allow'"),
        1
    );
    assert_eq!(found("infra/demo/modules/bastion.bicep", "name: 'Premium'", "name: 'premium'"), 1);
}
