//! Where the configuration is.

use std::path::PathBuf;

use configuration::BlobUrl;
use domain::cloud::ExtraSuffixes;

/// Where the configuration is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigPlace {
    /// A file of this machine.
    File(PathBuf),
    /// A blob that several machines share, and that is looked at again and again.
    Blob(BlobUrl),
}

impl ConfigPlace {
    /// Reads it: what looks like a URL is the URL of a blob.
    ///
    /// # Errors
    /// What is wrong with a URL, and what to write instead.
    pub fn parse(text: &str, extra: &ExtraSuffixes) -> Result<Self, String> {
        if BlobUrl::is_meant(text) {
            return BlobUrl::parse(text, extra).map(Self::Blob);
        }
        Ok(Self::File(PathBuf::from(text)))
    }
}
