//! Rights for calls of tables, after the same page as those of blobs and queues.

use azure_core::http::{Body, Method, Request};

use super::need::{Need, header};
use super::scopes;
use super::storage::unknown;

const TABLES: &str = "Microsoft.Storage/storageAccounts/tableServices/tables";
const ENTITIES: &str = "Microsoft.Storage/storageAccounts/tableServices/tables/entities";

/// Needs of a call of the table service. Each operation of a transaction is authorized separately.
pub fn table(request: &Request, path: &[&str]) -> Vec<Need> {
    match (request.method(), path) {
        (Method::Post, ["Tables"]) => {
            let Body::Bytes(body) = request.body() else { return unknown(request) };
            let told: serde_json::Value = serde_json::from_slice(body).unwrap();
            let name = told["TableName"].as_str().unwrap();
            vec![Need::new("Create Table", &scopes::table(name), TABLES, "write")]
        }
        (Method::Post, ["$batch"]) => {
            let Body::Bytes(body) = request.body() else { return unknown(request) };
            let body = std::str::from_utf8(body).unwrap();
            let operations = body.lines().filter_map(|line| line.strip_suffix(" HTTP/1.1"));
            operations.map(|line| in_transaction(line).unwrap_or_else(|| unknown(request))).collect()
        }
        (method, [resource]) => {
            let is_conditional = header(request, "if-match").is_some();
            vec![entity(method.as_ref(), resource, is_conditional).unwrap_or_else(|| unknown(request))]
        }
        _ => unknown(request),
    }
}

/// `PUT http://127.0.0.1:10002/account/entries(PartitionKey='…',RowKey='…')`
fn in_transaction(line: &str) -> Option<Need> {
    let (method, url) = line.split_once(' ')?;
    entity(method, url.rsplit_once('/')?.1, method == "DELETE")
}

fn entity(method: &str, resource: &str, is_conditional: bool) -> Option<Need> {
    let (name, keys) = resource.split_once('(').unwrap_or((resource, ""));
    let (operation, actions) = match (method, keys.is_empty(), is_conditional) {
        ("GET", false, _) => ("Query Entities", "read"),
        ("POST", true, _) => ("Insert Entity", "write or add/action"),
        ("PUT", false, false) => ("Insert Or Replace Entity", "write or add/action and update/action"),
        ("PUT", false, true) => ("Update Entity", "write or update/action"),
        ("DELETE", false, true) => ("Delete Entity", "delete"),
        _ => return None,
    };
    Some(Need::new(operation, &scopes::table(name), ENTITIES, actions))
}

#[test]
fn each_operation_of_a_transaction_needs_its_own_right() {
    let actions = |line: &str| in_transaction(line).map(|need| need.any_of);
    let at = "http://127.0.0.1:10002/account/entries";
    let [write, add, update, delete] =
        ["write", "add/action", "update/action", "delete"].map(|action| format!("{ENTITIES}/{action}"));
    assert_eq!(actions(&format!("POST {at}")).unwrap(), [[write.clone()], [add.clone()]]);
    assert_eq!(actions(&format!("PUT {at}(PartitionKey='a')")).unwrap(), [vec![write], vec![add, update]]);
    assert_eq!(actions(&format!("DELETE {at}(PartitionKey='a')")).unwrap(), [[delete]]);
    assert_eq!(actions(&format!("MERGE {at}(PartitionKey='a')")), None);
}
