//! The forms in which adapters keep things for years, apart from the types we work with.
//!
//! Every form is one line of JSON that begins with its version. A reader knows all versions up to its own;
//! a newer one is refused and never rewritten, and so is a field that the version does not have. A change
//! of a form is a new version with golden files of its own.

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
mod joined;
mod life;
pub mod notification;
mod records;
pub mod session;
mod tagged;

use serde::Deserialize;
use serde::de::Error as _;
use thiserror::Error;

use crate::ports::Fault;

/// Why a stored form is of no use.
#[derive(Debug, Error)]
pub enum StoredError {
    /// A newer archivist wrote it; this one leaves it as it is.
    #[error("the {what} is in stored form {schema}, which only a newer archivist reads: upgrade this one")]
    Newer {
        /// The kind of thing.
        what: &'static str,
        /// The version of its form.
        schema: u32,
    },
    /// It is not what any archivist wrote.
    #[error("the stored {what} is damaged")]
    Damaged {
        /// The kind of thing.
        what: &'static str,
        /// What was found.
        source: serde_json::Error,
    },
    /// It cannot be put into its stored form.
    #[error("the {what} cannot be stored")]
    Unstorable {
        /// The kind of thing.
        what: &'static str,
        /// Why not.
        source: serde_json::Error,
    },
}

impl StoredError {
    /// The fault of a port: a form of a newer archivist is read after an upgrade, a damaged one is not read by waiting.
    /// `object` reads well after "failed to".
    pub fn fault(self, object: impl Into<String>) -> Fault {
        match self {
            Self::Newer { .. } => Fault::refused(object, self),
            Self::Damaged { .. } | Self::Unstorable { .. } => Fault::permanent(object, self),
        }
    }
}

/// The part that every version of every form has.
#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

/// Tells a newer form from a damaged one, after it could not be read as `newest`.
fn refusal(what: &'static str, newest: u32, text: &str, source: serde_json::Error) -> StoredError {
    match serde_json::from_str::<Versioned>(text) {
        Ok(Versioned { schema }) if schema > newest => StoredError::Newer { what, schema },
        _ => StoredError::Damaged { what, source },
    }
}

/// The value that was parsed, or the error that names the text.
fn known<T>(parsed: Option<T>, what: &str, text: &str) -> Result<T, serde_json::Error> {
    parsed.ok_or_else(|| serde_json::Error::custom(format_args!("{text:?} is no {what}")))
}
