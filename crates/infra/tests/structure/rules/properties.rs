//! Which properties the types have. The compiler would say so, too, if it were here.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::Repository;
use crate::template::{Kind, Template};

/// The properties that are used, by type: `!` before one that has to be there where what it belongs to is there.
/// Compared with Microsoft's published type definitions (Azure/bicep-types-az, August 2026) when it was written.
const TABLE: &str = include_str!("properties.txt");

/// What belongs to the language and not to a type.
const OF_THE_LANGUAGE: [&str; 3] = ["parent", "scope", "dependsOn"];

struct Known {
    paths: BTreeSet<String>,
    needed: BTreeSet<String>,
}

fn table(text: &str) -> BTreeMap<String, Known> {
    let mut table = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let Some(known) = line.strip_prefix("  ") else {
            line.clone_into(&mut current);
            table.insert(current.clone(), Known { paths: BTreeSet::new(), needed: BTreeSet::new() });
            continue;
        };
        let path = known.trim_start_matches('!').to_owned();
        if let Some(entry) = table.get_mut(&current) {
            if known.starts_with('!') {
                entry.needed.insert(path.clone());
            }
            entry.paths.insert(path);
        }
    }
    table
}

/// Every property is in the table, every one that has to be there is there, and every row of the table is used.
pub fn check(repository: &Repository) -> Vec<String> {
    let table = table(TABLE);
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for template in &repository.templates {
        findings.extend(in_template(template, &table, &mut used));
    }
    let rows = table.iter().flat_map(|(of, known)| known.paths.iter().map(move |path| (of.clone(), path.clone())));
    let idle = rows.filter(|row| !used.contains(row));
    findings.extend(idle.map(|(of, path)| format!("properties.txt: {of}: nobody uses {path}")));
    findings
}

fn in_template(
    template: &Template,
    table: &BTreeMap<String, Known>,
    used: &mut BTreeSet<(String, String)>,
) -> Vec<String> {
    let mut findings = Vec::new();
    for resource in template.of(Kind::Resource) {
        let Some(known) = table.get(&resource.of) else {
            findings
                .push(template.finding(resource.syntax.line, &format!("{} has no row in properties.txt", resource.of)));
            continue;
        };
        let body = resource.body();
        // A loop makes one resource per pass.
        let paths: BTreeSet<String> =
            body.paths().into_iter().map(|path| path.trim_start_matches("[].").to_owned()).collect();
        for path in &paths {
            used.insert((resource.of.clone(), path.clone()));
            let is_label = path.starts_with("tags.");
            if !known.paths.contains(path) && !is_label && !OF_THE_LANGUAGE.contains(&path.as_str()) {
                findings
                    .push(template.finding(resource.syntax.line, &format!("{} has no property {path}", resource.of)));
            }
        }
        for needed in &known.needed {
            let owner = needed.rsplit_once('.').map(|(owner, _)| owner.trim_end_matches("[]"));
            if owner.is_none_or(|owner| paths.contains(owner)) && !paths.contains(needed) {
                findings.push(template.finding(resource.syntax.line, &format!("{} needs {needed}", resource.of)));
            }
        }
    }
    findings
}

#[test]
fn a_property_that_is_misspelled_misplaced_or_missing_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other));
    let subscription = "infra/modules/storage-subscription.bicep";
    // The word stands in two files, so the row is used all the same.
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
