//! Storage time from the `Date` header of any answer.

use std::sync::Arc;

use adapters_azure::{AzurePosture, Patience, Policy, StorageAccess};
use async_trait::async_trait;
use azure_core::http::headers::Headers;
use azure_core::http::policies::PolicyResult;
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode};
use domain::address::AccountName;
use domain::decide::posture::MaybeKnown;
use pipeline::ports::Posture;

use crate::management::api::Somebody;

/// The app has the right to data, but not to the settings of the account.
#[tokio::test]
async fn the_storage_clock_is_read_from_a_refusal_but_no_outage() {
    let asked = async |status| {
        let patience = Patience { retries: 0, ..Patience::default() };
        let wire: Arc<dyn Policy> = Arc::new(Answering(status));
        let access = StorageAccess::token(Arc::new(Somebody("https://storage.azure.com/.default")), patience)
            .unwrap()
            .with_wire(wire);
        let endpoint = "https://starchivist.blob.core.windows.net/".parse().unwrap();
        let name = AccountName::parse("starchivist").unwrap();
        AzurePosture::default().with_account(&access, &endpoint, name).unwrap().time().await
    };
    assert_eq!(asked(StatusCode::Forbidden).await.unwrap(), MaybeKnown::Read("2026-03-02T09:12:44Z".parse().unwrap()));
    asked(StatusCode::ServiceUnavailable).await.unwrap_err();
}

#[derive(Debug)]
struct Answering(StatusCode);

#[async_trait]
impl Policy for Answering {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, _: &Context, _: &mut Request, _: &[Arc<dyn Policy>]) -> PolicyResult {
        let mut headers = Headers::new();
        headers.insert("date", "Mon, 02 Mar 2026 09:12:44 GMT");
        headers.insert("x-ms-error-code", "AuthorizationPermissionMismatch");
        Ok(AsyncRawResponse::from_bytes(self.0, headers, Vec::new()))
    }
}
