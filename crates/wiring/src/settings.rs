//! App settings. The only place that reads the environment.

mod catalogue;
mod collector;
mod config;
mod front;
mod page_access;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use configuration::extra_suffixes;
use configuration::state::{HostStorage, StatePlace};
use configuration::{RESOLVE, is_unresolved};
use domain::cloud::ExtraSuffixes;

pub use catalogue::CatalogueSetting;
pub use collector::CollectorSettings;
pub use config::ConfigPlace;
pub use front::Front;
pub use page_access::PageAccess;

/// App settings that the archivist knows, in addition to those named in `archivist.yaml`.
///
/// | setting | meaning |
/// | --- | --- |
/// | `ARCHIVIST_CONFIG` | the configuration if there is no `--config`: a file, or the URL of a blob |
/// | `ARCHIVIST_EXTRA_SUFFIXES` | host suffixes that tokens may be sent to, in addition to the known clouds |
/// | `ARCHIVIST_CATALOGUE` | place of the catalogue: `table` or `sqlite:PATH` |
/// | `AzureWebJobsStorage` | connection string of a storage emulator on this machine |
/// | `AzureWebJobsStorage__…` | the host's storage account: the defaults of `state` |
/// | `AZURE_CLIENT_ID` | client id of the app's user-assigned identity |
/// | `IDENTITY_ENDPOINT` | set by the platform: the app has a managed identity |
/// | `FUNCTIONS_CUSTOMHANDLER_PORT` | port for the host |
/// | `ARCHIVIST_PAGE_AUTH` | `app-service`: App Service authentication protects the pages |
/// | `OTEL_EXPORTER_OTLP_ENDPOINT` | collector of traces and metrics, OTLP over HTTP; none are sent if it is not set |
/// | `OTEL_EXPORTER_OTLP_HEADERS` | headers for the collector: `name=value,name=value` |
/// | `OTEL_SERVICE_NAME` | service name for the collector; by default the app's name |
/// | `WEBSITE_AUTH_ENABLED` | set by the platform: `True` if App Service authentication is enabled; pages need it there |
/// | `WEBSITE_SITE_NAME` | set by the platform: the app's name. Its front end then protects pages and API |
/// | `RUST_LOG` | log filter, in the language of the `tracing` crates |
/// | `NO_COLOR` | disables colours if it is not empty |
/// | `USER`, `USERNAME` | user of a command if the catalogue needs no sign-in |
#[derive(Debug, Clone)]
pub struct AppSettingNames {
    /// Place of the configuration. `None` if not set.
    pub config: Option<ConfigPlace>,
    /// Place of the catalogue. `None` if not set.
    pub catalogue: Option<CatalogueSetting>,
    /// Defaults of `state`, and the access to storage accounts.
    pub storage: HostStorage,
    /// Host suffixes to which tokens may be sent, in addition to the known clouds.
    pub extra_suffixes: ExtraSuffixes,
    /// True if the platform provides a managed identity; otherwise the signed-in developer is used.
    pub managed_identity: bool,
    /// Port for the host.
    pub port: Option<u16>,
    /// Readers of the web pages.
    pub pages: PageAccess,
    /// Forwarder of requests for pages and the API.
    pub front: Front,
    /// Collector of traces and metrics. `None` if they are not sent.
    pub collector: Option<CollectorSettings>,
    /// Log filter.
    pub log: Option<String>,
    /// True if colours are disabled.
    pub no_color: bool,
    /// User of this machine, according to the system.
    pub user: Option<String>,
    /// Folder that replaces all storage accounts, as `archivist local` uses it. `None` if `--folder` is not given.
    pub folder: Option<PathBuf>,
    all: AppSettings,
}

/// Names and values that are valid Unicode.
type AppSettings = BTreeMap<String, String>;

impl AppSettingNames {
    /// Reads the environment, like [`AppSettingNames::read`].
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
    pub fn from_environment() -> (Self, Vec<String>) {
        // A setting that is not valid Unicode is never one of the archivist's.
        let all =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::read(all.collect())
    }

