//! Errors of malformed payload elements.

use domain::address::AddressError;
use thiserror::Error;

/// Reason why an element cannot be decoded. A retry does not help.
#[derive(Debug, Error)]
pub enum Malformation {
    /// The bytes are not JSON, or repeat a member.
    #[error("not JSON, or a member is repeated")]
    Json(#[from] serde_json::Error),
    /// The element is JSON, but not an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// The object has neither `eventType` nor `specversion`.
    #[error("neither an Event Grid event nor a CloudEvents event")]
    UnknownSchema,
    /// The CloudEvents version is not 1.0.
    #[error("CloudEvents version {0:?} is not 1.0")]
    UnknownVersion(String),
    /// A required member is absent, null or empty.
    #[error("`{0}` is missing or empty")]
    Missing(&'static str),
    /// A member has another JSON type than its schema requires.
    #[error("`{0}` has the wrong JSON type")]
    WrongType(&'static str),
    /// The time of the event cannot be parsed.
    #[error("`{member}` {text:?} is not a time")]
    Time {
        /// Name of the member in the event's schema.
        member: &'static str,
        /// Value of the member.
        text: String,
        /// Error of the time parser.
        source: jiff::Error,
    },
    /// `topic` or `source` is not the resource id of a storage account.
    #[error("`{member}` {text:?} names no storage account")]
    NoAccount {
        /// Name of the member in the event's schema.
        member: &'static str,
        /// Value of the member.
        text: String,
    },
    /// `subject` does not name a blob in a container.
    #[error("`subject` {0:?} names no blob")]
    NoBlob(String),
    /// Neither `data.resourceUri` nor `subject` is a resource id.
    #[error("{0:?} is not the id of a resource")]
    NoResource(String),
    /// The blob name is longer than storage allows.
    #[error("`subject` holds an impossible blob name")]
    BlobName(#[from] AddressError),
}
