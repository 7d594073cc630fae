//! Why an element of a payload is not an event that can be understood.

use domain::address::AddressError;
use thiserror::Error;

/// Why an element cannot be understood. No retry helps.
#[derive(Debug, Error)]
pub enum Malformation {
    /// The bytes are not JSON, or repeat a member.
    #[error("not JSON, or a member is repeated")]
    Json(#[from] serde_json::Error),
    /// The element is JSON, but no object.
    #[error("not a JSON object")]
    NotAnObject,
    /// The object has neither `eventType` nor `specversion`.
    #[error("neither an Event Grid event nor a CloudEvents event")]
    UnknownSchema,
    /// CloudEvents, but another version than 1.0.
    #[error("CloudEvents version {0:?} is not 1.0")]
    UnknownVersion(String),
    /// A member that this event must have is absent, null or empty.
    #[error("`{0}` is missing or empty")]
    Missing(&'static str),
    /// A member has another JSON type than its schema says.
    #[error("`{0}` has the wrong JSON type")]
    WrongType(&'static str),
    /// The event's time cannot be read.
    #[error("`{member}` {text:?} is not a time")]
    Time {
        /// The member's name in the event's schema.
        member: &'static str,
        /// What stands there.
        text: String,
        /// What the reader of times says.
        source: jiff::Error,
    },
    /// `topic` or `source` is not the resource id of a storage account.
    #[error("`{member}` {text:?} names no storage account")]
    NoAccount {
        /// The member's name in the event's schema.
        member: &'static str,
        /// What stands there.
        text: String,
    },
    /// `subject` does not name a blob in a container.
    #[error("`subject` {0:?} names no blob")]
    NoBlob(String),
    /// Neither `data.resourceUri` nor `subject` is the id of a resource.
    #[error("{0:?} is not the id of a resource")]
    NoResource(String),
    /// The blob's name is longer than storage allows.
    #[error("`subject` holds an impossible blob name")]
    BlobName(#[from] AddressError),
}
