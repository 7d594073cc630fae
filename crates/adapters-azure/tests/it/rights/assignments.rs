//! Reads a role assignment: its holders, its scopes, and the rights of its roles.

use std::collections::BTreeSet;

use super::grants::{Grant, GrantOptions, Rights, Who};
use super::template::{Block, Templates, blocks, quoted, variable};
use super::{builtin, scopes};

/// Grants of an assignment in this file.
pub fn assigned(templates: &Templates, file: &str, block: &Block<'_>, options: GrantOptions) -> Vec<Grant> {
    let text = templates.file(file);
    let told = |name| block.property(name).unwrap_or_else(|| panic!("{file}: an assignment has no {name}"));
    let (item, list) = block.repeated().unwrap_or_default();
    let principal = told("principalId");
    let parameter = match principal.split_once('.') {
        Some((of, _)) if of == item => list,
        _ => principal,
    };
    let definition = told("roleDefinitionId").rsplit_once(", ").unwrap().1.trim_end_matches(')');
    let roles: Vec<(String, Rights)> = if definition == item {
        variable(text, list)
            .lines()
            .filter_map(|line| line.trim().strip_prefix("roles."))
            .map(|name| built_in(templates, name))
            .collect()
    } else if let Some(name) = definition.strip_prefix("roles.") {
        vec![built_in(templates, name)]
    } else {
        vec![custom(templates, &kind(variable(text, definition)), options)]
    };
    let only_in = block.property("condition").map(|condition| limited(text, condition));
    let scopes = scopes::of_assignment(file, told("scope"));
    let mut grants = Vec::new();
    for who in principals(templates, file, parameter) {
        for scope in &scopes {
            grants.extend(roles.iter().cloned().map(|(role, rights)| Grant {
                who,
                scope: scope.clone(),
                role,
                rights,
                only_in: only_in.clone(),
            }));
        }
    }
    assert!(!grants.is_empty(), "{file}: the role has no holder");
    grants
}

fn built_in(templates: &Templates, name: &str) -> (String, Rights) {
    let role = builtin::by_id(&templates.role_id(name));
    (role.name.to_owned(), role.rights())
}

/// Kind of a custom role in the expression of its name: `'bastion-archivist-recordings'`.
fn kind(expression: &str) -> String {
    let kinds: BTreeSet<String> =
        quoted(expression).into_iter().filter(|text| text.starts_with("bastion-archivist-")).collect();
    kinds.into_iter().next().unwrap_or_else(|| panic!("no custom role: {expression}"))
}

fn custom(templates: &Templates, wanted: &str, options: GrantOptions) -> (String, Rights) {
    for (_, text) in templates.files() {
        for block in blocks(text, "resource ", "Microsoft.Authorization/roleDefinitions@") {
            if kind(block.property("name").unwrap()) == wanted {
                let told = |list| evaluated(text, block.property(list).unwrap(), options);
                let rights = Rights { actions: told("actions"), data_actions: told("dataActions") };
                let none = ["notActions", "notDataActions"].map(|list| block.property(list).unwrap());
                assert_eq!(none, ["[]"; 2], "{wanted}");
                return (wanted.to_owned(), rights);
            }
        }
    }
    panic!("no custom role {wanted}")
}

/// Actions of `[…]`, of a variable, of `concat(a, b)`, or of a choice by `mayDelete`.
fn evaluated(text: &str, expression: &str, options: GrantOptions) -> Vec<String> {
    if let Some((condition, rest)) = expression.split_once(" ? ") {
        assert_eq!(condition, "mayDelete");
        let (with, without) = rest.split_once(" : ").unwrap();
        return evaluated(text, if options.may_delete { with } else { without }, options);
    }
    if let Some(parts) = expression.strip_prefix("concat(") {
        return parts.trim_end_matches(')').split(", ").flat_map(|part| evaluated(text, part, options)).collect();
    }
    if expression.starts_with('[') {
        quoted(expression)
    } else {
        quoted(variable(text, expression))
    }
}

/// Action and containers of a condition. Only this form of a condition is understood:
/// `((!(ACTION)) OR (CONTAINER))` with both parts in variables.
fn limited(text: &str, condition: &str) -> (String, Vec<String>) {
    assert_eq!(condition, r"'((!(${readsBlob})) OR (${isContainer}))'");
    let action = variable(text, "readsBlob").split(r"\'").nth(1).unwrap();
    let named = r"containers:name] StringEquals \'${name}\''), ' OR ')";
    let is_container = variable(text, "isContainer");
    assert!(is_container.starts_with("join(map(containers, name => '@Resource[") && is_container.ends_with(named));
    (action.to_owned(), scopes::LOG_CONTAINERS.map(str::to_owned).into())
}

/// Holders behind a parameter of a module, from the arguments in all uses of the module.
fn principals(templates: &Templates, file: &str, parameter: &str) -> BTreeSet<Who> {
    let mut found = BTreeSet::new();
    for (user, text) in templates.files() {
        for block in blocks(text, "module ", "").filter(|block| named(block) == file) {
            let Some(argument) = block.property(parameter) else {
                panic!("{user}: {file} lacks {parameter}")
            };
            if argument == "principalId" {
                found.extend(principals(templates, user, argument));
            }
            let signs =
                [("identity.", Who::App), ("[app]", Who::App), ("operator", Who::Operator), ("topic", Who::Topic)];
            found.extend(signs.into_iter().filter(|(sign, _)| argument.contains(sign)).map(|(_, who)| who));
        }
    }
    found
}

/// Name of the module that a block uses: `modules/vault.bicep` is `vault`.
fn named<'a>(block: &Block<'a>) -> &'a str {
    let path = block.head.split('\'').nth(1).unwrap_or_default();
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".bicep")
}
