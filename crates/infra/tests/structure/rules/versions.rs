//! Rule: one stable version per resource type, and pinned versions where a newer one behaves differently.
//!
//! The compiler checks types and properties (`.github/workflows/infra.yml`).

use std::collections::BTreeMap;

use crate::repository::Repository;
use crate::template::DeclarationKind;

const WORKFLOW: &str = ".github/workflows/infra.yml";

/// Diagnostics of the compiler about types, versions, properties and values. It reports them as warnings for resources.
const OF_TYPES: &str = "BCP0(35|36|37|53|81|88|89)";

/// Type, only usable version, and reason.
const PINNED: [(&str, &str, &str); 2] = [
    ("Microsoft.Network/virtualNetworks", "2025-01-01", "in newer ones subnets have no default outbound access"),
    ("Microsoft.Insights/diagnosticSettings", "2021-05-01-preview", "there are only previews"),
];

/// Checks the versions, and that the workflow fails on diagnostics about types.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Vec::new();
    let mut versions: BTreeMap<&str, &str> = PINNED.map(|(of, version, _)| (of, version)).into();
    for template in &repository.templates {
        for resource in
            template.declarations(DeclarationKind::Resource).chain(template.declarations(DeclarationKind::Existing))
        {
            let Some((of, version)) = resource.of.split_once('@') else { continue };
            let expected = *versions.entry(of).or_insert(version);
            let pinned = PINNED.iter().find(|(pinned, ..)| *pinned == of);
            let reason = pinned.map_or("two versions of one type", |(.., reason)| reason);
            if version != expected || (pinned.is_none() && version.ends_with("-preview")) {
                findings.push(template.finding(resource.syntax.line, &format!("{of}@{version}: {reason}")));
            }
        }
    }
    if !repository.file(WORKFLOW).contains(OF_TYPES) {
        findings
            .push(format!("{WORKFLOW}: it passes with wrong types and properties, which are warnings of the compiler"));
    }
    findings
}

#[test]
fn a_version_that_differs_or_a_preview_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found("infra/modules/network.bicep", "virtualNetworks@2025-01-01", "virtualNetworks@2025-07-01"), 1);
    assert_eq!(found("infra/modules/vault.bicep", "vaults@2025-05-01", "vaults@2026-03-01-preview"), 1);
    assert_eq!(found("infra/modules/account-facts.bicep", "@2025-06-01", "@2024-01-01"), 1);
    assert_eq!(found(WORKFLOW, OF_TYPES, "BCP037"), 1);
}
