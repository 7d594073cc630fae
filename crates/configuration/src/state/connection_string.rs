//! Connection string of a storage emulator.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::address::AccountName;
use domain::cloud::ExtraSuffixes;
use thiserror::Error;

use super::urls::StateUrls;
use crate::account_url::{AccountService, AccountUrlError, ServiceUrl};
use crate::secret::Secret;

/// Account and key of a storage emulator on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmulatorKey {
    /// Account in the connection string.
    pub account: AccountName,
    /// Key in base64.
    pub key: Secret,
}

/// A parsed connection string. Only one of a storage emulator on a loopback address is accepted: in Azure
/// the app uses its identity, and keys are disabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionString {
    /// All three endpoints.
    pub urls: StateUrls,
    /// Account and key.
    pub key: EmulatorKey,
}

/// Error of a connection string. No message repeats any part of it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConnectionStringError {
    /// Not a list of `name=value` separated by semicolons.
    #[error("is not a connection string")]
    Malformed,
    /// Refers to another machine.
    #[error("is not the connection string of a storage emulator on a loopback address")]
    Elsewhere,
    /// `UseDevelopmentStorage` has another value, or is not the only part.
    #[error("has UseDevelopmentStorage and other settings")]
    Beside,
    /// A part is missing.
    #[error("has no {0}")]
    Missing(&'static str),
    /// The account name is invalid.
    #[error("has an invalid AccountName")]
    Account,
    /// The key is not base64.
    #[error("has an AccountKey that is not base64")]
    Key,
    /// An endpoint is invalid.
    #[error("has a {0} that {1}")]
    Endpoint(&'static str, #[source] AccountUrlError),
    /// An endpoint belongs to another account.
    #[error("has a {0} of another account than its AccountName")]
    OtherAccount(&'static str),
}

impl ConnectionStringError {
    /// Returns the correct form to write.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Elsewhere => {
                "remove it, and set AzureWebJobsStorage__accountName and AzureWebJobsStorage__credential=managedidentity"
            }
            _ => {
                "write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator"
            }
        }
    }
}

/// Account of every storage emulator.
const WELL_KNOWN_ACCOUNT: &str = "devstoreaccount1";

/// Key of every storage emulator. Not a secret: it is published in the emulator's documentation, and is
/// used with loopback addresses only.
const WELL_KNOWN_KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

impl ConnectionString {
    /// Parses a connection string. Names are compared ignoring case; unneeded parts are ignored.
    pub fn parse(text: &str) -> Result<Self, ConnectionStringError> {
        let parts = Parts::parse(text)?;
        if let Some(value) = parts.get("UseDevelopmentStorage") {
            let alone = value.eq_ignore_ascii_case("true") && parts.0.len() == 1;
            return if alone { Self::well_known() } else { Err(ConnectionStringError::Beside) };
        }
        // Without endpoints, SDKs build them from the account's name and a suffix, which is never loopback.
        if [AccountService::Blob, AccountService::Queue, AccountService::Table]
            .iter()
            .all(|service| parts.get(endpoint(*service)).is_none())
        {
            return Err(ConnectionStringError::Elsewhere);
        }
        let named = |name| parts.get(name).ok_or(ConnectionStringError::Missing(name));
        let urls = StateUrls::try_each(|service| {
            let url = ServiceUrl::parse(service, named(endpoint(service))?, &ExtraSuffixes::default());
            url.map(Some).map_err(|error| ConnectionStringError::Endpoint(endpoint(service), error))
        });
        // All these errors have the same remedy, so the first is enough.
        let urls = urls.map_err(|errors| errors.into_iter().next().unwrap_or(ConnectionStringError::Elsewhere))?;
        if urls.each().into_iter().any(|(_, url)| url.is_some_and(|url| !url.is_local())) {
            return Err(ConnectionStringError::Elsewhere);
        }
        let account = AccountName::parse(named("AccountName")?).map_err(|_| ConnectionStringError::Account)?;
        let key = named("AccountKey")?;
        STANDARD.decode(key).map_err(|_| ConnectionStringError::Key)?;
        for (service, url) in urls.each() {
            if url.and_then(ServiceUrl::account) != Some(&account) {
                return Err(ConnectionStringError::OtherAccount(endpoint(service)));
            }
        }
        Ok(Self { urls, key: EmulatorKey { account, key: Secret::new(key.to_owned()) } })
    }

    fn well_known() -> Result<Self, ConnectionStringError> {
        let account = AccountName::parse(WELL_KNOWN_ACCOUNT).map_err(|_| ConnectionStringError::Account)?;
        let urls = StateUrls::try_each(|service| ServiceUrl::emulator(service, &account).map(Some));
        let urls = urls.map_err(|_| ConnectionStringError::Elsewhere)?;
        Ok(Self { urls, key: EmulatorKey { account, key: Secret::new(WELL_KNOWN_KEY.to_owned()) } })
    }
}

fn endpoint(service: AccountService) -> &'static str {
    match service {
        AccountService::Blob => "BlobEndpoint",
        AccountService::Queue => "QueueEndpoint",
        AccountService::Table => "TableEndpoint",
    }
}

/// Non-empty parts of a connection string, in order.
struct Parts<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parts<'a> {
    fn parse(text: &'a str) -> Result<Self, ConnectionStringError> {
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        let pairs = parts.map(|part| {
            let (name, value) = part.split_once('=').ok_or(ConnectionStringError::Malformed)?;
            Ok((name.trim(), value.trim()))
        });
        let mut pairs = pairs.collect::<Result<Vec<_>, _>>()?;
        pairs.retain(|(_, value)| !value.is_empty());
        Ok(Self(pairs))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}
