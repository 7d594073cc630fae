//! Rights for calls of blobs and queues.
//!
//! After "Authorize with Microsoft Entra ID", section "Permissions for calling data operations", of the REST
//! documentation of Azure Storage. It does not name the rights for three parts of a request: tags in a listing need
//! `tags/read` ("List Blobs"), tags in the header of a write need `tags/write` ("Put Blob"), and a condition on tags is
//! assumed to need `tags/read`.

use azure_core::http::{Method, Request};

use super::need::{Need, header, parameter};
use super::scopes;

const SERVICE: &str = "Microsoft.Storage/storageAccounts/blobServices";
const CONTAINERS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers";
const BLOBS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
const QUEUES: &str = "Microsoft.Storage/storageAccounts/queueServices/queues";
const MESSAGES: &str = "Microsoft.Storage/storageAccounts/queueServices/queues/messages";

/// Needs of a call of the blob service. `account` is the account of a call without a container.
pub fn blob(request: &Request, path: &[&str], account: &str) -> Vec<Need> {
    let comp = parameter(request, "comp");
    let is_of_container = parameter(request, "restype").is_some_and(|kind| kind == "container");
    match path {
        [] => vec![service(request, comp.as_deref(), account)],
        [name] if is_of_container => {
            container(request, comp.as_deref(), &scopes::container(scopes::account_of(name), name))
        }
        [name, ..] => content(request, comp.as_deref(), &scopes::container(scopes::account_of(name), name)),
    }
}

fn service(request: &Request, comp: Option<&str>, account: &str) -> Need {
    match (request.method(), comp) {
        (Method::Get, Some("properties")) => Need::new("Get Blob Service Properties", account, SERVICE, "read"),
        (Method::Get, Some("list")) => Need::new("List Containers", account, CONTAINERS, "read"),
        _ => unknown(request),
    }
}

fn container(request: &Request, comp: Option<&str>, scope: &str) -> Vec<Need> {
    let need = |operation, actions| Need::new(operation, scope, CONTAINERS, actions);
    match (request.method(), comp) {
        (Method::Put, None) => vec![need("Create Container", "write")],
        (Method::Get | Method::Head, None) => vec![need("Get Container Properties", "read")],
        (Method::Get, Some("acl")) => vec![need("Get Container ACL", "getAcl/action")],
        (Method::Delete, None) => vec![need("Delete Container", "delete")],
        (Method::Get, Some("blobs")) => {
            vec![Need::new("Find Blobs by Tags in Container", scope, BLOBS, "filter/action")]
        }
        (Method::Get, Some("list")) => {
            let with_tags = parameter(request, "include").is_some_and(|all| all.split(',').any(|one| one == "tags"));
            let tags = with_tags.then(|| Need::new("List Blobs with tags", scope, BLOBS, "tags/read"));
            [Need::new("List Blobs", scope, BLOBS, "read")].into_iter().chain(tags).collect()
        }
        _ => unknown(request),
    }
}

fn content(request: &Request, comp: Option<&str>, scope: &str) -> Vec<Need> {
    let need = |operation, actions| Need::new(operation, scope, BLOBS, actions);
    let is_new = header(request, "if-none-match") == Some("*");
    let put = if is_new { "write or add/action" } else { "write" };
    let mut needs = vec![match (request.method(), comp) {
        (Method::Get, None) => need("Get Blob", "read"),
        (Method::Head, None) => need("Get Blob Properties", "read"),
        (Method::Get, Some("tags")) => need("Get Blob Tags", "tags/read"),
        (Method::Put, Some("tags")) => need("Set Blob Tags", "tags/write"),
        (Method::Put, Some("appendblock")) => need("Append Block", "write or add/action"),
        (Method::Put, Some("block")) => need("Put Block", "write"),
        (Method::Put, Some("blocklist")) => need("Put Block List", "write"),
        (Method::Put, Some("metadata")) => need("Set Blob Metadata", "write"),
        (Method::Put, None) if header(request, "x-ms-copy-source").is_some() => need("Copy Blob", put),
        (Method::Put, None) => need("Put Blob", put),
        (Method::Delete, None) => need("Delete Blob", "delete"),
        _ => unknown(request),
    }];
    if let Some(source) = header(request, "x-ms-copy-source") {
        // The source lies in the same account, or has a signature of its own.
        let name = source.split('/').rev().nth(1).unwrap_or_default();
        needs.push(Need::new("Copy Blob, source", &scopes::container(scopes::account_of(name), name), BLOBS, "read"));
    }
    if header(request, "x-ms-tags").is_some() {
        needs.push(need("Put Blob with tags", "tags/write"));
    }
    if header(request, "x-ms-if-tags").is_some() {
        needs.push(need("condition on tags", "tags/read"));
    }
    needs
}

/// Needs of a call of the queue service.
pub fn queue(request: &Request, path: &[&str]) -> Vec<Need> {
    let scope = scopes::queue(path.first().unwrap_or_else(|| unknown(request)));
    let own = |operation, actions| Need::new(operation, &scope, QUEUES, actions);
    let message = |operation, actions| Need::new(operation, &scope, MESSAGES, actions);
    let is_peek = parameter(request, "peekonly").is_some_and(|only| only == "true");
    vec![match (request.method(), path) {
        (Method::Put, [_]) => own("Create Queue", "write"),
        (Method::Get | Method::Head, [_]) => own("Get Queue Metadata", "read"),
        (Method::Post, [_, "messages"]) => message("Put Message", "add/action or write"),
        (Method::Get, [_, "messages"]) if is_peek => message("Peek Messages", "read"),
        (Method::Get, [_, "messages"]) => message("Get Messages", "process/action or delete and read"),
        (Method::Delete, [_, "messages", _]) => message("Delete Message", "process/action or delete"),
        (Method::Put, [_, "messages", _]) => message("Update Message", "write"),
        _ => unknown(request),
    }]
}

/// Ends the test: a new kind of call must be entered with its right.
pub fn unknown<T>(request: &Request) -> T {
    panic!("no right is known for {} {}", request.method().as_ref(), request.url())
}
