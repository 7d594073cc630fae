//! Refuses every request whose right is not granted.

use std::fmt;
use std::sync::Arc;

use adapters_azure::Policy;
use async_trait::async_trait;
use azure_core::http::headers::Headers;
use azure_core::http::policies::PolicyResult;
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode, Url};
use azurite::Account;

use super::calls::RecordedCalls;
use super::grants::{Grants, Who};
use super::need::{Need, Service};
use super::{management, scopes, storage, tables};

/// A holder of rights, before the services.
#[derive(Clone)]
pub struct Guard {
    who: Who,
    grants: Arc<Grants>,
    calls: Arc<RecordedCalls>,
    endpoints: Vec<(Service, Url)>,
    account: &'static str,
}

impl Guard {
    pub fn new(who: Who, grants: &Arc<Grants>, calls: &Arc<RecordedCalls>) -> Self {
        Self { who, grants: grants.clone(), calls: calls.clone(), endpoints: Vec::new(), account: scopes::STATE }
    }

    /// Also guards the services of this account. Without it, only calls of the management API are known.
    pub fn before(mut self, account: &Account) -> Arc<Self> {
        let urls = [
            (Service::Blob, &account.blob_url),
            (Service::Queue, &account.queue_url),
            (Service::Table, &account.table_url),
        ];
        self.endpoints = urls.map(|(service, url)| (service, Url::parse(url).unwrap())).into();
        Arc::new(self)
    }

    /// Takes calls without a container for calls of this account.
    pub fn of_account(mut self, account: &'static str) -> Self {
        self.account = account;
        self
    }

    fn service(&self, request: &Request) -> Option<Service> {
        let origin = request.url().origin();
        self.endpoints.iter().find(|(_, url)| url.origin() == origin).map(|(service, _)| *service)
    }

    /// True if everything that the request needs is granted.
    fn lets_through(&self, service: Option<Service>, request: &Request) -> bool {
        let segments: Vec<String> = request.url().path_segments().into_iter().flatten().map(str::to_owned).collect();
        // An emulator's path begins with the account.
        let path: Vec<&str> = segments.iter().skip(1).map(String::as_str).filter(|part| !part.is_empty()).collect();
        let needs = match service {
            Some(Service::Blob) => storage::blob(request, &path, self.account),
            Some(Service::Queue) => storage::queue(request, &path),
            Some(Service::Table) => tables::table(request, &path),
            None => vec![management::need(request)],
        };
        // All needs are noted, also those after a refused one.
        let refused = needs.iter().filter(|need| !self.permits(need)).count();
        refused == 0
    }

    fn permits(&self, need: &Need) -> bool {
        let behind = self.grants.behind(self.who, need);
        if behind.is_empty() {
            self.calls.refuse(self.who, need);
        } else {
            self.calls.allow_all(self.who, &behind, need);
        }
        !behind.is_empty()
    }
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "as the SDK declares the trait")]
impl Policy for Guard {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let service = self.service(request);
        if self.lets_through(service, request) {
            return next[0].send(context, request, &next[1..]).await;
        }
        Ok(refusal(service))
    }
}

/// Answer to a caller without the right. Tables have the code in the body.
fn refusal(service: Option<Service>) -> AsyncRawResponse {
    let (mut headers, code) = (Headers::new(), "AuthorizationPermissionMismatch");
    headers.insert("date", "Mon, 02 Mar 2026 09:00:00 GMT");
    let body = match service {
        Some(Service::Blob | Service::Queue) => {
            headers.insert("x-ms-error-code", code);
            String::new()
        }
        Some(Service::Table) => format!(r#"{{"odata.error":{{"code":"{code}"}}}}"#),
        None => r#"{"error":{"code":"AuthorizationFailed","message":""}}"#.to_owned(),
    };
    AsyncRawResponse::from_bytes(StatusCode::Forbidden, headers, body)
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guard({})", self.who)
    }
}
