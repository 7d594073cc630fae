//! Defines one request to a storage account, as its log states it.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::ObjectAddress;

/// One request. Texts are unchanged; a field is `None` if it is missing or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StorageRecord<'a> {
    /// Time of the request (UTC). `None` also if the text is no date of the years 2000 to 9998.
    pub time: Option<Timestamp>,
    /// Resource id of the account's service, in any case.
    pub resource_id: Option<Cow<'a, str>>,
    /// REST operation, for example `GetBlob`.
    pub operation: Option<Cow<'a, str>>,
    /// HTTP status code.
    pub status: Option<u16>,
    /// Address of the caller, usually with a port.
    pub caller: Option<Cow<'a, str>>,
    /// Request id given by storage.
    pub request_id: Option<Cow<'a, str>>,
    /// Kind of authentication, for example `OAuth`, `SAS`, `AccountKey` or `Anonymous`.
    pub authentication: Option<Cow<'a, str>>,
    /// Hash of the token, key or signature.
    pub token_hash: Option<Cow<'a, str>>,
    /// Object id of the identity.
    pub object_id: Option<Cow<'a, str>>,
    /// Id of the application.
    pub application_id: Option<Cow<'a, str>>,
    /// User principal name of the person.
    pub person: Option<Cow<'a, str>>,
    /// Name of the account.
    pub account: Option<Cow<'a, str>>,
    /// Key of the object: `/account/container/blob`.
    pub object_key: Option<Cow<'a, str>>,
    /// Requested address without its query.
    pub address: Option<Cow<'a, str>>,
    /// ETag of the content.
    pub etag: Option<Cow<'a, str>>,
    /// Bytes of content in the response.
    pub response_bytes: Option<u64>,
    /// Bytes of content in the request.
    pub request_bytes: Option<u64>,
}

impl StorageRecord<'_> {
    /// Returns the blob of the request. `None` for a request to an account or a container, or without an address.
    pub fn object(&self) -> Option<ObjectAddress> {
        // The requested address has one spelling for every name; the key is written with and without escapes.
        self.address
            .as_deref()
            .and_then(|address| ObjectAddress::of_address(address, self.account.as_deref()))
            .or_else(|| self.object_key.as_deref().and_then(ObjectAddress::of_key))
    }
}
