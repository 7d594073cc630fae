//! URLs of storage accounts.

use std::fmt;
use std::path::{Path, PathBuf};

use domain::address::AccountName;
use domain::cloud::{Cloud, ExtraSuffixes};
use url::Url;

mod error;
mod service;
mod service_url;

pub use error::{AccountUrlError, AccountUrlForm};
pub use service::AccountService;
pub(crate) use service::is_loopback;
pub use service_url::ServiceUrl;

/// URL of a storage account, or of a folder in its place.
///
/// - `https://<account>.blob.core.windows.net`: the account is the first label of the host, which is one of
///   a known cloud or right below an extra suffix;
/// - `http://127.0.0.1:10000/<account>`: a storage emulator on a loopback address;
/// - `file:///folder/<account>`: a folder on this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountUrl {
    account: AccountName,
    cloud: Option<Cloud>,
    place: Place,
}

#[derive(Clone, PartialEq, Eq)]
enum Place {
    Service(Url),
    Folder(PathBuf),
}

impl AccountUrl {
    /// Parses one of the three forms. Returns an error with a remedy for anything else.
    pub fn parse(text: &str, extra: &ExtraSuffixes) -> Result<Self, AccountUrlError> {
        let url = service::bare(text, AccountService::Blob)?;
        match url.scheme() {
            "file" => {
                let folder = url.to_file_path().map_err(|()| AccountUrlError::NoAccount(AccountUrlForm::Folder))?;
                let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                let account =
                    AccountName::parse(name).map_err(|_| AccountUrlError::NoAccount(AccountUrlForm::Folder))?;
                Ok(Self::of_folder(account, folder))
            }
            "https" | "http" => {
                let (account, cloud) = AccountService::Blob.account(&url, extra)?;
                Ok(Self { account, cloud, place: Place::Service(url) })
            }
            _ => Err(AccountUrlError::NotAUrl(AccountService::Blob)),
        }
    }

    /// Creates the URL of the folder for `account`.
    pub(crate) fn of_folder(account: AccountName, folder: PathBuf) -> Self {
        Self { account, cloud: None, place: Place::Folder(folder) }
    }

    /// Returns the account name.
    pub fn account(&self) -> &AccountName {
        &self.account
    }

    /// Returns the cloud of the account, or `None` for an account on this machine.
    pub fn cloud(&self) -> Option<Cloud> {
        self.cloud
    }

    /// Returns the folder of the account, or `None` for a service.
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder),
            Place::Service(_) => None,
        }
    }

    /// Returns the endpoint of the blob service, or `None` for a folder.
    pub fn endpoint(&self) -> Option<&Url> {
        match &self.place {
            Place::Service(url) => Some(url),
            Place::Folder(_) => None,
        }
    }

    /// Returns true for a folder, and for an emulator on a loopback address.
    pub fn is_local(&self) -> bool {
        match &self.place {
            Place::Service(url) => url.host().is_some_and(|host| is_loopback(&host)),
            Place::Folder(_) => true,
        }
    }
}

impl fmt::Debug for AccountUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountUrl({self})")
    }
}

