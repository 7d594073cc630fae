//! Long-lived stored forms, separate from the domain types.
//!
//! Every form is one line of JSON that begins with its version. A reader accepts all versions up to its own. It rejects
//! a newer version and never rewrites it; it also rejects fields unknown to the version. Each change of a form needs a
//! new version with its own golden files.

pub(crate) mod accesses;
pub(crate) mod channel;
pub(crate) mod checkpoint;
mod confirmed;
mod custody;
mod effect;
pub mod entry;
pub mod fact;
mod facts;
mod grounds;
mod history;
pub(crate) mod hold;
mod life;
mod match_state;
pub mod notification;
mod records;
mod reviews;
pub mod session;
mod tagged;
mod version;

use serde::de::Error as _;
use thiserror::Error;

pub(crate) use version::Schema;
use version::{decode_form, encode_form, refusal};

use crate::ports::Fault;

/// Error of encoding or decoding a stored form.
#[derive(Debug, Error)]
pub enum StoredError {
    /// Written by a newer archivist; left unchanged.
    #[error("the {what} has stored form {schema}, which needs a newer archivist: upgrade this one")]
    Newer {
        /// Kind of document.
        what: &'static str,
        /// Version of the form.
        schema: u32,
    },
    /// Not a text that any version of the archivist writes.
    #[error("the stored {what} is damaged")]
    Damaged {
        /// Kind of document.
        what: &'static str,
        /// Cause.
        source: serde_json::Error,
    },
    /// The value has no stored form.
    #[error("the {what} cannot be stored")]
    Unstorable {
        /// Kind of document.
        what: &'static str,
        /// Cause.
        source: serde_json::Error,
    },
}

impl StoredError {
    /// Converts to the error of a port. A newer form is refused until an upgrade; a damaged one is permanent. `object`
    /// must read well after "failed to".
    pub fn fault(self, object: impl Into<String>) -> Fault {
        match self {
            Self::Newer { .. } => Fault::refused(object, self),
            Self::Damaged { .. } | Self::Unstorable { .. } => Fault::permanent(object, self),
        }
    }
}

/// Returns the parsed value, or an error that quotes the text.
fn known<T>(parsed: Option<T>, what: &str, text: &str) -> Result<T, serde_json::Error> {
    parsed.ok_or_else(|| serde_json::Error::custom(format_args!("{text:?} is not a valid {what}")))
}
