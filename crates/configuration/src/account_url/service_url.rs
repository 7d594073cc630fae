//! Endpoint of one service of a storage account.

use std::fmt;

use domain::address::AccountName;
use domain::cloud::{Cloud, ExtraSuffixes, is_cosmos_account};
use url::Url;

use super::error::{AccountUrlError, AccountUrlForm};
use super::service::{AccountService, bare, is_loopback};

/// Endpoint of one service of a storage account.
///
/// - `https://<account>.<service>.core.windows.net`: the account is the first label of the host, which is
///   one of a known cloud or right below an extra suffix;
/// - `http://127.0.0.1:10001/<account>`: a storage emulator on a loopback address, by http or https;
/// - `https://<account>.table.cosmos.azure.com`, for tables: Cosmos DB, which uses the same protocol.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceUrl {
    service: AccountService,
    url: Url,
    account: Option<AccountName>,
    cloud: Option<Cloud>,
}

impl ServiceUrl {
    /// Parses the endpoint of `service`.
    pub fn parse(service: AccountService, text: &str, extra: &ExtraSuffixes) -> Result<Self, AccountUrlError> {
        let mut url = bare(text, service)?;
        match url.scheme() {
            "https" | "http" => {}
            "file" => return Err(AccountUrlError::Folder(service)),
            _ => return Err(AccountUrlError::NotAUrl(service)),
        }
        let (account, cloud) = match cosmos_account(service, &url) {
            Some(name) => {
                check_cosmos(&url, name)?;
                (None, Some(service.known(&url, extra)?.cloud))
            }
            None => service.account(&url, extra).map(|(account, cloud)| (Some(account), cloud))?,
        };
        // Callers append to the path, so it never ends with a slash.
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self { service, url, account, cloud })
    }

    /// Builds the endpoint of an account in the public cloud.
    pub(crate) fn public(service: AccountService, account: &AccountName) -> Result<Self, AccountUrlError> {
        let url = format!("https://{}.{service}.core.windows.net", account.as_str());
        Self::parse(service, &url, &ExtraSuffixes::default())
    }

    /// Builds the endpoint of an emulator account at the default port.
    pub(crate) fn emulator(service: AccountService, account: &AccountName) -> Result<Self, AccountUrlError> {
        let url = format!("http://127.0.0.1:{}/{}", service.emulator_port(), account.as_str());
        Self::parse(service, &url, &ExtraSuffixes::default())
    }

    /// Returns the service of this endpoint.
    pub fn service(&self) -> AccountService {
        self.service
    }

    /// Returns the URL. Its path is empty or the account of an emulator, without a trailing slash.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the storage account, or `None` for Cosmos DB.
    pub fn account(&self) -> Option<&AccountName> {
        self.account.as_ref()
    }

    /// Returns the cloud of the account, or `None` for an account on this machine.
    pub fn cloud(&self) -> Option<Cloud> {
        self.cloud
    }

    /// Returns true for Cosmos DB, whose tokens have their own scope.
    pub fn is_cosmos(&self) -> bool {
        self.account.is_none()
    }

    /// Returns true for a storage emulator on this machine.
    pub fn is_local(&self) -> bool {
        self.url.host().is_some_and(|host| is_loopback(&host))
    }
}

/// Returns the first label of the host if it is one of Cosmos DB for Table.
fn cosmos_account(service: AccountService, url: &Url) -> Option<&str> {
    let (account, rest) = url.host_str().filter(|_| service == AccountService::Table)?.split_once('.')?;
    rest.starts_with("table.cosmos.").then_some(account)
}

fn check_cosmos(url: &Url, account: &str) -> Result<(), AccountUrlError> {
    if url.scheme() == "http" {
        Err(AccountUrlError::OpenHttp)
    } else if !is_cosmos_account(account) {
        Err(AccountUrlError::NoAccount(AccountUrlForm::Cosmos))
    } else if url.path() != "/" {
        Err(AccountUrlError::Path)
    } else {
        Ok(())
    }
}

