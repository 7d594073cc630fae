//! A credential for commands that does not repeat a failed first request.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error, ErrorKind};
use pipeline::ports::with_causes;
use tokio::sync::OnceCell;

/// Wraps a credential and keeps its first failure: nobody signs in while a command runs, and each request starts a
/// program. Concurrent callers wait for the first answer.
#[derive(Debug)]
pub(super) struct AskedOnce {
    credential: Arc<dyn TokenCredential>,
    first: OnceCell<Result<AccessToken, String>>,
}

impl AskedOnce {
    pub(super) fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self { credential, first: OnceCell::new() }
    }
}

#[async_trait]
impl TokenCredential for AskedOnce {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let mut is_first = false;
        let first = self.first.get_or_init(async || {
            is_first = true;
            self.credential.get_token(scopes, options.clone()).await.map_err(|error| with_causes(&error))
        });
        match first.await {
            Err(message) => Err(Error::with_message(ErrorKind::Credential, message.clone())),
            Ok(token) if is_first => Ok(token.clone()),
            // The first token may have another scope.
            Ok(_) => self.credential.get_token(scopes, options).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A tool without a sign-in; counts its requests.
    #[derive(Debug, Default)]
    struct NotSignedIn(AtomicUsize);

    #[async_trait]
    impl TokenCredential for NotSignedIn {
        async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Err(Error::with_message(ErrorKind::Credential, "run az login"))
        }
    }

    #[tokio::test]
    async fn a_credential_that_failed_is_not_asked_again() {
        let tool = Arc::new(NotSignedIn::default());
        let credential = &AskedOnce::new(tool.clone());
        let ask = |scope| async move { credential.get_token(&[scope], None).await.unwrap_err().to_string() };
        let (one, other) = tokio::join!(ask("a"), ask("b"));
        assert_eq!((one, other, ask("c").await).0, "run az login");
        assert_eq!(tool.0.load(Ordering::Relaxed), 1);
    }
}
