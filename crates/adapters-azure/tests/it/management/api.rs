//! A management API that answers from a table instead of the transport.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use adapters_azure::{Management, Patience, Policy, StorageAccess};
use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::policies::PolicyResult;
use azure_core::http::{AsyncRawResponse, Body, Context, Request, StatusCode};
use azure_core::time::OffsetDateTime;
use domain::cloud::Cloud;
use domain::decide::posture::ResourceId;

pub const HUB: &str = "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.Network/bastionHosts/bastionhosttenant";

pub fn hub() -> ResourceId {
    ResourceId::parse(HUB).unwrap()
}

/// One answer: status, headers and body.
#[derive(Clone)]
pub struct CannedReply(pub u16, pub Vec<(&'static str, String)>, pub String);

impl CannedReply {
    pub fn body(body: &str) -> Self {
        Self(200, Vec::new(), body.to_owned())
    }

    pub fn status(status: u16) -> Self {
        Self(status, Vec::new(), String::new())
    }

    pub fn later(location: &str) -> Self {
        Self(202, vec![("location", location.to_owned()), ("retry-after", "1".to_owned())], String::new())
    }
}

/// Records requests in order and answers them.
#[derive(Default)]
pub struct FakeManagement {
    answers: Mutex<Vec<(String, VecDeque<CannedReply>)>>,
    pub asked: Mutex<Vec<String>>,
    given: Mutex<Vec<String>>,
}

impl FakeManagement {
    /// Answers requests by the prefix of method and path: one answer after the other, and the last one repeatedly.
    pub fn answering(answers: &[(&str, &[CannedReply])]) -> Arc<Self> {
        let answers = answers.iter().map(|(path, told)| ((*path).to_owned(), told.iter().cloned().collect())).collect();
        Arc::new(Self { answers: Mutex::new(answers), ..Self::default() })
    }

    pub fn client(self: &Arc<Self>) -> Management {
        Management::new(&self.access(), Cloud::Public).unwrap()
    }

    /// Client whose requests pass this policy.
    pub fn client_through(self: &Arc<Self>, policy: Arc<dyn Policy>) -> Management {
        Management::new(&self.access().with_policy(policy), Cloud::Public).unwrap()
    }

    fn access(self: &Arc<Self>) -> StorageAccess {
        let patience = Patience { retries: 0, ..Patience::default() };
        let access =
            StorageAccess::token(Arc::new(Somebody("https://management.azure.com/.default")), patience).unwrap();
        let wire: Arc<dyn Policy> = self.clone();
        access.with_wire(wire)
    }

    /// Non-empty bodies of the requests.
    pub fn given(&self) -> Vec<String> {
        self.given.lock().unwrap().clone()
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Policy for FakeManagement {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, _: &Context, request: &mut Request, _: &[Arc<dyn Policy>]) -> PolicyResult {
        let token = request.headers().get_optional_str(&HeaderName::from_static("authorization"));
        assert_eq!(token, Some("Bearer t0ken"));
        let url = request.url();
        assert_eq!(url.host_str(), Some("management.azure.com"), "our token goes nowhere else");
        let asked = format!("{} {}?{}", request.method().as_ref(), url.path(), url.query().unwrap_or_default());
        self.asked.lock().unwrap().push(asked.clone());
        if let Body::Bytes(given) = request.body()
            && !given.is_empty()
        {
            self.given.lock().unwrap().push(String::from_utf8(given.to_vec()).unwrap());
        }
        let mut answers = self.answers.lock().unwrap();
        let found = answers.iter_mut().find(|(begins, _)| asked.starts_with(begins.as_str()));
        let CannedReply(status, headers, body) = match found {
            Some((_, told)) if told.len() > 1 => told.pop_front().unwrap(),
            Some((_, told)) => told[0].clone(),
            None => CannedReply::status(404),
        };
        let mut given = Headers::new();
        headers.into_iter().for_each(|(name, value)| given.insert(name, value));
        Ok(AsyncRawResponse::from_bytes(StatusCode::from(status), given, body))
    }
}

impl fmt::Debug for FakeManagement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api")
    }
}

/// Provides a token for this scope and no other.
#[derive(Debug)]
pub struct Somebody(pub &'static str);

#[async_trait]
impl TokenCredential for Somebody {
    async fn get_token(&self, scopes: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        assert_eq!(scopes, [self.0]);
        let end = OffsetDateTime::from_unix_timestamp(4_102_444_800).unwrap();
        Ok(AccessToken::new("t0ken".to_owned(), end))
    }
}
