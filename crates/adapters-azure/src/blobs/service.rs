//! Creates the SDK's client of an account's blobs.

use azure_core::http::Url;
use azure_storage_blob::{BlobServiceClient, BlobServiceClientOptions};

use crate::client::{AccessError, Failure, ServiceOptions, StorageAccess};
use domain::cloud::CalledService;

/// Returns the client of the account at this blob endpoint, or an error if the access may not be used for it.
pub(crate) fn service(access: &StorageAccess, endpoint: &Url) -> Result<BlobServiceClient, AccessError> {
    let ServiceOptions { credential, options: client_options } = access.line(CalledService::Blob, endpoint)?;
    let options = BlobServiceClientOptions { client_options, ..BlobServiceClientOptions::default() };
    let client = BlobServiceClient::new(endpoint.clone(), credential, Some(options));
    client.map_err(|source| AccessError::Client { address: endpoint.to_string(), source })
}

/// True if the answer reports an absent container.
pub(crate) fn is_container_absent(failure: &Failure) -> bool {
    failure.code() == Some("ContainerNotFound")
}
