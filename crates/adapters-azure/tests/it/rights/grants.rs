//! The rights that the templates grant.

use std::collections::BTreeSet;
use std::fmt;

use super::builtin;
use super::need::Need;
use super::scopes;
use super::template::{Block, Templates, blocks, quoted, variable};

/// Holder of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    App,
    /// Person with the command line.
    Operator,
    /// System topic of Event Grid.
    Topic,
}

/// One role on one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub who: Who,
    pub scope: String,
    /// Id in `roles.json`, or the kind of a custom role.
    pub role: String,
    pub rights: Rights,
    /// Action that the condition of the assignment limits to one container, and the container.
    pub only_in: Option<(String, String)>,
}

/// Actions of a role. An action never grants a data action, not even by a wildcard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    pub actions: Vec<String>,
    pub data_actions: Vec<String>,
}

impl Rights {
    pub fn new(actions: &[&str], data_actions: &[&str]) -> Self {
        let [actions, data_actions] =
            [actions, data_actions].map(|list| list.iter().map(|action| (*action).to_owned()).collect());
        Self { actions, data_actions }
    }

    pub fn cover(&self, action: &str) -> bool {
        let list = if is_data(action) { &self.data_actions } else { &self.actions };
        list.iter().any(|own| fits(own, action))
    }

    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.actions.iter().chain(&self.data_actions)
    }
}

/// True if the scope is a resource of the type that the action names.
fn is_of_type(scope: &str, action: &str) -> bool {
    let kind = action.rsplit_once('/').map_or(action, |(kind, _)| kind);
    scope.rsplit_once('/').is_some_and(|(before, _)| before.ends_with(&format!("/providers/{kind}")))
}

/// True for actions on content: blobs, messages and entities.
fn is_data(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    ["/containers/blobs/", "/queues/messages/", "/tables/entities/", "/vaults/secrets/"]
        .iter()
        .any(|part| action.contains(part))
}

/// Choices of a deployment.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// `retentionEnforce`, with `retentionExecutor` `archivist`.
    pub may_delete: bool,
}

#[derive(Debug, Clone)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// Reads the grants of a deployment with every optional right.
    pub fn of(templates: &Templates, options: Options) -> Self {
        let assignments = templates.files().flat_map(|(file, text)| {
            let blocks = blocks(text, "resource ", "Microsoft.Authorization/roleAssignments@");
            blocks.flat_map(move |block| assigned(templates, file, &block, options))
        });
        Self(assignments.collect())
    }

    /// The grants behind a need: all that grant its first alternative that is granted completely. Empty if none is.
    pub fn behind<'a>(&'a self, who: Who, need: &Need) -> Vec<(&'a Grant, String)> {
        let permits = |grant: &&Grant, action: &str| {
            let is_listed = || is_of_type(&grant.scope, action) && scopes::is_within(&grant.scope, &need.scope);
            let counts = grant.permits(action, &need.scope);
            grant.who == who && (counts || need.is_filtered && is_listed() && grant.rights.cover(action))
        };
        let behind = |action: &String| -> Vec<(&'a Grant, String)> {
            self.0.iter().filter(|grant| permits(grant, action)).map(|grant| (grant, action.clone())).collect()
        };
        let lists = need.any_of.iter().map(|all| all.iter().map(behind).collect::<Vec<_>>());
        let granted = lists.into_iter().find(|list| list.iter().all(|grants| !grants.is_empty()));
        granted.unwrap_or_default().concat()
    }
}

impl Grant {
    pub fn permits(&self, action: &str, scope: &str) -> bool {
        let meets = self.only_in.as_ref().is_none_or(|(limited, container)| {
            !limited.eq_ignore_ascii_case(action)
                || scopes::is_within(scope, &scopes::container(&self.scope, container))
        });
        meets && scopes::is_within(scope, &self.scope) && self.rights.cover(action)
    }
}

/// True if an action of a list, perhaps with a wildcard, covers the action. Case makes no difference.
fn fits(own: &str, action: &str) -> bool {
    let (own, action) = (own.to_ascii_lowercase(), action.to_ascii_lowercase());
    match own.split_once('*') {
        None => own == action,
        Some((before, after)) => {
            action.len() >= before.len() + after.len() && action.starts_with(before) && action.ends_with(after)
        }
    }
}

fn assigned(templates: &Templates, file: &str, block: &Block<'_>, options: Options) -> Vec<Grant> {
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
    assert!(!grants.is_empty(), "{file}: nobody has the role");
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

fn custom(templates: &Templates, wanted: &str, options: Options) -> (String, Rights) {
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
fn evaluated(text: &str, expression: &str, options: Options) -> Vec<String> {
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

/// Action and container of a condition. Only this form of a condition is understood:
/// `((!(ACTION)) OR (CONTAINER))` with both parts in variables.
fn limited(text: &str, condition: &str) -> (String, String) {
    assert_eq!(condition, r"'((!(${readsBlob})) OR (${isContainer}))'");
    let action = variable(text, "readsBlob").split(r"\'").nth(1).unwrap();
    assert!(variable(text, "isContainer").ends_with(r"containers:name] StringEquals \'${container}\''"));
    (action.to_owned(), scopes::AUDIT_CONTAINER.to_owned())
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

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::App => "the app",
            Self::Operator => "people with the command line",
            Self::Topic => "each system topic",
        })
    }
}
