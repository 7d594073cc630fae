//! Checks that each function has one name: folder = module = route =
//! deployed function = span = entry in the registry = row of `docs/functions.md`.

pub mod binding;

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::source::Source;
use super::tree::Tree;

const REGISTRY: &str = "functions/registry.rs";
const ROUTER: &str = "functions/router.rs";
const PAGE: &str = "docs/functions.md";

/// Checks every function that has a `function.json`, a route or a row of `docs/functions.md`.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let deployed = deployed(tree);
    let routes = routes(tree.file(ROUTER).unwrap_or_default(), &templates(tree));
    let rows = rows(tree.file(PAGE).unwrap_or_default());
    let named: BTreeSet<&String> = deployed.iter().chain(&routes).chain(&rows).collect();
    let mut findings = Vec::new();
    for name in named {
        if !routes.contains(name) {
            findings.push(Finding::file(ROUTER, format!("no route \"/{name}\"")));
        }
        if !rows.contains(name) {
            findings.push(Finding::file(PAGE, format!("no row `{name}` in the table of functions")));
        }
        findings.extend(check_folder(tree, name));
    }
    findings
}

fn check_folder(tree: &Tree, name: &str) -> Vec<Finding> {
    let folder = format!("functions/{name}/");
    let mut findings = Vec::new();
    let mut find = |path: &str, what: String| findings.push(Finding::file(path, what));
    if !is_function_name(name) {
        find(&folder, "a function's name is a lower-case letter, then at most 127 of a-z, 0-9 and _".to_owned());
    }
    if !declares(tree.file("functions/lib.rs").unwrap_or_default(), name) {
        find("functions/lib.rs", format!("no `pub mod {name};`"));
    }
    if !has_literal(tree.file(REGISTRY).unwrap_or_default(), name) {
        find(REGISTRY, format!("no \"{name}\""));
    }
    let module = format!("{folder}mod.rs");
    match tree.file(&module) {
        None => find(&module, "missing: the function has no module".to_owned()),
        Some(text) if !has_literal(text, name) => {
            find(&module, format!("the text \"{name}\" is missing; the span takes its name from it"));
        }
        Some(_) => {}
    }
    let deployment = format!("{folder}function.json");
    match tree.file(&deployment) {
        None => find(&deployment, "missing: the host does not see the function".to_owned()),
        Some(text) => binding::problems(text).into_iter().for_each(|what| find(&deployment, what)),
    }
    for path in tree.files.keys().filter(|path| path.starts_with(&folder)) {
        if !path.ends_with(".rs") && **path != deployment {
            find(path, "a function's folder holds function.json and Rust files, nothing else".to_owned());
        }
    }
    findings
}

/// Returns the folders that contain a `function.json`.
fn deployed(tree: &Tree) -> BTreeSet<String> {
    let names = tree.files.keys().filter_map(|path| path.strip_prefix("functions/")?.strip_suffix("/function.json"));
    names.map(str::to_owned).collect()
}

/// Maps the route of each HTTP-triggered function to the function's name.
fn templates(tree: &Tree) -> BTreeMap<String, String> {
    let template = |name: String| Some((binding::route(tree.file(&format!("functions/{name}/function.json"))?)?, name));
    deployed(tree).into_iter().filter_map(template).collect()
}

/// Returns the functions named by the `"/name"` literals of the router before its tests. `"/route"` stands for the
/// function that has this route.
fn routes(router: &str, templates: &BTreeMap<String, String>) -> BTreeSet<String> {
    let source = Source::read(router);
    let tests_begin = source.tests_begin();
    let literals = source.literals.iter().filter(|(line, _)| *line < tests_begin);
    let names = literals.filter_map(|(_, literal)| literal.strip_prefix('/'));
    let begins = |name: &str, template: &str| template.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
    let function = |name: &str| match templates.get(name) {
        Some(function) => Some(function.clone()),
        None if templates.keys().any(|template| begins(name, template)) => None,
        None => Some(name.to_owned()).filter(|name| is_function_name(name)),
    };
    names.filter_map(function).collect()
}

/// Returns the first cells that are one word in backticks, from the first table under a heading that contains
/// "functions".
fn rows(readme: &str) -> BTreeSet<String> {
    let is_heading = |line: &str| line.starts_with('#') && line.to_lowercase().contains("functions");
    let after = readme.lines().skip_while(|line| !is_heading(line)).skip(1);
    let section = after.take_while(|line| !line.starts_with('#'));
    let table = section.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = table.filter_map(|line| line.split('|').nth(1));
    cells.filter_map(|cell| Some(cell.trim().strip_prefix('`')?.strip_suffix('`')?.to_owned())).collect()
}

fn has_literal(text: &str, name: &str) -> bool {
    Source::read(text).literals.iter().any(|(_, literal)| literal == name)
}

fn declares(library: &str, name: &str) -> bool {
    let declaration = format!("pub mod {name};");
    Source::read(library).lines().any(|(_, line)| line.trim() == declaration)
}

/// Accepts a subset of the host's names: the host also allows upper case and `-`, but neither is valid in a Rust
/// module name.
pub fn is_function_name(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests;
