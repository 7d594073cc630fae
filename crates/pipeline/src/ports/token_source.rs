//! Port to access tokens for receivers that require them.

use std::fmt;

use async_trait::async_trait;

use super::Fault;

/// Issues bearer tokens of the app's identity.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// Returns a valid token. Called at every attempt, so implementations cache it until it expires.
    ///
    /// Errors contain no part of a token.
    async fn token(&self) -> Result<BearerToken, Fault>;
}

/// Bearer token. `Debug` redacts it.
#[derive(Clone)]
pub struct BearerToken(String);

impl BearerToken {
    /// Wraps the text after `Bearer` in a request header.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the token, for a request header only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken([redacted])")
    }
}
