//! Rule: `azd up` and the templates agree on names.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::Findings;
use crate::repository::Repository;
use crate::template::DeclarationKind;
use crate::yaml;

/// Template deployed by azd; the demo is deployed with the Azure CLI.
const ENTRY: &str = "infra/main";

/// Checks services, parameters, hooks and outputs.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = service(repository);
    findings.extend(version(repository));
    findings.extend(parameters(repository));
    for (path, text) in repository.files.iter().filter(|(path, _)| path.starts_with("infra/hooks/")) {
        findings.extend(hook(repository, path, text));
    }
    findings
}

/// Checks that `azd` and the hook before `azd down` require the same version: older ones delete resource groups of
/// others.
fn version(repository: &Repository) -> Vec<String> {
    let azure = yaml::read(repository.file("azure.yaml")).unwrap_or_default();
    let required = azure["requiredVersions"]["azd"].as_str().and_then(|range| range.strip_prefix(">= "));
    let run = azure["hooks"]["predown"]["run"].as_str().unwrap_or_default();
    let hook = repository.file(run);
    let mut findings = Findings::default();
    findings.expect(required == Some("1.24.1"), "azure.yaml", "azd down may delete resource groups of others");
    findings.expect(
        required.is_some_and(|version| hook.contains(&format!("\nrequired={version}\n"))),
        "azure.yaml",
        &format!("the hook {run:?} does not require the version of azd"),
    );
    findings.found
}

fn service(repository: &Repository) -> Vec<String> {
    let azure = yaml::read(repository.file("azure.yaml")).unwrap_or_default();
    let mut findings = Findings::default();
    let module = format!(
        "{}/{}.bicep",
        azure["infra"]["path"].as_str().unwrap_or_default(),
        azure["infra"]["module"].as_str().unwrap_or_default()
    );
    findings.expect(repository.template(&module).is_some(), "azure.yaml", &format!("there is no {module}"));
    let services: Vec<_> = azure["services"].as_object().into_iter().flatten().collect();
    findings.expect(services.len() == 1, "azure.yaml", "there is one service");
    for (name, service) in services {
        let app = repository.file("infra/modules/function-app.bicep");
        findings.expect(
            app.contains(&format!("'azd-service-name': '{name}'")),
            "azure.yaml",
            &format!("no app has the label azd-service-name {name}"),
        );
        let run = service["hooks"]["prepackage"]["run"].as_str().unwrap_or_default();
        let hook = repository.file(run);
        findings.expect(!hook.is_empty(), "azure.yaml", &format!("there is no hook {run:?}"));
        let dist = service["dist"].as_str().unwrap_or_default();
        findings.expect(
            !dist.is_empty() && hook.contains(&format!("mv target/{dist}.part {dist}\n")),
            "azure.yaml",
            &format!("the hook makes no {dist:?}"),
        );
        let package = repository.file("xtask/src/package/mod.rs");
        findings.expect(
            package.is_empty() || package.contains(&format!("\"{dist}\"")),
            "azure.yaml",
            &format!("`cargo xtask package` makes no {dist:?}"),
        );
    }
    findings.found
}

/// Checks that every parameter can be set by an environment variable named after it.
fn parameters(repository: &Repository) -> Vec<String> {
    let path = format!("{ENTRY}.parameters.json");
    let Some(template) = repository.template(&format!("{ENTRY}.bicep")) else {
        return vec![format!("{ENTRY}.bicep is missing")];
    };
    let file = repository.json(&path);
    let set: BTreeSet<&str> =
        file["parameters"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let declared: BTreeSet<&str> =
        template.declarations(DeclarationKind::Parameter).map(|it| it.name.as_str()).collect();
    let mut findings: Vec<_> = declared.difference(&set).map(|name| format!("{path}: {name} is missing")).collect();
    findings.extend(set.difference(&declared).map(|name| format!("{path}: there is no parameter {name}")));
    for name in set.intersection(&declared) {
        let expected = format!("${{{}}}", variable(name));
        if file["parameters"][name]["value"] != expected.as_str() {
            findings.push(format!("{path}: {name} is not {expected}"));
        }
    }
    findings
}

/// Returns the environment variable of a parameter; two are azd's own.
fn variable(parameter: &str) -> String {
    match parameter {
        "environmentName" => "AZURE_ENV_NAME".to_owned(),
        "location" => "AZURE_LOCATION".to_owned(),
        name => {
            let words = name
                .chars()
                .flat_map(|c| if c.is_ascii_uppercase() { vec!['_', c] } else { vec![c.to_ascii_uppercase()] });
            format!("ARCHIVIST_{}", words.collect::<String>())
        }
    }
}

/// Checks that a hook uses only variables described in its header or provided by the templates.
fn hook(repository: &Repository, path: &str, text: &str) -> Vec<String> {
    let given: BTreeSet<String> = repository
        .templates
        .iter()
        .flat_map(|template| template.declarations(DeclarationKind::Output))
        .map(|it| it.name.clone())
        .collect();
    let used = Regex::new(r"\$\{?([A-Z][A-Z0-9_]+)").unwrap();
    let names: BTreeSet<String> = used.captures_iter(text).map(|found| found[1].to_owned()).collect();
    let unknown = names.into_iter().filter(|name| !given.contains(name) && !text.contains(&format!("#   {name} ")));
    unknown.map(|name| format!("{path}: does not describe {name}")).collect()
}

#[test]
fn names_that_azd_would_not_find_are_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found("azure.yaml", "  archivist:\n", "  app:\n"), 1);
    assert_eq!(found("azure.yaml", "module: main", "module: head"), 1);
    assert_eq!(found("azure.yaml", "hooks/package.sh", "hooks/pack.sh"), 2);
    assert_eq!(found("azure.yaml", "dist: archivist.zip", "dist: dist.zip"), 2);
    assert_eq!(found("infra/main.bicep", "param changeAlarm bool", "param alarm bool"), 2);
    assert_eq!(found("infra/main.parameters.json", "${ARCHIVIST_CHANGE_ALARM}", "${CHANGE_ALARM}"), 1);
    assert_eq!(found("azure.yaml", "azd: \">= 1.24.1\"", "azd: \">= 1.24.0\""), 2);
    assert_eq!(found("azure.yaml", "hooks/predown.sh", "hooks/down.sh"), 1);
    assert_eq!(found("infra/hooks/predown.sh", "required=1.24.1", "required=1.0.0"), 1);
    assert_eq!(found("infra/hooks/package.sh", "#   ARCHIVIST_RELEASE_URL ", "#   RELEASE_URL "), 1);
}

#[test]
fn the_variable_of_a_parameter_is_its_name_in_capitals() {
    assert_eq!(variable("stateSku"), "ARCHIVIST_STATE_SKU");
    assert_eq!(variable("logDailyQuotaGb"), "ARCHIVIST_LOG_DAILY_QUOTA_GB");
}
