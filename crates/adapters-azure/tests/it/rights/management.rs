//! Rights for calls of the management API: `GET` needs `read`, `PUT` needs `write`, `POST` needs the named action.

use azure_core::http::{Method, Request};

use super::need::Need;
use super::storage::unknown;

pub fn need(request: &Request) -> Need {
    let path = request.url().path();
    let (around, below) = path.rsplit_once("/providers/").unwrap_or_else(|| unknown(request));
    let segments: Vec<&str> = below.split('/').collect();
    let (namespace, rest) = segments.split_first().unwrap_or_else(|| unknown(request));
    let (rest, verb) = match request.method() {
        Method::Get => (rest, "read".to_owned()),
        Method::Put => (rest, "write".to_owned()),
        Method::Delete => (rest, "delete".to_owned()),
        Method::Post => {
            let (action, resource) = rest.split_last().unwrap_or_else(|| unknown(request));
            (resource, format!("{action}/action"))
        }
        _ => unknown(request),
    };
    let types: Vec<&str> = rest.iter().step_by(2).copied().collect();
    let is_list = !rest.len().is_multiple_of(2);
    let of = format!("{namespace}/{}", types.join("/"));
    let owner = &rest[..rest.len() - usize::from(is_list)];
    // An extension of another resource is authorized at that resource.
    let scope = match owner {
        [] => around.to_owned(),
        owner => format!("{around}/providers/{namespace}/{}", owner.join("/")),
    };
    let of_extended = around.contains("/providers/") && owner.is_empty();
    let is_filtered = is_list && owner.is_empty() && !of_extended;
    let action = verb.strip_suffix("action").unwrap_or_default().trim_end_matches('/');
    let called = [&types[..], &[action]].concat().join("/");
    let operation = format!("{} `{}`", request.method().as_ref(), called.trim_end_matches('/'));
    Need { is_filtered, ..Need::new(&operation, &scope, &of, &verb) }
}

#[test]
fn the_path_of_a_call_names_its_right() {
    let told = |method, path: &str| {
        let url = azure_core::http::Url::parse(&format!("https://management.azure.com{path}?api-version=1")).unwrap();
        let need = need(&Request::new(url, method));
        (need.any_of[0][0].clone(), need.scope, need.is_filtered)
    };
    let account = super::scopes::RECORDINGS;
    let own = |action: &str, scope: &str| (action.to_owned(), scope.to_owned(), false);
    let storage = "Microsoft.Storage/storageAccounts";
    assert_eq!(told(Method::Get, account), own(&format!("{storage}/read"), account));
    let policy = format!("{account}/managementPolicies/default");
    assert_eq!(told(Method::Put, &policy), own(&format!("{storage}/managementPolicies/write"), &policy));
    let bastion = super::scopes::BASTION;
    assert_eq!(
        told(Method::Post, &format!("{bastion}/getActiveSessions")),
        own("Microsoft.Network/bastionHosts/getActiveSessions/action", bastion)
    );
    let settings = format!("{bastion}/providers/Microsoft.Insights/diagnosticSettings");
    assert_eq!(told(Method::Get, &settings), own("Microsoft.Insights/diagnosticSettings/read", bastion));
    let all = "/subscriptions/s/providers/Microsoft.Storage/storageAccounts";
    assert_eq!(told(Method::Get, all), (format!("{storage}/read"), "/subscriptions/s".to_owned(), true));
}
