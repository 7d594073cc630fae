//! Dead letters behind a gate.

use async_trait::async_trait;

use super::ports::Gated;
use crate::ports::{DeadLetterFile, DeadLetters, Fault};

#[async_trait]
impl DeadLetters for Gated<dyn DeadLetters> {
    async fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<DeadLetterFile>, Fault> {
        self.gate.pass("dead_letters.list", self.port.list(after, limit)).await
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.gate.pass("dead_letters.read", self.port.read(name)).await
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        self.gate.pass("dead_letters.remove", self.port.remove(name)).await
    }
}
