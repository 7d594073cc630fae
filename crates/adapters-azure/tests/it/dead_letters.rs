//! Dead letters on the emulator.

use adapters_azure::{AzureDeadLetters, StorageAccess};
use azure_core::http::{RequestContent, StatusCode};
use azure_storage_blob::{BlobContainerClient, BlobServiceClient};
use azurite::Account;
use domain::address::ContainerName;
use pipeline::ports::{DeadLetters, FaultKind};
use pipeline::testing::dead_letters::Leaves;

use crate::emulated;
use crate::emulated::answering::Answering;

const CONTAINER: &str = "dead-letters";

/// Writes dead letters as Event Grid does; creates the container with the first one.
struct Service(BlobContainerClient);

impl Leaves for Service {
    async fn leave(&self, name: &str, content: &[u8]) {
        // Fails if the container exists already.
        drop(self.0.create(None).await);
        self.0.blob_client(name).upload(RequestContent::from(content.to_vec()), None).await.unwrap();
    }
}

fn letters(account: &Account, access: &StorageAccess) -> AzureDeadLetters {
    let container = ContainerName::parse(CONTAINER).unwrap();
    AzureDeadLetters::new(access, &emulated::endpoint(&account.blob_url), &container).unwrap()
}

async fn make() -> (AzureDeadLetters, Service, ()) {
    let account = emulated::account();
    // Created first: it installs the TLS provider for all clients of this process.
    let letters = letters(&account, &emulated::access(&account));
    let mut of_others = emulated::endpoint(&account.blob_url);
    of_others.set_query(Some(&account.signature()));
    let others = BlobServiceClient::new(of_others, None, None).unwrap();
    (letters, Service(others.blob_container_client(CONTAINER)), ())
}

pipeline::dead_letters_conformance!(make);

/// A missing role differs from an empty container.
#[tokio::test]
async fn a_missing_role_is_a_refusal() {
    let account = emulated::account();
    let wire = Answering::to(|_| true, StatusCode::Forbidden, "AuthorizationPermissionMismatch");
    let letters = letters(&account, &emulated::access(&account).with_policy(wire.clone()));
    assert_eq!(letters.list(None, 10).await.unwrap_err().kind, FaultKind::Refused);
    assert_eq!(letters.read("a.json").await.unwrap_err().kind, FaultKind::Refused);
    assert_eq!(letters.remove("a.json").await.unwrap_err().kind, FaultKind::Refused);
    assert_eq!(wire.seen(), 3, "and is not asked again");
}
