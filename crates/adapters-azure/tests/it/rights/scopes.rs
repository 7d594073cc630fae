//! Resource ids of an installation, and the resources that the templates name.

pub const BASTION: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas";
pub const RECORDINGS: &str =
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stbastionrec01";
pub const AUDIT: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/staudit01";
pub const STATE: &str =
    "/subscriptions/s/resourceGroups/rg-archivist/providers/Microsoft.Storage/storageAccounts/starchivist";
pub const TOPIC: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.EventGrid/systemTopics/evgt";
pub const AUDIT_TOPIC: &str =
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.EventGrid/systemTopics/evgt-audit";
const VAULT: &str = "/subscriptions/s/resourceGroups/rg-archivist/providers/Microsoft.KeyVault/vaults/kv";
const COMPONENT: &str = "/subscriptions/s/resourceGroups/rg-archivist/providers/Microsoft.Insights/components/appi";
pub const RECORDINGS_CONTAINER: &str = "recordings";
pub const AUDIT_CONTAINER: &str = "insights-logs-bastionauditlogs";
/// Containers that the platform writes logs into.
pub const LOG_CONTAINERS: [&str; 4] =
    [AUDIT_CONTAINER, "insights-logs-storageread", "insights-logs-storagewrite", "insights-logs-storagedelete"];

pub fn container(account: &str, name: &str) -> String {
    format!("{account}/blobServices/default/containers/{name}")
}

pub fn queue(name: &str) -> String {
    format!("{STATE}/queueServices/default/queues/{name}")
}

pub fn table(name: &str) -> String {
    format!("{STATE}/tableServices/default/tables/{name}")
}

/// Account that owns a container. An emulator has all containers in one account.
pub fn account_of(container: &str) -> &'static str {
    match container {
        RECORDINGS_CONTAINER => RECORDINGS,
        name if LOG_CONTAINERS.contains(&name) => AUDIT,
        _ => STATE,
    }
}

/// Resources on which a module assigns a role, from the module's name and the expression after `scope:`.
pub fn of_assignment(module: &str, expression: &str) -> Vec<String> {
    let own = |id: &str| vec![id.to_owned()];
    match (module, expression) {
        ("state-access" | "operator-access", "account") => own(STATE),
        ("recordings-access", "recordings") => vec![container(RECORDINGS, RECORDINGS_CONTAINER)],
        ("audit-access", "account") => own(AUDIT),
        ("account-reader", "account") => vec![RECORDINGS.to_owned(), AUDIT.to_owned()],
        ("account-reader", "topic") => vec![TOPIC.to_owned(), AUDIT_TOPIC.to_owned()],
        ("bastion-reader", "bastion") | ("live-sessions", "bastion[index]") => own(BASTION),
        ("topic-access", "queue[index]") => {
            ["recording-events", "audit-log-events", "resource-events"].map(queue).into()
        }
        ("topic-access", "deadLetters") => vec![container(STATE, "dead-letters")],
        ("vault", "vault") => own(VAULT),
        ("telemetry", "component") => own(COMPONENT),
        other => panic!("the scope of an assignment is unknown: {other:?}"),
    }
}

/// Name of a scope on the page.
pub fn title(scope: &str) -> String {
    let named = [
        (container(RECORDINGS, RECORDINGS_CONTAINER), "container of recordings"),
        (RECORDINGS.to_owned(), "accounts of recordings and audit logs"),
        (AUDIT.to_owned(), "accounts of recordings and audit logs"),
        (container(AUDIT, AUDIT_CONTAINER), "containers of audit logs and accesses, by a condition on their account"),
        (TOPIC.to_owned(), "system topics of these accounts"),
        (AUDIT_TOPIC.to_owned(), "system topics of these accounts"),
        (BASTION.to_owned(), "bastion"),
        (STATE.to_owned(), "our storage account"),
        (VAULT.to_owned(), "our vault"),
        (COMPONENT.to_owned(), "our Application Insights"),
        (container(STATE, "dead-letters"), "container `dead-letters`"),
    ];
    let found = named.into_iter().find(|(id, _)| id == scope).map(|(_, name)| name.to_owned());
    found.unwrap_or_else(|| match scope.rsplit_once("/queues/") {
        Some((_, queue)) => format!("queue `{queue}`"),
        None => panic!("a scope has no title: {scope}"),
    })
}

/// True if a role on `outer` counts on `inner`, too.
pub fn is_within(inner: &str, outer: &str) -> bool {
    let (inner, outer) = (inner.to_ascii_lowercase(), outer.to_ascii_lowercase());
    inner.strip_prefix(&outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[test]
fn a_role_counts_on_the_scope_and_below() {
    let inner = container(STATE, "ledger");
    assert!(is_within(&inner, STATE) && is_within(&inner, &inner.to_uppercase()));
    assert!(!is_within(STATE, &inner) && !is_within(&format!("{STATE}2"), STATE));
}
