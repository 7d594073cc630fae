//! Port to the shared configuration document.

use async_trait::async_trait;

use super::Fault;

/// Configuration text with an ETag-like tag, and the versions applied before.
#[async_trait]
pub trait ConfigurationSource: Send + Sync {
    /// Reads the current text, unless its tag is still `known`.
    async fn read(&self, known: Option<&str>) -> Result<ConfigurationRead, Fault>;

    /// Replaces the text if its tag is still `before`; with `None`, if there is no text yet. Returns the new tag, or
    /// `None` if another writer was first.
    async fn replace(&self, before: Option<&str>, text: &str) -> Result<Option<String>, Fault>;

    /// Stores an applied text under its hash and as the last good one. Idempotent.
    async fn keep(&self, digest: &str, text: &str) -> Result<(), Fault>;

    /// Returns the last good text, or `None` if none was stored.
    async fn last_good(&self) -> Result<Option<String>, Fault>;
}

/// Result of reading the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigurationRead {
    /// The text still has the known tag.
    Same,
    /// The text has another tag.
    Text(TaggedText),
    /// There is no text.
    Nothing,
}

/// Text with the tag of its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedText {
    /// Content of the document.
    pub text: String,
    /// Tag of this version.
    pub tag: String,
}
