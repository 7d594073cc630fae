//! Checks docs/rights.md: each right, its holder, and the calls that need it.

use std::collections::{BTreeMap, BTreeSet};

use super::builtin;
use super::grants::{Grant, Grants};
use super::scopes;
use super::template::Templates;
use super::unused::{FOR_OTHERS, MAY_DELETE, REFUSALS, calls, reason_for_others};

const PAGE: &str = include_str!("../../../../../docs/rights.md");

/// Lines of the table whose first heading is `first`, without the headings.
fn table(first: &str) -> Vec<&'static str> {
    let mut lines = PAGE.lines().skip_while(|line| !line.starts_with(&format!("| {first} |")));
    assert!(lines.next().is_some() && lines.next().is_some(), "no table under {first:?}");
    lines.take_while(|line| line.starts_with('|')).collect()
}

fn role(name: &str) -> String {
    if builtin::by_name(name).is_some() {
        format!("*{name}*")
    } else {
        "a role of our own".to_owned()
    }
}

fn scope(grant: &Grant) -> String {
    let limited = grant.only_in.as_ref().map(|(_, names)| scopes::container(&grant.scope, &names[0]));
    scopes::title(limited.as_deref().unwrap_or(&grant.scope))
}

/// Leaves out the common beginning of the actions of blobs, queues and tables.
fn short(action: &str) -> &str {
    let rest = action.strip_prefix("Microsoft.Storage/storageAccounts/");
    rest.filter(|rest| rest.contains("Services/")).unwrap_or(action)
}

/// One row for each right that a call used, and one for each role that others use.
async fn rows() -> Vec<String> {
    let (grants, used) = (Grants::from_templates(&Templates::here(), MAY_DELETE), calls().await.used());
    let mut rows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for grant in &grants.0 {
        let head = format!("| {} | {} | {}", grant.who, scope(grant), role(&grant.role));
        if let Some(reason) = reason_for_others(grant.who, &grant.role) {
            rows.entry(format!("{head} | all of the role")).or_default().insert(reason.to_owned());
        }
        let of_grant = used
            .iter()
            .filter(|(used, _)| (used.who, &used.scope, &used.role) == (grant.who, &grant.scope, &grant.role));
        for (used, operations) in of_grant {
            rows.entry(format!("{head} | `{}`", short(&used.action))).or_default().extend(operations.iter().cloned());
        }
    }
    let line = |(head, operations): (String, BTreeSet<String>)| {
        format!("{head} | {} |", operations.into_iter().collect::<Vec<_>>().join(", "))
    };
    rows.into_iter().map(line).collect()
}

#[tokio::test]
async fn the_documented_rights_are_current() {
    let rows = rows().await;
    assert_eq!(table("holder"), rows, "expected on the page:\n{}\n", rows.join("\n"));
    assert!(FOR_OTHERS.iter().all(|(_, name, _)| builtin::by_name(name).is_some()));
}

#[test]
fn the_documented_refusals_are_current() {
    let rows = REFUSALS.map(|(who, call, reason)| format!("| {who} | {call} | {reason} |"));
    assert_eq!(table("caller"), rows, "expected on the page:\n{}\n", rows.join("\n"));
}

/// Rights on resources that no template knows: holder, scope, role, actions and calls. `vault.rs` of these tests makes
/// the calls.
const BY_HAND: [(&str, &str, &str, &[&str], &str); 1] = [(
    "people who run `archivist evidence export --sign-key URL`",
    "the key in the vault",
    "Key Vault Crypto User",
    &["Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/vaults/keys/sign/action"],
    "Get Key, Sign",
)];

#[test]
fn the_documented_rights_given_by_hand_are_current() {
    let rows = BY_HAND.map(|(who, scope, role, actions, calls)| {
        let actions = actions.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(", ");
        format!("| {who} | {scope} | *{role}* | {actions} | {calls} |")
    });
    assert_eq!(table("by hand to"), rows, "expected on the page:\n{}\n", rows.join("\n"));
}
