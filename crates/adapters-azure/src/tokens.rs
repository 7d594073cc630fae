//! Provides tokens for receivers that identify the archivist by its identity.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use pipeline::ports::{BearerToken, Fault, TokenSource};

use crate::client::{AccessError, StorageAccess};

/// Tokens of one scope for the identity of an [`StorageAccess`]. The credential caches a token while it is valid, so most
/// calls are local.
#[derive(Clone)]
pub struct AzureTokens {
    credential: Arc<dyn TokenCredential>,
    scope: String,
    limit: Duration,
}

impl AzureTokens {
    /// Provides tokens of this scope: `https://<service>/.default`. Returns an error for an emulator's key, which has
    /// no tokens.
    pub fn new(access: &StorageAccess, scope: &str) -> Result<Self, AccessError> {
        let credential = access.credential().ok_or(AccessError::KeyHasNoToken)?;
        Ok(Self { credential: Arc::clone(credential), scope: scope.to_owned(), limit: access.limit() })
    }

    fn fault(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
        let fault = Fault::transient(format!("get a token for {}", self.scope), source);
        // Logged here because receivers of the fault report only that there is no token.
        tracing::warn!(%fault, "no token");
        fault
    }
}

#[async_trait]
impl TokenSource for AzureTokens {
    async fn token(&self) -> Result<BearerToken, Fault> {
        let scopes = [self.scope.as_str()];
        let asked = tokio::time::timeout(self.limit, self.credential.get_token(&scopes, None)).await;
        let given = asked.map_err(|_| self.fault(format!("no answer within {} s", self.limit.as_secs_f32())))?;
        let token = given.map_err(|error| self.fault(error))?;
        Ok(BearerToken::new(token.token.secret()))
    }
}

impl fmt::Debug for AzureTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureTokens").field("scope", &self.scope).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use adapters_local::SystemClock;
    use std::future;
    use std::sync::Mutex;

    use azure_core::credentials::{AccessToken, TokenRequestOptions};
    use azure_core::error::{Error, ErrorKind};
    use azure_core::time::OffsetDateTime;
    use pipeline::ports::FaultKind;
    use tokio::time::Instant;

    use super::*;
    use crate::client::Patience;

    const SCOPE: &str = "https://eventgrid.azure.net/.default";

    /// A credential with a chosen behaviour that records the requested scopes.
    #[derive(Debug, Default)]
    struct Identity {
        asked_for: Mutex<Vec<String>>,
        does: Does,
    }

    #[derive(Debug, Default, Clone, Copy)]
    enum Does {
        #[default]
        Gives,
        Fails,
        Hangs,
    }

    #[async_trait]
    impl TokenCredential for Identity {
        async fn get_token(
            &self,
            scopes: &[&str],
            _: Option<TokenRequestOptions<'_>>,
        ) -> azure_core::Result<AccessToken> {
            self.asked_for.lock().unwrap().push(scopes.join(" "));
            match self.does {
                Does::Gives => Ok(AccessToken::new("hunter2".to_owned(), OffsetDateTime::UNIX_EPOCH)),
                Does::Fails => Err(Error::with_message(ErrorKind::Credential, "no identity here")),
                Does::Hangs => future::pending().await,
            }
        }
    }

    fn tokens(does: Does) -> (AzureTokens, Arc<Identity>) {
        let identity = Arc::new(Identity { does, ..Identity::default() });
        let access = StorageAccess::token(identity.clone(), Patience::default()).unwrap();
        (AzureTokens::new(&access, SCOPE).unwrap(), identity)
    }

    #[tokio::test]
    async fn the_identity_is_asked_every_time_and_for_the_scope() {
        let (tokens, identity) = tokens(Does::Gives);
        for _ in 0..2 {
            assert_eq!(tokens.token().await.unwrap().expose(), "hunter2");
        }
        assert_eq!(*identity.asked_for.lock().unwrap(), [SCOPE, SCOPE]);
    }

    #[tokio::test]
    async fn an_identity_may_provide_a_token_after_a_failure() {
        let fault = tokens(Does::Fails).0.token().await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Transient { retry_after: None });
        assert_eq!(fault.to_string(), format!("failed to get a token for {SCOPE}: no identity here"));
    }

    #[tokio::test(start_paused = true)]
    async fn an_identity_without_a_response_is_given_up_at_the_limit() {
        let start = Instant::now();
        let fault = tokens(Does::Hangs).0.token().await.unwrap_err();
        assert_eq!(
            (start.elapsed(), fault.kind),
            (Patience::default().call, FaultKind::Transient { retry_after: None })
        );
    }

    #[test]
    fn an_emulators_key_has_no_token() {
        let access = StorageAccess::emulator("account", "a2V5", Arc::new(SystemClock), Patience::default()).unwrap();
        assert!(matches!(AzureTokens::new(&access, SCOPE), Err(AccessError::KeyHasNoToken)));
    }

    #[tokio::test]
    async fn no_debug_text_shows_a_token() {
        let (tokens, _) = tokens(Does::Gives);
        let told = format!("{tokens:?} {:?}", tokens.token().await);
        assert!(!told.contains("hunter2"), "{told}");
    }
}
