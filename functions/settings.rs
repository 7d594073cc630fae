//! The app settings: the one place where the environment is read.

mod catalogue;
mod collector;
mod config;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use configuration::extra_suffixes;
use configuration::state::{HostStorage, StatePlace};
use configuration::{RESOLVE, is_unresolved};
use domain::cloud::ExtraSuffixes;

pub use catalogue::Catalogue;
pub use collector::Collector;
pub use config::ConfigPlace;

use crate::catalogue_page::PageAccess;
use crate::front_door::Front;

/// Every app setting that the archivist itself knows, besides those that `archivist.yaml` names.
///
/// | setting | meaning |
/// | --- | --- |
/// | `ARCHIVIST_CONFIG` | the configuration, where no `--config` is given: a file, or the URL of a blob |
/// | `ARCHIVIST_EXTRA_SUFFIXES` | suffixes of hosts that tokens may be sent to besides those of the known clouds |
/// | `ARCHIVIST_CATALOGUE` | `table` or `sqlite:PATH`: where the catalogue is kept |
/// | `AzureWebJobsStorage` | the connection string of a storage emulator on this machine |
/// | `AzureWebJobsStorage__…` | where the host's storage account is: the defaults of `state` |
/// | `AZURE_CLIENT_ID` | the client id of the app's user-assigned identity |
/// | `IDENTITY_ENDPOINT` | set by the platform: the app has a managed identity |
/// | `FUNCTIONS_CUSTOMHANDLER_PORT` | the port that the host wants answers on |
/// | `ARCHIVIST_PAGE_AUTH` | `app-service`: App Service authentication stands in front of the pages |
/// | `OTEL_EXPORTER_OTLP_ENDPOINT` | where traces and metrics go, as OTLP over HTTP; nowhere, where it is not set |
/// | `OTEL_EXPORTER_OTLP_HEADERS` | what the collector wants in headers: `name=value,name=value` |
/// | `OTEL_SERVICE_NAME` | what the collector is to call the process; else the app's name |
/// | `WEBSITE_SITE_NAME` | set by the platform: the function app's name. The platform's front end then stands before pages and API |
/// | `RUST_LOG` | what is logged, in the filter language of the `tracing` crates |
/// | `NO_COLOR` | no colours, where it is set and not empty |
/// | `USER`, `USERNAME` | who gives a command, where nobody is signed in to the catalogue |
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the configuration is. `None` where no setting says so.
    pub config: Option<ConfigPlace>,
    /// Where the catalogue is kept. `None` where no setting says so.
    pub catalogue: Option<Catalogue>,
    /// The defaults of `state`, and how to get at storage accounts.
    pub storage: HostStorage,
    /// Suffixes of hosts that tokens may be sent to besides those of the known clouds.
    pub extra_suffixes: ExtraSuffixes,
    /// Whether the platform gives the app a managed identity; else the signed-in developer's is used.
    pub managed_identity: bool,
    /// The port that the host wants answers on.
    pub port: Option<u16>,
    /// Who may see the pages.
    pub pages: PageAccess,
    /// Who passes requests for pages and the API on.
    pub front: Front,
    /// Where traces and metrics go, and who they say they are of. `None` where they go nowhere.
    pub collector: Option<Collector>,
    /// What is logged.
    pub log: Option<String>,
    /// Whether colours are unwanted.
    pub no_color: bool,
    /// The user of this machine, as the system says.
    pub user: Option<String>,
    all: AppSettings,
}

/// Names and values, those that are texts.
type AppSettings = BTreeMap<String, String>;

