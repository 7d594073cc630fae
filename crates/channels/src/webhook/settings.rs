use std::fmt;

use thiserror::Error;

use super::signature::SigningKeyError;
use crate::client::DestinationError;

/// Where a webhook goes and what signs it, as configured. `Debug` shows neither.
#[derive(Clone, Default)]
pub struct WebhookSettings {
    /// The receiver's URL.
    pub url: String,
    /// The signing secrets, newest first: `whsec_` and the base64 of 24 to 64 bytes. Each signs every request, so that
    /// a receiver can change from one to the next at its own time. With none, requests are not signed.
    pub secrets: Vec<String>,
}

/// Why a webhook cannot be set up. Says nothing of the URL but its host, and nothing of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WebhookSettingsError {
    /// The URL must not be called.
    #[error("the webhook's url is refused")]
    Url(#[from] DestinationError),
    /// A secret is no signing key.
    #[error("the webhook's secret {position} is refused")]
    Secret {
        /// Which, from 1.
        position: usize,
        /// Why.
        source: SigningKeyError,
    },
}

impl fmt::Debug for WebhookSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookSettings {{ url: [redacted], secrets: {} [redacted] }}", self.secrets.len())
    }
}
