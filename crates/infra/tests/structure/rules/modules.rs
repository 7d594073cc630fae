//! Rule: modules fit together: parameters passed are declared, and outputs read exist.

use std::collections::BTreeSet;

use regex_lite::Regex;

use crate::repository::Repository;
use crate::template::{Declaration, Kind, Template};

/// Entry templates; every other file is a module of one of them.
const ENTRIES: [&str; 2] = ["infra/main.bicep", "infra/demo/main.bicep"];

/// Checks that every module exists, gets exactly the parameters it needs and has the outputs read from it, and that no
/// file is unused.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for template in &repository.templates {
        for module in template.of(Kind::Module) {
            let path = resolved(&template.path, &module.of);
            let Some(target) = repository.template(&path) else {
                findings.push(template.finding(module.syntax.line, &format!("there is no {path}")));
                continue;
            };
            let wrong = problems(template, module, target).into_iter();
            findings
                .extend(wrong.map(|what| template.finding(module.syntax.line, &format!("{}: {what}", module.name))));
            used.insert(path);
        }
    }
    let left =
        repository.templates.iter().filter(|it| !used.contains(&it.path) && !ENTRIES.contains(&it.path.as_str()));
    findings.extend(left.map(|template| template.finding(1, "nobody uses this file")));
    findings
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

fn problems(template: &Template, module: &Declaration, target: &Template) -> Vec<String> {
    let body = module.body();
    let params: BTreeSet<String> = body
        .paths()
        .into_iter()
        .filter_map(|path| {
            let name = path.trim_start_matches("[].").strip_prefix("params.")?;
            (!name.contains(['.', '['])).then(|| name.to_owned())
        })
        .collect();
    let mut problems = Vec::new();
    for param in target.of(Kind::Parameter) {
        let is_optional = param.value.is_some() || param.of.ends_with('?');
        if !is_optional && !params.contains(&param.name) {
            problems.push(format!("{} needs {}", target.path, param.name));
        }
    }
    let declared: BTreeSet<&str> = target.of(Kind::Parameter).map(|param| param.name.as_str()).collect();
    problems.extend(
        params
            .iter()
            .filter(|name| !declared.contains(name.as_str()))
            .map(|name| format!("{} takes no {name}", target.path)),
    );
    let read = Regex::new(&format!(r"\b{}(\[[^\n]*?\])?[!?]?\.outputs\.(\w+)", module.name)).unwrap();
    let given: BTreeSet<&str> = target.of(Kind::Output).map(|output| output.name.as_str()).collect();
    for output in read.captures_iter(&template.text).map(|found| found[2].to_owned()) {
        if !given.contains(output.as_str()) {
            problems.push(format!("{} gives no {output}", target.path));
        }
    }
    let of_subscription = |it: &Template| it.text.contains("targetScope = 'subscription'");
    let has_scope = body.paths().iter().any(|path| path.trim_start_matches("[].") == "scope");
    if of_subscription(template) && of_subscription(target) == has_scope {
        problems.push("its scope is not the one that the file is for".to_owned());
    }
    problems
}

#[test]
fn files_that_do_not_fit_are_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    let main = "infra/main.bicep";
    assert_eq!(found(main, "'modules/budget.bicep'", "'modules/budgets.bicep'"), 2);
    assert_eq!(found(main, "    emails: alertEmails\n", ""), 1);
    assert_eq!(found(main, "    amount: monthlyBudget\n", "    sum: monthlyBudget\n"), 2);
    assert_eq!(found(main, "identity.outputs.clientId", "identity.outputs.clientID"), 1);
    assert_eq!(found("infra/modules/vault.bicep", "output uri ", "output url "), 1);
    assert_eq!(
        found("infra/modules/estate.bicep", "topic[index].outputs.principalId", "topic[index].outputs.principal"),
        1
    );
    assert_eq!(found("infra/modules/estate.bicep", "targetScope = 'subscription'", ""), 1);
    assert_eq!(
        found(
            main,
            "module budget 'modules/budget.bicep' = if (monthlyBudget > 0 && !empty(alertEmails)) {\n  name: 'budget'\n  scope: group\n",
            "module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {\n  name: 'budget'\n"
        ),
        1
    );
}

#[test]
fn a_path_is_resolved_from_its_file() {
    assert_eq!(resolved("infra/demo/main.bicep", "../main.bicep"), "infra/main.bicep");
    assert_eq!(resolved("infra/modules/a.bicep", "b.bicep"), "infra/modules/b.bicep");
}
