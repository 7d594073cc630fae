//! Where the configuration is kept that several machines share.

use async_trait::async_trait;

use super::Fault;

/// A text under a tag that changes with it, and the versions that were taken before.
#[async_trait]
pub trait ConfigurationSource: Send + Sync {
    /// The text as it is now, unless it is still the one with the tag `known`.
    async fn read(&self, known: Option<&str>) -> Result<Look, Fault>;

    /// Puts another text in the place of the one with the tag `before`; with `None`, where there is none. The tag of the new
    /// one, or `None` when somebody was faster.
    async fn replace(&self, before: Option<&str>, text: &str) -> Result<Option<String>, Fault>;

    /// Keeps a text that was taken, under its digest, and as the last good one. Doing it again changes nothing.
    async fn keep(&self, digest: &str, text: &str) -> Result<(), Fault>;

    /// The text that was kept last. `None` where none was.
    async fn last_good(&self) -> Result<Option<String>, Fault>;
}

/// What a look at the configuration found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// What is known already.
    Same,
    /// Another text than the one that is known.
    Text(TaggedText),
    /// None is there.
    Nothing,
}

/// A text, and what tells it from every other that stood in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedText {
    /// The text.
    pub text: String,
    /// Its tag.
    pub tag: String,
}
