//! The services of a storage account, and how their endpoints name the account.

use std::fmt;

use domain::address::AccountName;
use url::{Host, Url};

use super::error::{AccountUrlError, Form};

/// A service of a storage account, each with an endpoint of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Blobs.
    Blob,
    /// Queues.
    Queue,
    /// Tables.
    Table,
}

/// Every service that the endpoint of an account can be of; they differ in one label of the host.
const SERVICES: [&str; 5] = ["blob", "dfs", "file", "queue", "table"];

impl Service {
    /// The name, as it stands in an endpoint and as a key of `account_urls`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Queue => "queue",
            Self::Table => "table",
        }
    }

    /// Where a storage emulator answers by default.
    pub(crate) fn emulator_port(self) -> u16 {
        match self {
            Self::Blob => 10000,
            Self::Queue => 10001,
            Self::Table => 10002,
        }
    }

    /// The account that an http or https URL of this service names.
    pub(super) fn account(self, url: &Url) -> Result<AccountName, AccountUrlError> {
        let host = url.host().ok_or(AccountUrlError::NotAUrl(self))?;
        if url.scheme() == "http" && !is_loopback(&host) {
            return Err(AccountUrlError::OpenHttp);
        }
        let path = url.path().trim_matches('/');
        let (account, form) = match host {
            Host::Domain(host) if host != "localhost" => {
                if let Some(found) = named_by(host).filter(|found| *found != self.name()) {
                    return Err(AccountUrlError::OtherService { found, wanted: self });
                }
                if !path.is_empty() {
                    return Err(AccountUrlError::Path);
                }
                (host.split('.').next().unwrap_or_default(), Form::Host(self))
            }
            _ => (path, Form::Path(self)),
        };
        AccountName::parse(account).map_err(|_| AccountUrlError::NoAccount(form))
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The service that a host names after the account, or after the account's zone, as in
/// `<account>.z12.blob.storage.azure.net`. A host name of one's own may name none.
fn named_by(host: &str) -> Option<&'static str> {
    let is_zone = |label: &str| {
        label.strip_prefix('z').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let label = host.split('.').skip(1).find(|label| !is_zone(label))?;
    SERVICES.into_iter().find(|service| *service == label)
}

/// Whether requests to this host stay on the machine.
pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// The URL, where it is one and carries nothing that may be a credential.
pub(super) fn bare(text: &str, service: Service) -> Result<Url, AccountUrlError> {
    let url = Url::parse(text).map_err(|_| AccountUrlError::NotAUrl(service))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(AccountUrlError::Extras);
    }
    Ok(url)
}
