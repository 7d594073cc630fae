//! Rule: two deployments next to one bastion do not overwrite each other, even if their environments have the same
//! name.

use super::Findings;
use crate::repository::Repository;
use crate::template::DeclarationKind;
use crate::value::BicepValue;

/// Templates with resources in resource groups of others.
const MADE_BY: [&str; 3] =
    ["infra/modules/estate.bicep", "infra/modules/change-alarm.bicep", "infra/modules/event-subscriptions.bicep"];

/// Modules whose names must differ between deployments.
const MADE: [&str; 3] = ["storage-subscription.bicep", "change-subscription.bicep", "dead-letter-alert.bicep"];

/// Diagnostic settings of resources of others, named after their destination: a setting of the same name would replace
/// the destination of another environment.
const SETTINGS: [&str; 2] = ["infra/modules/diagnostics.bicep", "infra/modules/access-diagnostics.bicep"];

/// Checks that names of subscriptions, alerts and roles contain the token, which is derived from subscription,
/// environment and region, and those of diagnostic settings their destination.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Findings::default();
    for template in MADE_BY.iter().filter_map(|path| repository.template(path)) {
        for module in template.declarations(DeclarationKind::Module).filter(|it| MADE.contains(&it.of.as_str())) {
            let body = module.body();
            let names = body.at("params.name");
            let is_apart = matches!(names.as_slice(), [BicepValue::Code(name)] if name.contains("${token}"));
            let wrong = format!("the name of {} may clash with another deployment", module.name);
            findings.expect(is_apart, &template.path, &wrong);
        }
    }
    for path in SETTINGS {
        let is_apart = repository.file(path).contains("-${uniqueString(toLower(storageAccountId))}'\n");
        findings.expect(is_apart, path, "the diagnostic setting may replace that of another deployment");
    }
    for template in &repository.templates {
        for role in template.text.lines().filter(|line| line.contains("guid(") && is_of_a_role(line)) {
            let is_apart = role.contains("guid(toLower(resourceGroup().id), token, ");
            findings.expect(is_apart, &template.path, "a role may clash with another deployment, or not be found");
        }
    }
    findings.found
}

/// Roles end with a fixed name; assignments are named by ids only.
fn is_of_a_role(line: &str) -> bool {
    line.contains("'bastion-archivist-")
}

#[test]
fn a_name_that_another_deployment_may_have_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    let [estate, changes, subscriptions] = MADE_BY;
    assert_eq!(found(subscriptions, "take('archivist-${token}-", "take('archivist-${environmentName}-"), 1);
    assert_eq!(
        found(estate, "name: 'archivist-${last(split(account.accountId, '/'))}-${token}'", "name: 'archivist'"),
        1
    );
    assert_eq!(found(changes, "name: 'archivist-changes-${token}'", "name: 'archivist-changes'"), 1);
    let part = "name: 'archivist-changes-${token}-${topic.part}'";
    assert_eq!(found(subscriptions, part, "name: 'archivist-changes-${topic.part}'"), 1);
    for setting in SETTINGS {
        assert_eq!(found(setting, "-${uniqueString(toLower(storageAccountId))}", ""), 1);
    }
    for module in ["recordings-role", "recordings-access", "live-sessions"] {
        let path = format!("infra/modules/{module}.bicep");
        assert_eq!(found(&path, "toLower(resourceGroup().id), token, ", "resourceGroup().id, environmentName, "), 1);
    }
}
