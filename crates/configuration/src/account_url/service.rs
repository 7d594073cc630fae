//! Services of a storage account, and account names in their endpoints.

use std::fmt;

use domain::address::AccountName;
use domain::cloud::{CalledService, Cloud, ExtraSuffixes, KnownHost};
use url::{Host, Url};

use super::error::{AccountUrlError, AccountUrlForm};

/// A service of a storage account, with its own endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountService {
    /// Blob storage.
    Blob,
    /// Queue storage.
    Queue,
    /// Table storage.
    Table,
}

/// All services with account endpoints. Their host names differ in one label.
const SERVICES: [&str; 5] = ["blob", "dfs", "file", "queue", "table"];

impl AccountService {
    /// Returns the name used in endpoints and as a key of `account_urls`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Queue => "queue",
            Self::Table => "table",
        }
    }

    /// Default port of a storage emulator.
    pub(crate) fn emulator_port(self) -> u16 {
        match self {
            Self::Blob => 10000,
            Self::Queue => 10001,
            Self::Table => 10002,
        }
    }

    /// Extracts the account and its cloud from an http or https URL of this service. The cloud is `None`
    /// for an emulator on this machine.
    pub(super) fn account(
        self,
        url: &Url,
        extra: &ExtraSuffixes,
    ) -> Result<(AccountName, Option<Cloud>), AccountUrlError> {
        let host = url.host().ok_or(AccountUrlError::NotAUrl(self))?;
        let path = url.path().trim_matches('/');
        if is_loopback(&host) {
            let account =
                AccountName::parse(path).map_err(|_| AccountUrlError::NoAccount(AccountUrlForm::Path(self)))?;
            return Ok((account, None));
        }
        if url.scheme() == "http" {
            return Err(AccountUrlError::OpenHttp);
        }
        let Host::Domain(host) = host else {
            return Err(AccountUrlError::UnknownHost(self));
        };
        if let Some(found) = named_by(host).filter(|found| *found != self.name()) {
            return Err(AccountUrlError::OtherService { found, wanted: self });
        }
        if !path.is_empty() {
            return Err(AccountUrlError::Path);
        }
        let account = AccountName::parse(host.split('.').next().unwrap_or_default());
        let account = account.map_err(|_| AccountUrlError::NoAccount(AccountUrlForm::Host(self)))?;
        Ok((account, Some(self.known(url, extra)?.cloud)))
    }

    /// Returns the host of a URL. Returns an error if no token may be sent to it.
    pub(super) fn known<'u>(self, url: &'u Url, extra: &ExtraSuffixes) -> Result<KnownHost<'u>, AccountUrlError> {
        let known = self.called().known(url.host_str().unwrap_or_default(), extra);
        let known = known.ok_or(AccountUrlError::UnknownHost(self))?;
        if url.port().is_some() { Err(AccountUrlError::Port) } else { Ok(known) }
    }

    fn called(self) -> CalledService {
        match self {
            Self::Blob => CalledService::Blob,
            Self::Queue => CalledService::Queue,
            Self::Table => CalledService::Table,
        }
    }
}

impl fmt::Display for AccountService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Returns the service label of a host, which follows the account or the account's zone, as in
/// `<account>.z12.blob.storage.azure.net`. Returns `None` if the host has no such label, as custom names
/// may.
fn named_by(host: &str) -> Option<&'static str> {
    let is_zone = |label: &str| {
        label.strip_prefix('z').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let label = host.split('.').skip(1).find(|label| !is_zone(label))?;
    SERVICES.into_iter().find(|service| *service == label)
}

/// Returns true if requests to this host stay on the machine.
pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Parses a URL. Returns an error if it may carry a credential.
pub(super) fn bare(text: &str, service: AccountService) -> Result<Url, AccountUrlError> {
    let url = Url::parse(text).map_err(|_| AccountUrlError::NotAUrl(service))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(AccountUrlError::Extras);
    }
    // Hosts are compared as written. Blanks, escapes and letters of other alphabets are rejected, because a
    // URL parser would convert them to a different host.
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\%".contains(&byte));
    if url.scheme() != "file" && !is_plain(text) {
        return Err(AccountUrlError::NotAUrl(service));
    }
    Ok(url)
}
