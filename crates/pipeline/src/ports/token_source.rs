//! Who we are, towards a receiver that asks for it.

use std::fmt;

use async_trait::async_trait;

use super::Fault;

/// Gives the tokens by which a service knows us.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// A token that counts now. Asked for at every attempt: whoever gives tokens keeps them while they count.
    ///
    /// A fault tells nothing of a token.
    async fn token(&self) -> Result<BearerToken, Fault>;
}

/// A token that whoever has it may act by. `Debug` does not show it.
#[derive(Clone)]
pub struct BearerToken(String);

impl BearerToken {
    /// A token, as it stands behind `Bearer` in a request.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The token itself, for a request and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken([redacted])")
    }
}
