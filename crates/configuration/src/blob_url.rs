//! URL of a single blob.

use std::fmt;

use domain::address::{BlobName, ContainerName};
use domain::cloud::ExtraSuffixes;
use url::Url;

use crate::account_url::{AccountService, ServiceUrl};

/// URL of a blob: `https://<account>.blob.core.windows.net/<container>/<name>`, or one of a storage
/// emulator on a loopback address. Carries no credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobUrl {
    /// Storage account.
    pub account: ServiceUrl,
    /// Container name.
    pub container: ContainerName,
    /// Blob name.
    pub name: BlobName,
}

impl BlobUrl {
    /// Returns true if a text looks like a URL, so a wrong URL is not reported as a missing file.
    pub fn is_meant(text: &str) -> bool {
        text.starts_with("https://") || text.starts_with("http://")
    }

    /// Parses the URL of a blob.
    ///
    /// # Errors
    /// Returns the problem and its remedy, as a fragment that follows the text.
    pub fn parse(text: &str, extra: &ExtraSuffixes) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| WRITE.to_owned())?;
        let path = url.path().trim_start_matches('/');
        let places = if is_named(&url) { 0 } else { 1 };
        let mut parts = path.splitn(places + 2, '/');
        let account: Vec<&str> = parts.by_ref().take(places).collect();
        let (container, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let mut base = url.clone();
        base.set_path(&account.join("/"));
        let account = ServiceUrl::parse(AccountService::Blob, base.as_str(), extra);
        let account = account.map_err(|error| format!("{error}; {}", error.remedy()))?;
        let container = ContainerName::parse(container).map_err(|error| format!("{error}; {WRITE}"))?;
        let name = percent_encoding::percent_decode_str(name).decode_utf8().map_err(|_| WRITE.to_owned())?;
        let name = BlobName::parse(&name).map_err(|error| format!("{error}; {WRITE}"))?;
        Ok(Self { account, container, name })
    }
}

/// Returns true if the host contains the account name; otherwise the path begins with it.
fn is_named(url: &Url) -> bool {
    url.domain().is_some_and(|domain| domain != "localhost")
}

const WRITE: &str = "write https://ACCOUNT.blob.core.windows.net/CONTAINER/archivist.yaml";

impl fmt::Display for BlobUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = self.account.url().as_str().trim_end_matches('/');
        write!(f, "{base}/{}/{}", self.container.as_str(), self.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<BlobUrl, String> {
        BlobUrl::parse(text, &ExtraSuffixes::default())
    }

    #[test]
    fn a_blob_url_of_cloud_or_emulator_round_trips() {
        for text in [
            "https://starchivist.blob.core.windows.net/configuration/archivist.yaml",
            "http://127.0.0.1:10000/devstoreaccount1/configuration/a/b.yaml",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
        let url = parse("http://127.0.0.1:10000/devstoreaccount1/configuration/a/b.yaml").unwrap();
        assert_eq!((url.container.as_str(), url.name.as_str()), ("configuration", "a/b.yaml"));
    }

    #[test]
    fn an_invalid_blob_url_or_one_with_a_credential_is_rejected() {
        for text in [
            "https://starchivist.blob.core.windows.net/configuration",
            "https://starchivist.blob.core.windows.net/",
            "https://starchivist.queue.core.windows.net/configuration/archivist.yaml",
            "https://starchivist.blob.core.windows.net/configuration/archivist.yaml?sig=secret",
            "http://starchivist.blob.core.windows.net/configuration/archivist.yaml",
            "https://starchivist.blob.core.windows.net.evil.example/configuration/archivist.yaml",
            "https://starchivist.blob.core.windows.net:8443/configuration/archivist.yaml",
            "https://10.0.0.4/starchivist/configuration/archivist.yaml",
            "https://starchivist.evil.example/configuration/archivist.yaml",
            "https://",
        ] {
            let refused = parse(text).unwrap_err();
            assert!(!refused.contains("secret"), "{refused}");
        }
    }
}