impl Settings {
    /// Reads the environment, as [`Settings::read`] does.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn from_environment() -> (Self, Vec<String>) {
        // A setting that is no text cannot be one of ours.
        let all =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::read(all.collect())
    }

    /// Reads the settings from a map, and says everything that is wrong with them. A setting that is wrong counts
    /// as not set, so that the configuration file can still be checked; nothing may begin with them.
    pub fn read(all: AppSettings) -> (Self, Vec<String>) {
        let is_ours = |name: &str| OURS.contains(&name) || name.starts_with("AzureWebJobsStorage");
        let unresolved = |name: &str| is_ours(name) && all.get(name).is_some_and(|value| is_unresolved(value));
        let text = |name: &str| all.get(name).filter(|value| !value.is_empty() && !unresolved(name)).cloned();
        let unread = all.keys().filter(|name| unresolved(name));
        let mut problems: Vec<String> =
            unread.map(|name| format!("{name}: is an unresolved Key Vault reference; {RESOLVE}")).collect();
        let catalogue = text("ARCHIVIST_CATALOGUE").and_then(|value| {
            let catalogue = Catalogue::parse(&value);
            if catalogue.is_none() {
                problems.push(format!("ARCHIVIST_CATALOGUE: {value:?} is no catalogue; write table or sqlite:PATH"));
            }
            catalogue
        });
        let extra_suffixes = extra_suffixes(&text).unwrap_or_else(|problem| {
            problems.push(problem);
            ExtraSuffixes::default()
        });
        let storage = HostStorage::read(&text).unwrap_or_else(|found| {
            problems.extend(found);
            HostStorage::default()
        });
        let port = text(PORT).and_then(|value| {
            let port = value.parse().ok().filter(|port| *port != 0);
            if port.is_none() {
                problems.push(format!("{PORT}: {value:?} is no port; write a number from 1 to 65535"));
            }
            port
        });
        let config = text("ARCHIVIST_CONFIG").and_then(|value| {
            ConfigPlace::parse(&value, &extra_suffixes)
                .map_err(|wrong| problems.push(format!("ARCHIVIST_CONFIG: {wrong}")))
                .ok()
        });
        let pages = text("ARCHIVIST_PAGE_AUTH").and_then(|value| {
            let access = PageAccess::parse(&value);
            if access.is_none() {
                problems.push(format!("ARCHIVIST_PAGE_AUTH: {value:?} is nobody to stand in front of the page; write app-service, or leave it out"));
            }
            access
        });
        let collector = Collector::read(&text).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let settings = Self {
            config,
            catalogue,
            storage,
            extra_suffixes,
            managed_identity: text("IDENTITY_ENDPOINT").is_some(),
            port,
            pages: pages.unwrap_or_default(),
            // Only the platform names the app.
            front: if text("WEBSITE_SITE_NAME").is_some() {
                Front::Platform
            } else {
                Front::Nobody
            },
            collector,
            log: text("RUST_LOG"),
            no_color: text("NO_COLOR").is_some(),
            user: text("USER").or_else(|| text("USERNAME")),
            all,
        };
        (settings, problems)
    }

    /// Returns the same settings without those of storage, which the app has its own of.
    pub fn without_storage(&self) -> Self {
        Self { storage: HostStorage::default(), catalogue: None, ..self.clone() }
    }

    /// The value of any app setting, for what the configuration names.
    pub fn app_setting(&self, name: &str) -> Option<String> {
        self.all.get(name).cloned()
    }

    /// Whether the host says on which port it wants answers, be it one or not.
    pub fn names_port(&self) -> bool {
        self.all.get(PORT).is_some_and(|value| !value.is_empty())
    }

    /// Whether the catalogue is in the table service: where it is set so, or where our own things have a place
    /// and nothing is set.
    pub fn keeps_catalogue_in_table(&self, state: Option<&StatePlace>) -> bool {
        self.catalogue.as_ref().map_or(state.is_some(), |catalogue| *catalogue == Catalogue::Table)
    }
}

/// The app settings that are read here, besides those of the host's storage account.
const OURS: [&str; 7] = [
    "ARCHIVIST_CONFIG",
    "ARCHIVIST_CATALOGUE",
    "ARCHIVIST_PAGE_AUTH",
    "AZURE_CLIENT_ID",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_SERVICE_NAME",
];

const PORT: &str = "FUNCTIONS_CUSTOMHANDLER_PORT";