impl fmt::Debug for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceUrl({}: {self})", self.service)
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(service: AccountService, text: &str) -> Result<ServiceUrl, AccountUrlError> {
        ServiceUrl::parse(service, text, &ExtraSuffixes::default())
    }

    fn account(service: AccountService, text: &str) -> (Option<String>, bool) {
        let url = parse(service, text).unwrap();
        (url.account().map(|account| account.as_str().to_owned()), url.is_local())
    }

    #[test]
    fn each_service_has_an_endpoint_of_its_own_in_any_cloud() {
        for (service, text) in [
            (AccountService::Blob, "https://st1.blob.core.windows.net"),
            (AccountService::Queue, "https://st1.queue.core.chinacloudapi.cn/"),
            (AccountService::Table, "https://ST1.z07.table.storage.azure.net"),
        ] {
            assert_eq!(account(service, text), (Some("st1".to_owned()), false), "{text}");
        }
    }

    #[test]
    fn the_account_is_the_path_of_an_emulator() {
        for text in ["http://127.0.0.1:10001/acc1", "https://localhost:10001/acc1/", "http://[::1]:10001/acc1"] {
            assert_eq!(account(AccountService::Queue, text), (Some("acc1".to_owned()), true), "{text}");
            assert_eq!(parse(AccountService::Queue, text).unwrap().url().path(), "/acc1");
        }
    }

    #[test]
    fn tables_may_be_those_of_cosmos_db() {
        for text in ["https://cosmos-archivist.table.cosmos.azure.com", "https://c-1.table.cosmos.azure.com:443/"] {
            let url = parse(AccountService::Table, text).unwrap();
            assert!(url.is_cosmos() && !url.is_local() && url.account().is_none(), "{text}");
        }
        assert!(!parse(AccountService::Table, "https://st1.table.core.windows.net").unwrap().is_cosmos());
    }

    #[test]
    fn an_invalid_service_endpoint_is_rejected_with_the_reason() {
        use AccountService::{Blob, Queue, Table};
        use AccountUrlError as E;
        let cases = [
            (Queue, "st1", E::NotAUrl(Queue)),
            (Table, "file:///srv/local", E::Folder(Table)),
            (Queue, "http://st1.queue.core.windows.net", E::OpenHttp),
            (Queue, "http://10.0.0.4:10001/acc1", E::OpenHttp),
            (Queue, "https://st1.queue.core.windows.net?sig=x", E::Extras),
            (Table, "https://st1.queue.core.windows.net", E::OtherService { found: "queue", wanted: Table }),
            (Queue, "https://st1.z12.blob.storage.azure.net", E::OtherService { found: "blob", wanted: Queue }),
            (Blob, "https://c1.table.cosmos.azure.com", E::OtherService { found: "table", wanted: Blob }),
            (Queue, "https://st1.queue.core.windows.net/notifications", E::Path),
            (Table, "https://st-1.table.core.windows.net", E::NoAccount(AccountUrlForm::Host(Table))),
            (Queue, "https://st1.queue.evil.example", E::UnknownHost(Queue)),
            (Queue, "https://st1.queue.core.windows.net:8443", E::Port),
            (Table, "https://c-1.table.cosmos.azure.com:8443", E::Port),
            (Table, "https://c-1.table.cosmos.evil.example", E::UnknownHost(Table)),
            (Table, "https://c-1.table.cosmos.azure.com.evil.example", E::UnknownHost(Table)),
            (Table, "http://127.0.0.1:10002", E::NoAccount(AccountUrlForm::Path(Table))),
            (Table, "http://c1.table.cosmos.azure.com", E::OpenHttp),
            (Table, "https://c.table.cosmos.azure.com", E::NoAccount(AccountUrlForm::Cosmos)),
            (Table, "https://c01.table.cosmos.azure.com/catalogue", E::Path),
        ];
        for (service, text, expected) in cases {
            assert_eq!(parse(service, text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_remedy_is_for_the_service() {
        let remedy = |service, text| parse(service, text).unwrap_err().remedy();
        assert_eq!(remedy(AccountService::Table, "https://st1.queue.core.windows.net"), "write its table endpoint");
        assert_eq!(
            remedy(AccountService::Queue, "http://127.0.0.1:10001"),
            "write http://127.0.0.1:10001/<account>, the account in 3 to 24 lower-case letters and digits"
        );
        assert_eq!(
            remedy(AccountService::Table, "file:///srv/local"),
            "write https://<account>.table.core.windows.net"
        );
    }
}
