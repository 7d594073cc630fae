//! Rule: every file of the templates is in use. The compiler does not see unused files.

use std::collections::BTreeSet;

use crate::repository::Repository;
use crate::template::DeclarationKind;

/// Entry templates; every other file is a module of one of them.
const ENTRIES: [&str; 2] = ["infra/main.bicep", "infra/demo/main.bicep"];

/// Checks that each file is an entry or a module.
pub fn check(repository: &Repository) -> Vec<String> {
    let modules = repository.templates.iter().flat_map(|template| {
        template.declarations(DeclarationKind::Module).map(|module| resolved(&template.path, &module.of))
    });
    let used: BTreeSet<String> = modules.collect();
    let left =
        repository.templates.iter().filter(|it| !used.contains(&it.path) && !ENTRIES.contains(&it.path.as_str()));
    left.map(|template| template.finding(1, "this file is not used")).collect()
}

/// Resolves the path of a module relative to the file `from`.
fn resolved(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn an_unused_module_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found("infra/main.bicep", "'modules/budget.bicep'", "'modules/workbook.bicep'"), 1);
}

#[test]
fn a_path_is_resolved_from_its_file() {
    assert_eq!(resolved("infra/demo/main.bicep", "../main.bicep"), "infra/main.bicep");
    assert_eq!(resolved("infra/modules/a.bicep", "b.bicep"), "infra/modules/b.bicep");
}
