//! The SDK's client of an account's blobs.

use azure_core::http::Url;
use azure_storage_blob::{BlobServiceClient, BlobServiceClientOptions};

use crate::client::{Access, AccessError, Failure, Line, Service};

/// The client of the account at this blob endpoint.
pub(crate) fn service(access: &Access, endpoint: &Url) -> Result<BlobServiceClient, AccessError> {
    let Line { credential, options: client_options } = access.line(Service::Blob, endpoint)?;
    let options = BlobServiceClientOptions { client_options, ..BlobServiceClientOptions::default() };
    let client = BlobServiceClient::new(endpoint.clone(), credential, Some(options));
    client.map_err(|source| AccessError::Client { address: endpoint.to_string(), source })
}

/// True when the answer says that no container is there.
pub(crate) fn is_container_absent(failure: &Failure) -> bool {
    failure.code() == Some("ContainerNotFound")
}