impl fmt::Display for AccountUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Service(url) => write!(f, "{url}"),
            Place::Folder(folder) => write!(f, "file://{}", folder.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_the_first_label_of_the_host() {
        for text in [
            "https://stbastionrec01.blob.core.windows.net",
            "https://stbastionrec01.blob.core.windows.net/",
            "https://STBASTIONREC01.blob.core.chinacloudapi.cn",
            "https://stbastionrec01.z12.blob.storage.azure.net",
        ] {
            let url = AccountUrl::parse(text, &ExtraSuffixes::default()).unwrap();
            assert_eq!(
                (url.account().as_str(), url.folder(), url.is_local()),
                ("stbastionrec01", None, false),
                "{text}"
            );
        }
    }

    #[test]
    fn an_account_of_ones_own_dns_zone_needs_its_suffix() {
        let text = "https://stbastionrec01.recordings.corp.example";
        let extra = ExtraSuffixes::parse("recordings.corp.example").unwrap();
        assert_eq!(AccountUrl::parse(text, &extra).unwrap().account().as_str(), "stbastionrec01");
        assert_eq!(AccountUrl::parse(&format!("{text}:8443"), &extra), Err(AccountUrlError::Port));
    }

    #[test]
    fn the_account_is_the_path_of_an_emulator() {
        for text in [
            "http://127.0.0.1:10000/devstoreaccount1",
            "http://localhost:10000/devstoreaccount1/",
            "http://[::1]:10000/devstoreaccount1",
            "https://127.0.0.1:10000/devstoreaccount1",
        ] {
            let url = AccountUrl::parse(text, &ExtraSuffixes::default()).unwrap();
            assert_eq!((url.account().as_str(), url.is_local()), ("devstoreaccount1", true), "{text}");
        }
    }

    #[test]
    fn the_account_is_the_last_part_of_a_folder() {
        let url = AccountUrl::parse("file:///srv/my%20data/local", &ExtraSuffixes::default()).unwrap();
        assert_eq!(url.account().as_str(), "local");
        assert_eq!(url.folder(), Some(Path::new("/srv/my data/local")));
        assert_eq!(url.endpoint(), None);
    }

    #[test]
    fn an_invalid_account_url_is_rejected_with_the_reason() {
        use AccountUrlError as E;
        let cases = [
            ("", E::NotAUrl(AccountService::Blob)),
            ("stbastionrec01", E::NotAUrl(AccountService::Blob)),
            ("ftp://stbastionrec01.example", E::NotAUrl(AccountService::Blob)),
            ("http://stbastionrec01.blob.core.windows.net", E::OpenHttp),
            ("http://10.0.0.4:10000/devstoreaccount1", E::OpenHttp),
            ("https://stbastionrec01.blob.core.windows.net?sv=2026&sig=x", E::Extras),
            ("https://user:password@stbastionrec01.blob.core.windows.net", E::Extras),
            (
                "https://stbastionrec01.queue.core.windows.net",
                E::OtherService { found: "queue", wanted: AccountService::Blob },
            ),
            ("https://stbastionrec01.blob.core.windows.net/recordings", E::Path),
            ("https://st-bastion.blob.core.windows.net", E::NoAccount(AccountUrlForm::Host(AccountService::Blob))),
            ("https://stbastionrec01.blob.core.windows.net:8443", E::Port),
            ("https://stbastionrec01.blob.core.windows.net.evil.example", E::UnknownHost(AccountService::Blob)),
            ("https://stbastionrec01.recordings.corp.example", E::UnknownHost(AccountService::Blob)),
            ("https://stbastionrec01.blob.core.windows.net.", E::UnknownHost(AccountService::Blob)),
            ("https://evil.example/stbastionrec01.blob.core.windows.net", E::Path),
            ("https://stbastionrec01.blob.core.windows.net\\@evil.example", E::NotAUrl(AccountService::Blob)),
            ("https://stbastionrec01.blоb.core.windows.net", E::NotAUrl(AccountService::Blob)),
            ("https://stbastionrec01.blob%2ecore.windows.net", E::NotAUrl(AccountService::Blob)),
            ("https://stbastionrec01\t.blob.core.windows.net", E::NotAUrl(AccountService::Blob)),
            ("https://10.0.0.4/stbastionrec01", E::UnknownHost(AccountService::Blob)),
            ("https://0x0a000004/stbastionrec01", E::UnknownHost(AccountService::Blob)),
            ("https://[fd00::4]/stbastionrec01", E::UnknownHost(AccountService::Blob)),
            ("http://127.0.0.1:10000", E::NoAccount(AccountUrlForm::Path(AccountService::Blob))),
            (
                "http://127.0.0.1:10000/devstoreaccount1/recordings",
                E::NoAccount(AccountUrlForm::Path(AccountService::Blob)),
            ),
            ("file:///", E::NoAccount(AccountUrlForm::Folder)),
            ("file:///srv/my-data", E::NoAccount(AccountUrlForm::Folder)),
        ];
        for (text, expected) in cases {
            assert_eq!(AccountUrl::parse(text, &ExtraSuffixes::default()), Err(expected), "{text}");
        }
    }
}
