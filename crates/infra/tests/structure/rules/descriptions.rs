//! Rule: parameters and outputs are described, because people who deploy read nothing else.

use crate::repository::Repository;
use crate::template::DeclarationKind;

/// Checks that every parameter and output is described by a sentence.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Vec::new();
    for template in &repository.templates {
        for declaration in
            template.declarations(DeclarationKind::Parameter).chain(template.declarations(DeclarationKind::Output))
        {
            let described = declaration.decorator("description").and_then(|arguments| arguments.first()?.plain());
            if described.is_none_or(|text| !text.contains(' ') || !text.ends_with('.')) {
                let what = format!("{} is not described by a sentence", declaration.name);
                findings.push(template.finding(declaration.syntax.line, &what));
            }
        }
    }
    findings
}

#[test]
fn a_missing_description_is_found() {
    let found = |text: &str| check(&Repository::from_files(&[("infra/a.bicep", text)])).len();
    assert_eq!(found("@description('The name of it.')\n@minLength(3)\nparam name string\n"), 0);
    assert_eq!(found("@minLength(3)\nparam name string\n"), 1);
    assert_eq!(found("@description('')\nparam name string\n"), 1);
    assert_eq!(found("@description('The name of it.')\nvar a = 1\noutput name string = a\n"), 1);
}
