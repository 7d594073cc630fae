//! Granted rights are needed, and needed rights are granted.

use std::collections::BTreeSet;
use std::sync::Arc;

use azurite::Azurite;
use tokio::sync::OnceCell;

use super::builtin;
use super::calls::{RecordedCalls, Used};
use super::grants::{Grant, GrantOptions, Grants, Who};
use super::guard::Guard;
use super::need::Need;
use super::template::Templates;
use super::{commands, functions};
use crate::emulated::expiring;

pub const MAY_DELETE: GrantOptions = GrantOptions { may_delete: true };

/// Calls that are refused, and why that is right: holder, beginning of the need, reason.
pub const REFUSALS: [(Who, &str, &str); 6] = [
    (Who::App, "Get Blob Service Properties", "asks for the time of storage, which a refusal has as well"),
    (Who::Operator, "Get Blob Service Properties", "asks for the time of storage, which a refusal has as well"),
    (Who::Operator, "Delete Blob", "only the app deletes recordings"),
    (Who::Operator, "PUT `storageAccounts/managementPolicies`", "the rules of an account belong to its owner"),
    (Who::Operator, "POST `bastionHosts/getActiveSessions`", "people who watch sessions get a role of their own"),
    (Who::Operator, "POST `bastionHosts/disconnectActiveSessions`", "people who end sessions get a role of their own"),
];

/// Roles of which the code of this repository needs nothing or not all, and who does.
pub const FOR_OTHERS: [(Who, &str, &str); 5] = [
    (
        Who::App,
        "Storage Blob Data Owner",
        "the host: locks, keys and the package; its documentation asks for this role",
    ),
    (Who::App, "Key Vault Secrets User", "the platform: references to secrets in app settings"),
    (Who::App, "Monitoring Metrics Publisher", "the host: log lines"),
    (Who::Topic, "Storage Queue Data Message Sender", "Event Grid: delivery"),
    (Who::Topic, "Storage Blob Data Contributor", "Event Grid: undeliverable events"),
];

/// Calls of all functions and commands, with all rights that the templates can grant.
pub async fn calls() -> &'static RecordedCalls {
    static CALLS: OnceCell<Arc<RecordedCalls>> = OnceCell::const_new();
    let run = async || {
        let (grants, calls) = (Arc::new(Grants::from_templates(&Templates::here(), MAY_DELETE)), Arc::default());
        tokio::join!(functions::run(&grants, &calls), commands::run(&grants, &calls));
        calls
    };
    CALLS.get_or_init(run).await
}

pub fn reason_for_others(who: Who, role: &str) -> Option<&'static str> {
    FOR_OTHERS.into_iter().find(|(whose, name, _)| (*whose, *name) == (who, role)).map(|(.., reason)| reason)
}

/// Rights of custom roles that no call used, and assignments of built-in roles that are too wide.
fn excess(grants: &Grants, used: &BTreeSet<Used>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for grant in grants.0.iter().filter(|grant| reason_for_others(grant.who, &grant.role).is_none()) {
        let same = |used: &&Used| (used.who, used.role.as_str()) == (grant.who, grant.role.as_str());
        let is_used = |action: &String| used.iter().filter(same).any(|used| used.action.eq_ignore_ascii_case(action));
        let whose = format!("{}, {}", grant.who, grant.role);
        if builtin::by_name(&grant.role).is_none() {
            let unused = grant.rights.all().filter(|action| !is_used(action));
            found.extend(unused.map(|action| format!("{whose}: no call needs {action}")));
        } else {
            let there: Vec<&Used> = used.iter().filter(same).filter(|used| used.scope == grant.scope).collect();
            if there.is_empty() {
                found.insert(format!("{whose}: no call needs it on {}", grant.scope));
            }
            let needed: BTreeSet<&str> = used.iter().filter(same).map(|used| used.action.as_str()).collect();
            found.extend(smaller(grant, &needed).map(|role| format!("{whose}: {role} is enough")));
        }
    }
    found.into_iter().collect()
}

/// Needs of calls that these grants do not meet.
fn missing(grants: &Grants, needs: &BTreeSet<(Who, Need)>) -> Vec<String> {
    let is_met = |who: Who, need: &Need| !grants.behind(who, need).is_empty();
    needs.iter().filter(|(who, need)| !is_met(*who, need)).map(|(who, need)| format!("{who}: {need}")).collect()
}

