//! Rule: every used name is declared, and every declared name is used.

use std::collections::BTreeSet;

use crate::repository::Repository;
use crate::syntax::Syntax;
use crate::template::{Kind, Template};

/// Functions and namespaces of the language in use.
const OF_THE_LANGUAGE: [&str; 31] = [
    "allowed", "batchSize", "cidrSubnet", "concat", "description", "empty", "environment", "filter", "guid", "indexOf",
    "items", "join", "last", "loadJsonContent", "loadTextContent", "map", "maxLength", "maxValue", "metadata",
    "minLength", "minValue", "replace", "resourceGroup", "resourceId", "split", "subscription",
    "subscriptionResourceId", "take", "tenant", "toLower", "toObject",
];

/// Further functions of the language, which fewer files use.
const MORE_OF_THE_LANGUAGE: [&str; 3] = ["secure", "union", "uniqueString"];

/// Checks the names of every file.
pub fn check(repository: &Repository) -> Vec<String> {
    repository.templates.iter().flat_map(|template| in_template(template)).collect()
}

fn in_template(template: &Template) -> Vec<String> {
    let mut declared: BTreeSet<&str> = template.declarations.iter().map(|it| it.name.as_str()).collect();
    let types = template.root.children.iter().filter(|node| node.kind == "type_declaration");
    declared.extend(types.filter_map(|node| node.children.first()).map(|name| name.text.as_str()));
    let mut local = BTreeSet::new();
    for node in template.root.all() {
        local.extend(locals(node));
    }
    let mut used = Vec::new();
    for node in &template.root.children {
        uses(node, &mut used);
    }
    let of_the_language = |name: &str| OF_THE_LANGUAGE.contains(&name) || MORE_OF_THE_LANGUAGE.contains(&name);
    let unknown = used.iter().filter(|node| {
        let name = node.text.as_str();
        !declared.contains(name) && !local.contains(name) && !of_the_language(name)
    });
    let mut findings: Vec<_> =
        unknown.map(|node| template.finding(node.line, &format!("{} is declared nowhere", node.text))).collect();
    for it in
        template.declarations.iter().filter(|it| matches!(it.kind, Kind::Parameter | Kind::Variable | Kind::Existing))
    {
        if !used.iter().any(|node| node.text == it.name) {
            findings.push(template.finding(it.syntax.line, &format!("nobody uses {}", it.name)));
        }
    }
    findings
}

/// Returns the names declared by a loop or a lambda.
fn locals(node: &Syntax) -> Vec<&str> {
    match (node.kind.as_str(), node.children.as_slice()) {
        ("for_statement", [first, ..]) if first.kind == "identifier" => vec![&first.text],
        ("for_loop_parameters", names) => names.iter().map(|name| name.text.as_str()).collect(),
        ("lambda_expression", [parameter, _]) => parameter.all().iter().map(|name| name.text.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Collects the names used by a node, without property names and its own declarations.
fn uses<'a>(node: &'a Syntax, used: &mut Vec<&'a Syntax>) {
    match node.kind.as_str() {
        "identifier" => used.push(node),
        // An interpolated key is an expression.
        "object_property" if node.children.len() == 2 => {
            if node.children[0].kind == "string" {
                uses(&node.children[0], used);
            }
            uses(&node.children[1], used);
        }
        kind if kind.ends_with("_declaration") => node.children.iter().skip(1).for_each(|child| uses(child, used)),
        _ => node.children.iter().for_each(|child| uses(child, used)),
    }
}

#[test]
fn a_name_that_is_declared_nowhere_and_one_that_nobody_uses_are_found() {
    let found = |text: &str| check(&Repository::of(&[("infra/a.bicep", text)]));
    let sound = "param a string\nparam b array\nvar c = map(b, item => '${a}${item.name}')\noutput d array = [for (x, i) in c: { '${x}': i }]\n";
    assert_eq!(found(sound), [""; 0]);
    assert_eq!(found("param a string\n"), ["infra/a.bicep:1: nobody uses a"]);
    assert_eq!(found("output d string = e.outputs.id\n"), ["infra/a.bicep:1: e is declared nowhere"]);
    assert_eq!(
        found("param a string\noutput d string = uniqString(a)\n"),
        ["infra/a.bicep:2: uniqString is declared nowhere"]
    );
    assert_eq!(found("param a string\noutput d string = '${aa}${a}'\n").len(), 1);
}