    /// Reads the settings from a map. Returns every problem as well. An invalid setting counts as not set,
    /// so the configuration file can still be checked; commands must not run with such settings.
    pub fn read(all: AppSettings) -> (Self, Vec<String>) {
        let is_ours = |name: &str| OURS.contains(&name) || name.starts_with("AzureWebJobsStorage");
        let unresolved = |name: &str| is_ours(name) && all.get(name).is_some_and(|value| is_unresolved(value));
        let text = |name: &str| all.get(name).filter(|value| !value.is_empty() && !unresolved(name)).cloned();
        let unread = all.keys().filter(|name| unresolved(name));
        let mut problems: Vec<String> =
            unread.map(|name| format!("{name}: is an unresolved Key Vault reference; {RESOLVE}")).collect();
        let catalogue = parsed(text("ARCHIVIST_CATALOGUE"), &mut problems, |value| {
            CatalogueSetting::parse(value)
                .ok_or_else(|| format!("ARCHIVIST_CATALOGUE: {value:?} is not a catalogue; write table or sqlite:PATH"))
        });
        let extra_suffixes = extra_suffixes(&text).unwrap_or_else(|problem| {
            problems.push(problem);
            ExtraSuffixes::default()
        });
        let storage = HostStorage::read(&text).unwrap_or_else(|found| {
            problems.extend(found);
            HostStorage::default()
        });
        let port = parsed(text(PORT), &mut problems, |value| {
            let port = value.parse().ok().filter(|port| *port != 0);
            port.ok_or_else(|| format!("{PORT}: {value:?} is not a port; write a number from 1 to 65535"))
        });
        let config = parsed(text("ARCHIVIST_CONFIG"), &mut problems, |value| {
            ConfigPlace::parse(value, &extra_suffixes).map_err(|wrong| format!("ARCHIVIST_CONFIG: {wrong}"))
        });
        let pages = PageAccess::read(&text).unwrap_or_else(|problem| {
            problems.push(problem);
            PageAccess::default()
        });
        let collector = CollectorSettings::read(&text).unwrap_or_else(|problem| {
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
            pages,
            // Only the platform sets this name.
            front: if text("WEBSITE_SITE_NAME").is_some() {
                Front::Platform
            } else {
                Front::Nobody
            },
            collector,
            log: text("RUST_LOG"),
            no_color: text("NO_COLOR").is_some(),
            user: text("USER").or_else(|| text("USERNAME")),
            folder: None,
            all,
        };
        (settings, problems)
    }

    /// Returns the settings with the folder of `--folder`.
    pub fn in_folder(self, folder: Option<PathBuf>) -> Self {
        Self { folder, ..self }
    }

    /// Returns the settings without those of storage, because the app has its own.
    pub fn without_storage(&self) -> Self {
        Self { storage: HostStorage::default(), catalogue: None, ..self.clone() }
    }

    /// Returns the value of any app setting, for names in the configuration.
    pub fn app_setting(&self, name: &str) -> Option<String> {
        self.all.get(name).cloned()
    }

    /// Returns true if the host sets a port, even an invalid one.
    pub fn names_port(&self) -> bool {
        self.all.get(PORT).is_some_and(|value| !value.is_empty())
    }

    /// Returns true if the catalogue is in the table service: if set so, or by default if the archivist has
    /// a storage account.
    pub fn keeps_catalogue_in_table(&self, state: Option<&StatePlace>) -> bool {
        self.catalogue.as_ref().map_or(state.is_some(), |catalogue| *catalogue == CatalogueSetting::Table)
    }
}

/// Settings read here, in addition to those of the host's storage account.
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

/// Parses a setting if it is set. Adds the problem if it is wrong.
fn parsed<T>(
    value: Option<String>,
    problems: &mut Vec<String>,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Option<T> {
    parse(&value?).map_err(|problem| problems.push(problem)).ok()
}
