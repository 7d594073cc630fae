//! App settings of the storage account of the Functions host.

use domain::address::AccountName;

use super::StateAccess;
use super::connection_string::{ConnectionString, EmulatorKey};
use super::urls::StateUrls;
use crate::account_url::{AccountService, ServiceUrl};
use crate::suffixes::extra_suffixes;

/// App settings `AzureWebJobsStorage`, `AzureWebJobsStorage__…` and `AZURE_CLIENT_ID`: the defaults of
/// `state`, and the access to storage accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostStorage {
    /// Configured endpoints.
    pub urls: StateUrls,
    /// The emulator's key, if a connection string is set.
    pub emulator: Option<EmulatorKey>,
    /// Client id of the app's user-assigned identity, if set.
    pub client_id: Option<String>,
}

/// Connection name of the Functions host: a connection string, and the prefix of its other settings.
const CONNECTION: &str = "AzureWebJobsStorage";

impl HostStorage {
    /// Reads the settings; an empty one counts as not set.
    ///
    /// # Errors
    /// Returns every problem, one text each: the name of the setting, the problem and the remedy. No text
    /// shows a value.
    pub fn read(app_setting: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let reader = Reader(app_setting);
        let mut problems = Vec::new();
        let read =
            Self { client_id: reader.client_id(&mut problems), urls: reader.urls(&mut problems), emulator: None };
        reader.credential(&mut problems);
        let connection = reader.connection(&mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(match connection {
            Some(ConnectionString { urls, key }) => Self { urls, emulator: Some(key), ..read },
            None => read,
        })
    }

    /// Access to a storage account: the emulator's key if the account is local and a key is set, otherwise
    /// the app's identity.
    pub fn access(&self, local: bool) -> StateAccess {
        match &self.emulator {
            Some(key) if local => StateAccess::EmulatorKey(key.clone()),
            _ => StateAccess::Identity { client_id: self.client_id.clone() },
        }
    }
}

struct Reader<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// The archivist's own setting takes precedence over the host's, because it selects the identity of its
    /// own calls.
    fn client_id(&self, problems: &mut Vec<String>) -> Option<String> {
        let host = format!("{CONNECTION}__clientId");
        let mut ids = Vec::new();
        for name in ["AZURE_CLIENT_ID", &host] {
            let Some(id) = self.text(name) else { continue };
            if !is_guid(&id) {
                let remedy = "write the identity's client id, as in 00000000-0000-0000-0000-000000000000, not its name or resource id";
                problems.push(format!("{name}: the value is not a client id; {remedy}"));
            }
            ids.push(id);
        }
        ids.into_iter().next()
    }

    fn urls(&self, problems: &mut Vec<String>) -> StateUrls {
        let account = self.account(problems);
        // An invalid setting is reported when app settings are read; here it adds no suffix.
        let extra = extra_suffixes(self.0).unwrap_or_default();
        let urls = StateUrls::try_each(|service| {
            let name = uri(service);
            let url = match (self.text(&name), &account) {
                (Some(url), _) => ServiceUrl::parse(service, &url, &extra).map(Some),
                (None, Some(account)) => ServiceUrl::public(service, account).map(Some),
                (None, None) => Ok(None),
            };
            url.map_err(|error| format!("{name}: the value {error}; {}", error.remedy()))
        });
        urls.unwrap_or_else(|found| {
            problems.extend(found);
            StateUrls::default()
        })
    }

    fn account(&self, problems: &mut Vec<String>) -> Option<AccountName> {
        let name = format!("{CONNECTION}__accountName");
        let account = AccountName::parse(&self.text(&name)?);
        if account.is_err() {
            let remedy = "write 3 to 24 lower-case letters and digits";
            problems.push(format!("{name}: the value is not a storage account's name; {remedy}"));
        }
        account.ok()
    }

    fn credential(&self, problems: &mut Vec<String>) {
        let name = format!("{CONNECTION}__credential");
        if self.text(&name).is_some_and(|value| !value.eq_ignore_ascii_case("managedidentity")) {
            problems.push(format!("{name}: the value is not known; write managedidentity"));
        }
    }

    fn connection(&self, problems: &mut Vec<String>) -> Option<ConnectionString> {
        let connection = ConnectionString::parse(&self.text(CONNECTION)?);
        let uris = [AccountService::Blob, AccountService::Queue, AccountService::Table].map(uri);
        let beside = uris.into_iter().chain([format!("{CONNECTION}__accountName")]).find(|it| self.text(it).is_some());
        match (&connection, beside) {
            (Err(error), _) => problems.push(format!("{CONNECTION}: the value {error}; {}", error.remedy())),
            (Ok(_), Some(name)) => {
                problems.push(format!("{CONNECTION}: is set together with {name}; keep one of the two"));
            }
            (Ok(_), None) => {}
        }
        connection.ok()
    }
}

fn uri(service: AccountService) -> String {
    format!("{CONNECTION}__{service}ServiceUri")
}

/// Returns true for a GUID in its usual form.
fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}
