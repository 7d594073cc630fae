//! Place of the configuration.

use std::path::PathBuf;

use configuration::BlobUrl;
use domain::cloud::ExtraSuffixes;

/// Place of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigPlace {
    /// A file on this machine.
    File(PathBuf),
    /// A blob shared by several machines, checked for new versions.
    Blob(BlobUrl),
}

impl ConfigPlace {
    /// Parses a place. Text that looks like a URL is the URL of a blob.
    ///
    /// # Errors
    /// Returns the problem of a URL and its remedy.
    pub fn parse(text: &str, extra: &ExtraSuffixes) -> Result<Self, String> {
        if BlobUrl::is_meant(text) {
            return BlobUrl::parse(text, extra).map(Self::Blob);
        }
        Ok(Self::File(PathBuf::from(text)))
    }
}
