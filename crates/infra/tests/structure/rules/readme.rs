//! Rule: one page documents every parameter, output and module.

use crate::repository::Repository;
use crate::template::DeclarationKind;

const PAGE: &str = "infra/README.md";

/// Commands that take a secret into use, in this order: a restart alone keeps the value that the platform fetched.
const TAKE_SECRET: [&str; 3] = [
    "az keyvault secret set",
    "/config/configreferences/appsettings/refresh?api-version=2022-03-01",
    "az functionapp restart",
];

/// Sentences without which people lose something: settings made by hand, and a policy that they want to remove.
const WARNINGS: [&str; 3] = [
    "**A deployment replaces all app settings**",
    "0 creates no policy, and does not remove one",
    "az storage container immutability-policy delete",
];

/// Rights on resources of others, which no template gives.
const BY_HAND: [&str; 2] = ["*EventGrid Data Sender*", "*Key Vault Crypto User*"];

/// Checks that the page lists the parameters and outputs of the two entry templates and all modules, and says the
/// templates have not been deployed by the tests.
pub fn check(repository: &Repository) -> Vec<String> {
    let page = repository.file(PAGE);
    let mut names = Vec::new();
    for template in &repository.templates {
        match template.path.strip_prefix("infra/") {
            Some("main.bicep" | "demo/main.bicep") => {
                let told = template
                    .declarations(DeclarationKind::Parameter)
                    .chain(template.declarations(DeclarationKind::Output));
                names.extend(told.map(|declaration| declaration.name.clone()));
            }
            Some(path) => names.extend(path.rsplit('/').next().map(str::to_owned)),
            None => {}
        }
    }
    let mut findings: Vec<_> = names
        .iter()
        .filter(|name| !page.contains(&format!("`{name}`")))
        .map(|name| format!("{PAGE}: does not mention `{name}`"))
        .collect();
    if !page.contains("have not been deployed by the tests") {
        findings.push(format!("{PAGE}: does not say that the templates have not been deployed by the tests"));
    }
    let secrets =
        page.split("### Channel secrets\n").nth(1).and_then(|rest| rest.split("\n#").next()).unwrap_or_default();
    let places = TAKE_SECRET.map(|command| secrets.find(command));
    if places.contains(&None)
        || !places.is_sorted()
        || page.contains("or at a restart")
        || page.contains("or at a\nrestart")
    {
        findings.push(format!("{PAGE}: a restart alone keeps the old value of a secret"));
    }
    findings.extend(WARNINGS.iter().filter(|it| !page.contains(**it)).map(|it| format!("{PAGE}: does not say {it:?}")));
    for (path, role) in [PAGE, "docs/rights.md"].iter().flat_map(|path| BY_HAND.map(|role| (path, role))) {
        if !repository.file(path).contains(role) {
            findings.push(format!("{path}: does not name the role {role}"));
        }
    }
    findings
}

#[test]
fn an_undocumented_parameter_output_or_module_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found("infra/main.bicep", "param changeAlarm bool", "param alarm bool"), 1);
    assert_eq!(found("infra/main.bicep", "output ARCHIVIST_APP_URL", "output ARCHIVIST_URL"), 1);
    assert_eq!(found(PAGE, "have not been deployed by the tests", "work"), 1);
    assert!(found(PAGE, "`cors.bicep`", "`cross.bicep`") >= 1);
}

#[test]
fn a_missing_warning_or_right_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    for text in WARNINGS.into_iter().chain(BY_HAND) {
        assert_eq!(found(PAGE, text, "…"), 1, "{text}");
    }
    for role in BY_HAND {
        assert_eq!(found("docs/rights.md", role, "…"), 1, "{role}");
    }
    assert_eq!(found(PAGE, "/config/configreferences/appsettings/refresh", "/restart"), 1);
    assert_eq!(found(PAGE, "keeps the old value. To use", "keeps the old value, or at a restart. To use"), 1);
}
