//! The rights that the templates grant.

use std::fmt;

use super::assignments::assigned;
use super::need::Need;
use super::scopes;
use super::template::{Templates, blocks};

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
    /// Action that the condition of the assignment limits to some containers, and the containers.
    pub only_in: Option<(String, Vec<String>)>,
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
pub struct GrantOptions {
    /// `retentionEnforce`, with `retentionExecutor` `archivist`.
    pub may_delete: bool,
}

#[derive(Debug, Clone)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// Reads the grants of a deployment with every optional right.
    pub fn from_templates(templates: &Templates, options: GrantOptions) -> Self {
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
        let meets = self.only_in.as_ref().is_none_or(|(limited, containers)| {
            let is_in = |name: &String| scopes::is_within(scope, &scopes::container(&self.scope, name));
            !limited.eq_ignore_ascii_case(action) || containers.iter().any(is_in)
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

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::App => "the app",
            Self::Operator => "people with the command line",
            Self::Topic => "each system topic",
        })
    }
}
