//! Rule: resource types and versions are known.

use crate::repository::Repository;
use crate::template::Kind;

/// Allowed types: each is in Microsoft's published type definitions (Azure/bicep-types-az, August 2026), in its newest
/// stable version or one that is at least a year old. Diagnostic settings exist only as previews.
pub const KNOWN: [&str; 34] = [
    "Microsoft.Authorization/roleAssignments@2022-04-01",
    "Microsoft.Authorization/roleDefinitions@2022-04-01",
    "Microsoft.Consumption/budgets@2024-08-01",
    "Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15",
    "Microsoft.EventGrid/systemTopics@2025-02-15",
    "Microsoft.Insights/actionGroups@2023-01-01",
    "Microsoft.Insights/components@2020-02-02",
    "Microsoft.Insights/diagnosticSettings@2021-05-01-preview",
    "Microsoft.Insights/metricAlerts@2018-03-01",
    "Microsoft.Insights/scheduledQueryRules@2023-12-01",
    "Microsoft.Insights/workbooks@2023-06-01",
    "Microsoft.KeyVault/vaults@2025-05-01",
    "Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30",
    "Microsoft.Network/bastionHosts@2025-01-01",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01",
    "Microsoft.Network/privateDnsZones@2024-06-01",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01",
    "Microsoft.Network/privateEndpoints@2025-01-01",
    "Microsoft.Network/publicIPAddresses@2025-01-01",
    "Microsoft.Network/virtualNetworks@2025-01-01",
    "Microsoft.OperationalInsights/workspaces@2025-07-01",
    "Microsoft.Resources/resourceGroups@2024-03-01",
    "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01",
    "Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01",
    "Microsoft.Storage/storageAccounts/blobServices@2025-06-01",
    "Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01",
    "Microsoft.Storage/storageAccounts/queueServices@2025-06-01",
    "Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01",
    "Microsoft.Storage/storageAccounts/tableServices@2025-06-01",
    "Microsoft.Storage/storageAccounts@2025-06-01",
    "Microsoft.Web/serverfarms@2024-11-01",
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01",
    "Microsoft.Web/sites/config@2024-11-01",
    "Microsoft.Web/sites@2024-11-01",
];

/// Checks that every resource has a known type and version, and that every known one is used.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Vec::new();
    let mut used = Vec::new();
    for template in &repository.templates {
        for resource in template.of(Kind::Resource).chain(template.of(Kind::Existing)) {
            used.push(resource.of.as_str());
            if !KNOWN.contains(&resource.of.as_str()) {
                findings.push(
                    template.finding(resource.syntax.line, &format!("{} is not on the list of types", resource.of)),
                );
            }
        }
    }
    let idle = KNOWN.iter().filter(|known| !used.contains(known));
    findings.extend(idle.map(|known| format!("{known} is on the list of types, and nobody uses it")));
    findings
}

#[test]
fn an_unknown_type_or_version_and_one_that_nobody_uses_are_found() {
    let here = Repository::here();
    let of = |text: &str, other: &str| check(&here.with("infra/modules/identity.bicep", text, other));
    assert_eq!(of("@2024-11-30", "@2024-11-31").len(), 2);
    assert_eq!(of("userAssignedIdentities", "userAssignedIdentity").len(), 2);
    assert_eq!(check(&Repository::of(&[])).len(), KNOWN.len());
}
