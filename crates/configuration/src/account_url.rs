//! Where a storage account answers.

use std::fmt;
use std::path::{Path, PathBuf};

use domain::address::AccountName;
use serde::Deserialize;
use thiserror::Error;
use url::{Host, Url};

/// Why a text is not the URL of a storage account.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AccountUrlError {
    /// It is no URL at all, or one of another scheme.
    #[error("is not an https URL")]
    NotAUrl,
    /// Plain http to somewhere else than this machine.
    #[error("is http to another machine")]
    OpenHttp,
    /// A user, a query or a fragment, which may carry a credential.
    #[error("carries a user, a query or a fragment")]
    Extras,
    /// The endpoint of another service of the same account.
    #[error("is the account's {0} endpoint")]
    OtherService(&'static str),
    /// A path beyond the account.
    #[error("has a path")]
    Path,
    /// No account name where this form has it.
    #[error("names no storage account")]
    NoAccount(&'static str),
}

impl AccountUrlError {
    /// What to write instead.
    pub fn remedy(&self) -> String {
        match self {
            Self::NotAUrl => format!("write {IN_A_HOST}"),
            Self::OpenHttp => "write https://; http is only for a storage emulator on a loopback address".to_owned(),
            Self::Extras => "write the account's URL alone; access comes from the app's identity".to_owned(),
            Self::OtherService(_) => "write its blob endpoint".to_owned(),
            Self::Path => "write the account's URL alone; the container has a key of its own".to_owned(),
            Self::NoAccount(form) => format!("write {form}, the account in 3 to 24 lower-case letters and digits"),
        }
    }
}

/// The services of an account whose endpoints differ from the blob endpoint in one label.
const OTHER_SERVICES: [&str; 4] = ["dfs", "file", "queue", "table"];

/// The URL of a storage account, or of the folder that stands for one.
///
/// - `https://<account>.blob.core.windows.net`: the account is the first label of the host, so sovereign
///   clouds and private host names work alike;
/// - `http://127.0.0.1:10000/<account>`: a storage emulator on a loopback address;
/// - `file:///folder/<account>`: a folder on this machine.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AccountUrl {
    account: AccountName,
    place: Place,
}

#[derive(Clone, PartialEq, Eq)]
enum Place {
    Service(Url),
    Folder(PathBuf),
}

const IN_A_HOST: &str = "https://<account>.blob.core.windows.net";
const IN_A_PATH: &str = "http://127.0.0.1:10000/<account>";
const IN_A_FOLDER: &str = "file:///folder/<account>";

impl AccountUrl {
    /// Reads one of the three forms.
    pub fn parse(text: &str) -> Result<Self, AccountUrlError> {
        let url = Url::parse(text).map_err(|_| AccountUrlError::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(AccountUrlError::Extras);
        }
        match url.scheme() {
            "file" => {
                let folder = url.to_file_path().map_err(|()| AccountUrlError::NoAccount(IN_A_FOLDER))?;
                let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                let account = AccountName::parse(name).map_err(|_| AccountUrlError::NoAccount(IN_A_FOLDER))?;
                Ok(Self::of_folder(account, folder))
            }
            "https" | "http" => Self::service(url),
            _ => Err(AccountUrlError::NotAUrl),
        }
    }

    /// The account for which a folder stands.
    pub(crate) fn of_folder(account: AccountName, folder: PathBuf) -> Self {
        Self { account, place: Place::Folder(folder) }
    }

    fn service(url: Url) -> Result<Self, AccountUrlError> {
        let path = url.path().trim_matches('/');
        let (account, form) = match url.host() {
            Some(Host::Domain(host)) if host != "localhost" => {
                let mut labels = host.split('.');
                let account = labels.next().unwrap_or_default();
                if url.scheme() == "http" {
                    return Err(AccountUrlError::OpenHttp);
                }
                let second = labels.next();
                if let Some(other) = OTHER_SERVICES.into_iter().find(|&other| second == Some(other)) {
                    return Err(AccountUrlError::OtherService(other));
                }
                if !path.is_empty() {
                    return Err(AccountUrlError::Path);
                }
                (account, IN_A_HOST)
            }
            Some(host) => {
                if url.scheme() == "http" && !is_loopback(&host) {
                    return Err(AccountUrlError::OpenHttp);
                }
                (path, IN_A_PATH)
            }
            None => return Err(AccountUrlError::NotAUrl),
        };
        let account = AccountName::parse(account).map_err(|_| AccountUrlError::NoAccount(form))?;
        Ok(Self { account, place: Place::Service(url) })
    }

