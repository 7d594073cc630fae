//! Errors of storage account URLs.

use std::fmt;

use thiserror::Error;

use super::service::AccountService;
use crate::suffixes::EXTRA_SUFFIXES;

/// Error of a URL that is not one of a storage account, or of another service than the requested one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AccountUrlError {
    /// Not a URL, or one with another scheme.
    #[error("is not an https URL")]
    NotAUrl(AccountService),
    /// A folder, although the service has to be reached over the network.
    #[error("is a folder")]
    Folder(AccountService),
    /// Plain http to another machine.
    #[error("is http to another machine")]
    OpenHttp,
    /// A user, a query or a fragment, which may carry a credential.
    #[error("contains a user, a query or a fragment")]
    Extras,
    /// The endpoint of another service of the same account.
    #[error("is the account's {found} endpoint")]
    OtherService {
        /// Service at this endpoint.
        found: &'static str,
        /// Requested service.
        wanted: AccountService,
    },
    /// A path after the account.
    #[error("has a path")]
    Path,
    /// A port other than that of https.
    #[error("has a port")]
    Port,
    /// A host of no known cloud, to which no token may be sent.
    #[error("is not a host of a known cloud, and gets no token")]
    UnknownHost(AccountService),
    /// No account name at the place required by this form.
    #[error("names no storage account")]
    NoAccount(AccountUrlForm),
}

impl AccountUrlError {
    /// Returns the correct form to write.
    pub fn remedy(&self) -> String {
        match self {
            Self::NotAUrl(service) | Self::Folder(service) => format!("write {}", AccountUrlForm::Host(*service)),
            Self::OpenHttp => "write https://; http is only for a storage emulator on a loopback address".to_owned(),
            Self::Extras => "write the account's URL alone; access comes from the app's identity".to_owned(),
            Self::OtherService { wanted, .. } => format!("write its {wanted} endpoint"),
            Self::Path => "write the account's URL alone, which ends after the host".to_owned(),
            Self::Port => "leave the port out; services of Azure answer on 443".to_owned(),
            Self::UnknownHost(service) => format!(
                "write {}, or its equivalent in another cloud; a suffix of your own must be in the app setting {EXTRA_SUFFIXES}",
                AccountUrlForm::Host(*service)
            ),
            Self::NoAccount(form) => format!("write {form}, the account in {}", form.name()),
        }
    }
}

/// Position of the account name in a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountUrlForm {
    /// First label of the host.
    Host(AccountService),
    /// Path, for a storage emulator.
    Path(AccountService),
    /// Last part of a folder's path.
    Folder,
    /// First label of the host, with the naming rules of Cosmos DB.
    Cosmos,
}

impl AccountUrlForm {
    fn name(self) -> &'static str {
        match self {
            Self::Cosmos => "3 to 44 lower-case letters, digits and hyphens",
            _ => "3 to 24 lower-case letters and digits",
        }
    }
}

impl fmt::Display for AccountUrlForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(service) => write!(f, "https://<account>.{service}.core.windows.net"),
            Self::Path(service) => write!(f, "http://127.0.0.1:{}/<account>", service.emulator_port()),
            Self::Folder => f.write_str("file:///folder/<account>"),
            Self::Cosmos => f.write_str("https://<account>.table.cosmos.azure.com"),
        }
    }
}
