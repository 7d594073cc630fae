use std::fmt;

use thiserror::Error;

use super::signature::SigningKeyError;
use crate::client::DestinationError;

/// URL and secrets of a webhook, as configured. `Debug` redacts both.
#[derive(Clone, Default)]
pub struct WebhookSettings {
    /// URL of the receiver.
    pub url: String,
    /// Signing secrets, newest first: `whsec_` followed by the base64 of 24 to 64 bytes. Each secret signs every
    /// request, so that the receiver can rotate secrets at its own pace. If the list is empty, requests are unsigned.
    pub secrets: Vec<String>,
}

/// Invalid webhook settings. Reveals only the host of the URL and nothing of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WebhookSettingsError {
    /// The URL is refused.
    #[error("the webhook's url is refused")]
    Url(#[from] DestinationError),
    /// A secret is not a valid signing key.
    #[error("the webhook's secret {position} is refused")]
    Secret {
        /// Position of the secret, from 1.
        position: usize,
        /// Reason.
        source: SigningKeyError,
    },
}

impl fmt::Debug for WebhookSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookSettings {{ url: [redacted], secrets: {} [redacted] }}", self.secrets.len())
    }
}
