//! Rule: security properties of the deployed resources have fixed values, so that a change cannot go unnoticed.

use crate::repository::Repository;
use crate::template::{Declaration, DeclarationKind, Template};
use crate::value::BicepValue;

/// Type, property, required value and reason.
const FACTS: [(&str, &str, &str, &str); 17] = [
    ("Microsoft.Storage/storageAccounts@", "properties.allowSharedKeyAccess", "false", "access is by identity"),
    ("Microsoft.Storage/storageAccounts@", "properties.allowBlobPublicAccess", "false", "nothing is public"),
    ("Microsoft.Storage/storageAccounts@", "properties.minimumTlsVersion", "TLS1_2", "older versions are not safe"),
    ("Microsoft.Storage/storageAccounts@", "properties.supportsHttpsTrafficOnly", "true", "traffic is encrypted"),
    (
        "Microsoft.Storage/storageAccounts@",
        "properties.networkAcls.bypass",
        "AzureServices",
        "Event Grid could not deliver",
    ),
    (
        "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@",
        "properties.allowProtectedAppendWrites",
        "true",
        "the ledger could not be added to",
    ),
    (
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks@",
        "properties.resolutionPolicy",
        "NxDomainRedirect",
        "accounts with private endpoints in other networks could not be reached",
    ),
    ("Microsoft.Insights/components@", "properties.DisableLocalAuth", "true", "log lines come from our identity only"),
    ("Microsoft.KeyVault/vaults@", "properties.enableRbacAuthorization", "true", "access is by role"),
    ("Microsoft.Web/serverfarms@", "sku.name", "FC1", "the app is built for this plan"),
    ("Microsoft.Web/sites@", "properties.httpsOnly", "true", "traffic is encrypted"),
    ("Microsoft.Web/sites@", "properties.siteConfig.minTlsVersion", "1.2", "older versions are not safe"),
    ("Microsoft.Web/sites@", "properties.functionAppConfig.runtime.name", "custom", "the binary is a custom handler"),
    ("Microsoft.Web/sites@", "properties.functionAppConfig.runtime.version", "1.0", "the only version there is"),
    (
        "Microsoft.Web/sites@",
        "properties.functionAppConfig.deployment.storage.authentication.type",
        "UserAssignedIdentity",
        "no connection string",
    ),
    ("Microsoft.Web/sites@", "identity.type", "UserAssigned", "it exists before the app"),
    ("Microsoft.Web/sites/basicPublishingCredentialsPolicies@", "properties.allow", "false", "no passwords"),
];

/// Properties of `siteConfig` that a Flex Consumption plan refuses, with error 51021. FTP is off by
/// `basicPublishingCredentialsPolicies`.
const REFUSED_BY_PLAN: [&str; 8] = [
    "alwaysOn",
    "ftpsState",
    "functionAppScaleLimit",
    "functionsRuntimeScaleMonitoringEnabled",
    "linuxFxVersion",
    "netFrameworkVersion",
    "preWarmedInstanceCount",
    "use32BitWorkerProcess",
];

/// Exception: the bastion writes into this account with a shared access signature, and Event Grid does not write
/// there.
const RECORDED_INTO: &str = "infra/demo/modules/recordings.bicep";

/// Checks every listed property of every resource of the type, and that apps have no property that their plan refuses.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Vec::new();
    for template in &repository.templates {
        for resource in template.declarations(DeclarationKind::Resource) {
            let facts = FACTS.iter().filter(|(of, ..)| resource.of.starts_with(of));
            for (_, path, expected, reason) in facts {
                let excepted =
                    template.path == RECORDED_INTO && (path.ends_with("SharedKeyAccess") || path.ends_with("bypass"));
                let found = resource.body();
                // A loop yields a list of one.
                let found = found.at(path);
                let holds = matches!(found.as_slice(), [BicepValue::Plain(text)] if text == expected);
                if !holds && !excepted {
                    findings
                        .push(template.finding(resource.syntax.line, &format!("{path} is not {expected}: {reason}")));
                }
            }
            findings.extend(refused_by_plan(template, resource));
        }
    }
    findings
}

/// Returns the properties that the plan of an app refuses. Every app of the templates has this plan.
fn refused_by_plan(template: &Template, resource: &Declaration) -> Vec<String> {
    let body = resource.body();
    let is_app = resource.of.starts_with("Microsoft.Web/sites@");
    let refused =
        REFUSED_BY_PLAN.iter().filter(|name| is_app && !body.at(&format!("properties.siteConfig.{name}")).is_empty());
    let finding =
        |name| template.finding(resource.syntax.line, &format!("siteConfig.{name} is refused by the plan FC1"));
    refused.map(finding).collect()
}

#[test]
fn a_changed_account_property_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    let (state, app) = ("infra/modules/state-account.bicep", "infra/modules/function-app.bicep");
    assert_eq!(found(state, "allowSharedKeyAccess: false", "allowSharedKeyAccess: true"), 1);
    assert_eq!(found(state, "bypass: 'AzureServices'", "bypass: 'None'"), 1);
    assert_eq!(found(state, "    minimumTlsVersion: 'TLS1_2'\n", ""), 1);
    assert_eq!(found(app, "name: 'custom', version: '1.0'", "name: 'custom', version: ''"), 1);
    assert_eq!(found(app, "properties: { allow: false }", "properties: { allow: true }"), 1);
    assert_eq!(
        found(
            "infra/modules/state-contents.bicep",
            "allowProtectedAppendWrites: true",
            "allowProtectedAppendWrites: false"
        ),
        1
    );
    assert_eq!(found("infra/modules/network.bicep", "'NxDomainRedirect'", "'Default'"), 1);
    assert_eq!(found(RECORDED_INTO, "allowBlobPublicAccess: false", "allowBlobPublicAccess: true"), 1);
}

#[test]
fn a_property_of_another_plan_is_found() {
    let here = Repository::here();
    let app = "infra/modules/function-app.bicep";
    for name in REFUSED_BY_PLAN {
        let found =
            check(&here.with(app, "minTlsVersion: '1.2'\n", &format!("minTlsVersion: '1.2'\n      {name}: 'x'\n")));
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].ends_with(&format!("siteConfig.{name} is refused by the plan FC1")), "{found:?}");
    }
}
