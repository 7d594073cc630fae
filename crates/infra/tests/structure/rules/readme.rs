//! Rule: one page documents every parameter, output and module.

use crate::repository::Repository;
use crate::template::DeclarationKind;

const PAGE: &str = "infra/README.md";

/// Checks that the page lists the parameters and outputs of the two entry templates and all modules, and says the
/// templates have not been deployed by the tests.
pub fn check(repository: &Repository) -> Vec<String> {
    let page = repository.file(PAGE);
    let mut names = Vec::new();
    for template in &repository.templates {
        match template.path.strip_prefix("infra/") {
            Some("main.bicep" | "demo/main.bicep") => {
                let told = template.of(DeclarationKind::Parameter).chain(template.of(DeclarationKind::Output));
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
