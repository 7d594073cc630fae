//! Port to the key that signs bundles of evidence.

use async_trait::async_trait;
use evidence::{Ed25519Key, VerifyingKey};

use super::Fault;

/// Signs bundles with one key.
#[async_trait]
pub trait BundleSigner: Send + Sync {
    /// Returns the public key.
    fn public(&self) -> &VerifyingKey;

    /// Signs a message. The caller verifies the signature with the public key.
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault>;
}

#[async_trait]
impl BundleSigner for Ed25519Key {
    fn public(&self) -> &VerifyingKey {
        self.public()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        Ok(self.sign(message))
    }
}