    /// The name of the account.
    pub fn account(&self) -> &AccountName {
        &self.account
    }

    /// The folder that stands for the account, where one does.
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder),
            Place::Service(_) => None,
        }
    }

    /// The endpoint of the account's blob service, unless a folder stands for the account.
    pub fn endpoint(&self) -> Option<&Url> {
        match &self.place {
            Place::Service(url) => Some(url),
            Place::Folder(_) => None,
        }
    }

    /// Whether the account is on this machine: a folder, or an emulator on a loopback address.
    pub fn is_local(&self) -> bool {
        match &self.place {
            Place::Service(url) => url.host().is_some_and(|host| is_loopback(&host)),
            Place::Folder(_) => true,
        }
    }
}

/// Whether requests to this host stay on the machine.
pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl TryFrom<String> for AccountUrl {
    type Error = AccountUrlError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
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
    fn the_account_is_the_first_label_of_a_host_in_any_cloud() {
        for text in [
            "https://stbastionrec01.blob.core.windows.net",
            "https://stbastionrec01.blob.core.windows.net/",
            "https://STBASTIONREC01.blob.core.chinacloudapi.cn",
            "https://stbastionrec01.z12.blob.storage.azure.net",
            "https://stbastionrec01.recordings.corp.example:8443",
        ] {
            let url = AccountUrl::parse(text).unwrap();
            assert_eq!(
                (url.account().as_str(), url.folder(), url.is_local()),
                ("stbastionrec01", None, false),
                "{text}"
            );
        }
    }

    #[test]
    fn the_account_is_the_path_of_an_emulator() {
        for text in [
            "http://127.0.0.1:10000/devstoreaccount1",
            "http://localhost:10000/devstoreaccount1/",
            "http://[::1]:10000/devstoreaccount1",
            "https://127.0.0.1:10000/devstoreaccount1",
        ] {
            let url = AccountUrl::parse(text).unwrap();
            assert_eq!((url.account().as_str(), url.is_local()), ("devstoreaccount1", true), "{text}");
        }
    }

    #[test]
    fn the_account_is_the_last_part_of_a_folder() {
        let url = AccountUrl::parse("file:///srv/my%20data/local").unwrap();
        assert_eq!(url.account().as_str(), "local");
        assert_eq!(url.folder(), Some(Path::new("/srv/my data/local")));
        assert_eq!(url.endpoint(), None);
    }

    #[test]
    fn what_is_no_account_url_is_refused_with_the_reason() {
        use AccountUrlError as E;
        let cases = [
            ("", E::NotAUrl),
            ("stbastionrec01", E::NotAUrl),
            ("ftp://stbastionrec01.example", E::NotAUrl),
            ("http://stbastionrec01.blob.core.windows.net", E::OpenHttp),
            ("http://10.0.0.4:10000/devstoreaccount1", E::OpenHttp),
            ("https://stbastionrec01.blob.core.windows.net?sv=2026&sig=x", E::Extras),
            ("https://user:password@stbastionrec01.blob.core.windows.net", E::Extras),
            ("https://stbastionrec01.queue.core.windows.net", E::OtherService("queue")),
            ("https://stbastionrec01.blob.core.windows.net/recordings", E::Path),
            ("https://st-bastion.blob.core.windows.net", E::NoAccount(IN_A_HOST)),
            ("http://127.0.0.1:10000", E::NoAccount(IN_A_PATH)),
            ("http://127.0.0.1:10000/devstoreaccount1/recordings", E::NoAccount(IN_A_PATH)),
            ("file:///", E::NoAccount(IN_A_FOLDER)),
            ("file:///srv/my-data", E::NoAccount(IN_A_FOLDER)),
        ];
        for (text, expected) in cases {
            assert_eq!(AccountUrl::parse(text), Err(expected), "{text}");
        }
    }
}