/// Built-in roles with fewer rights that cover the needed ones.
fn smaller(grant: &Grant, needed: &BTreeSet<&str>) -> impl Iterator<Item = &'static str> {
    builtin::ROLES.iter().filter_map(move |role| {
        let rights = role.rights();
        let is_part = rights.all().all(|action| grant.rights.cover(action));
        let is_less = is_part && !grant.rights.all().all(|action| rights.cover(action));
        (is_less && needed.iter().all(|action| rights.cover(action))).then_some(role.name)
    })
}

#[tokio::test]
async fn only_documented_calls_lack_their_right() {
    let refused = calls().await.refused();
    let known = |(who, need): &&(Who, String)| {
        REFUSALS.iter().any(|(whose, begins, _)| who == whose && need.starts_with(begins))
    };
    let unknown: Vec<_> = refused.iter().filter(|one| !known(one)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for (who, begins, reason) in REFUSALS {
        assert!(refused.iter().any(|(whose, need)| *whose == who && need.starts_with(begins)), "{begins}: {reason}");
    }
}

#[tokio::test]
async fn no_granted_right_is_unused_or_too_wide() {
    let used = calls().await.used().into_keys().collect();
    let found = excess(&Grants::from_templates(&Templates::here(), MAY_DELETE), &used);
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn a_right_removed_from_a_template_is_missed() {
    let (templates, needs) = (Templates::here(), calls().await.granted());
    assert_eq!(missing(&Grants::from_templates(&templates, MAY_DELETE), &needs), [""; 0]);
    let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    for (file, text, other, operation) in [
        ("recordings-role", &*format!("'{blobs}/tags/write'"), "", "Set Blob Tags"),
        ("recordings-role", &*format!("'{blobs}/delete'"), "", "Delete Blob"),
        ("recordings-role", "containers/getAcl/action'", "containers/setAcl/action'", "Get Container ACL"),
        ("state-access", "roles.storageQueueDataContributor", "", "Get Messages"),
        ("operator-access", "roles.storageTableDataContributor", "", "Query Entities"),
        ("audit-access", "Definitions', roles.storageBlobDataReader", "Definitions', roles.reader", "Get Blob"),
        (
            "bastion-reader",
            "Definitions', roles.reader",
            "Definitions', roles.keyVaultSecretsUser",
            "GET `bastionHosts`",
        ),
        ("account-reader", "scope: topic\n", "scope: account\n", "GET `systemTopics`"),
        ("live-sessions", "getactivesessions/action']", "read']", "POST `bastionHosts/getActiveSessions`"),
        ("roles.json", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "76199698-9eea-4c19-bc75-cec21354c6b6", "Delete Entity"),
    ] {
        let found = missing(&Grants::from_templates(&templates.with(file, text, other), MAY_DELETE), &needs);
        assert!(found.iter().any(|found| found.contains(operation)), "{file}, {operation}: {found:#?}");
    }
}

#[tokio::test]
async fn a_needless_or_too_wide_right_in_a_template_is_found() {
    let (templates, used) = (Templates::here(), calls().await.used().into_keys().collect());
    let read = "blobs/read'\n";
    for (file, text, other) in [
        (
            "recordings-role",
            read,
            "blobs/read'\n  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'\n",
        ),
        ("operator-access", "roles.storageBlobDataContributor", "roles.storageBlobDataOwner"),
        ("operator-access", "roles.storageTableDataContributor", "roles.storageTableDataContributor\n  roles.reader"),
        ("audit-access", "Definitions', roles.storageBlobDataReader", "Definitions', roles.storageBlobDataContributor"),
    ] {
        let found = excess(&Grants::from_templates(&templates.with(file, text, other), MAY_DELETE), &used);
        assert!(!found.is_empty(), "{file}: {other}");
    }
}

#[tokio::test]
async fn without_the_right_to_delete_a_recording_stays() {
    let grants = Arc::new(Grants::from_templates(&Templates::here(), GrantOptions { may_delete: false }));
    let (world, calls) = (expiring::ExpiringWorld::new(Azurite::shared().unwrap()).await, Arc::default());
    let app = Guard::new(Who::App, &grants, &calls).before(world.account());
    world.archivist(Some(app)).retention.run_retention(&|| true).await.unwrap();
    assert!(world.is_there().await);
    assert!(calls.refused().iter().any(|(_, need)| need.starts_with("Delete Blob ")), "{calls:?}");
}
