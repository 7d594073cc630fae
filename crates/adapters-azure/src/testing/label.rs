//! Describes a request in words.

use azure_core::http::{Body, Request};
use percent_encoding::percent_decode_str;

/// Label of a request: `PUT lookup(PartitionKey='due',RowKey='…')`, `PUT recordings/vm-user comp=tags`. Leaves out
/// the account, with which an emulator's path begins. Appends the first change of a transaction, and the number of its
/// changes.
pub(super) fn describe(request: &Request) -> String {
    let url = request.url();
    let query = url.query().map(|query| format!(" {query}")).unwrap_or_default();
    let change = first_change(request).map(|change| format!(": {change}")).unwrap_or_default();
    readable(&format!("{} {}{query}{change}", request.method().as_ref(), below_account(url.path())))
}

fn first_change(request: &Request) -> Option<String> {
    let Body::Bytes(body) = request.body() else { return None };
    let body = std::str::from_utf8(body).ok().filter(|_| request.url().path().ends_with("/$batch"))?;
    let mut changes = body.lines().filter(|line| line.ends_with(" HTTP/1.1"));
    let mut words = changes.next()?.split(' ');
    let (method, url) = (words.next()?, words.next()?);
    let of = changes.count() + 1;
    Some(format!("{method} {}, {of} in all", below_account(url.split_once("://")?.1.split_once('/')?.1)))
}

fn below_account(path: &str) -> &str {
    path.trim_start_matches('/').split_once('/').map_or(path, |(_, rest)| rest)
}

fn readable(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use azure_core::http::{Method, Url};

    use super::*;

    const ACCOUNT: &str = "http://127.0.0.1:10000/account";

    fn request(method: Method, rest: &str) -> Request {
        Request::new(Url::parse(&format!("{ACCOUNT}/{rest}")).unwrap(), method)
    }

    #[test]
    fn a_label_can_be_read_and_leaves_the_account_out() {
        let label = describe(&request(Method::Put, "lookup(PartitionKey=%27due%27,RowKey=%27r%27)"));
        assert_eq!(label, "PUT lookup(PartitionKey='due',RowKey='r')");
        assert_eq!(describe(&request(Method::Get, "recordings/vm-user?comp=tags")), "GET recordings/vm-user comp=tags");
    }

    #[test]
    fn a_transaction_is_labelled_by_its_first_change() {
        let mut transaction = request(Method::Post, "$batch");
        transaction.set_body(format!("--changeset\r\n\r\nPOST {ACCOUNT}/entries HTTP/1.1\r\n\r\n{{}}\r\n"));
        assert_eq!(describe(&transaction), "POST $batch: POST entries, 1 in all");
    }
}
