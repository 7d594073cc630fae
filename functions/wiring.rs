//! The one composition root: settings and configuration become ports filled with adapters.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adapters_local::folder::{Folder, FolderBlobs};
use adapters_local::sqlite::{SqliteCatalogue, SqliteNotifications, SqliteQuarantine, SqliteQueue, SqliteStore};
use channels::address_guard::Loopback;
use channels::client::{ClientSettings, GuardedClient};
use channels::stub::StubChannel;
use channels::webhook::{WebhookChannel, WebhookSettings};
use configuration::{Channel as ConfiguredChannel, Configuration};
use domain::address::AccountName;
use domain::catalogue::Rules;
use pipeline::ports::{BlobStore, Channel, Clock};
use pipeline::{Archivist, Ports, Settings as ArchivistSettings};

use crate::accounts::AccountBlobs;
use crate::settings::Catalogue;
use crate::start::StartError;

/// Where the catalogue is kept where no setting says so.
pub const LOCAL_FOLDER: &str = "archivist-data";

/// The folder of our own things in a folder that stands for storage accounts.
pub const OWN_FOLDER: &str = ".archivist";

/// The database file in [`OWN_FOLDER`].
pub const CATALOGUE_FILE: &str = "catalogue.sqlite";

/// How a set of functions is put together.
pub struct Plan<'a> {
    /// The configuration, its app settings filled in.
    pub configuration: &'a Configuration,
    /// The database file.
    pub catalogue: &'a Path,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether everything is on this machine: receivers may be too, and people hear of starts.
    pub local: bool,
    /// The recordings.
    pub blobs: Arc<dyn BlobStore>,
    /// What the stub channel shows its lines with.
    pub show: Show,
}

/// Shows one line to whoever watches.
pub type Show = Arc<dyn Fn(&str) + Send + Sync>;

/// A set of functions, and what a stand-in for the host needs besides.
pub struct Wired {
    /// The use cases.
    pub archivist: Archivist,
    /// The ports they work on.
    pub ports: Ports,
    /// The database behind all ports but the blobs.
    pub store: SqliteStore,
}

impl Plan<'_> {
    /// Opens everything. Says all that is wrong with the channels at once.
    pub fn wire(self) -> Result<Wired, StartError> {
        let channels = self.channels()?;
        create_parent(self.catalogue)?;
        let store = SqliteStore::open(self.catalogue).map_err(StartError::needed)?;
        let ports = Ports {
            catalogue: Arc::new(SqliteCatalogue::new(&store)),
            blobs: self.blobs,
            queue: Arc::new(SqliteQueue::new(&store, self.clock.clone())),
            notifications: Arc::new(SqliteNotifications::new(&store)),
            quarantine: Arc::new(SqliteQuarantine::new(&store)),
            clock: self.clock,
        };
        let matching = self.configuration.matching;
        let rules = Rules {
            settle_after: matching.settle_after,
            active_at_most: matching.active_at_most,
            announce_started: self.local,
        };
        let settings = ArchivistSettings { rules, estate: self.configuration.estate(), channels };
        Ok(Wired { archivist: Archivist::new(ports.clone(), settings), ports, store })
    }

    fn channels(&self) -> Result<BTreeMap<String, Arc<dyn Channel>>, StartError> {
        let loopback = if self.local { Loopback::Allowed } else { Loopback::Refused };
        let client = || GuardedClient::new(ClientSettings { loopback, ..ClientSettings::default() });
        let webhooks =
            self.configuration.channels.values().any(|channel| matches!(channel, ConfiguredChannel::Webhook { .. }));
        let client = webhooks.then(client).transpose().map_err(StartError::needed)?;
        let mut problems = Vec::new();
        let mut channels: BTreeMap<String, Arc<dyn Channel>> = BTreeMap::new();
        for (name, channel) in &self.configuration.channels {
            let channel: Arc<dyn Channel> = match (channel, &client) {
                (ConfiguredChannel::Webhook { url, secret }, Some(client)) => {
                    // One app setting may hold several secrets, newest first: receivers change at their own time.
                    let secrets = secret.expose().split_whitespace().map(str::to_owned).collect();
                    let settings = WebhookSettings { url: url.expose().to_owned(), secrets };
                    match WebhookChannel::new(&settings, client.clone()) {
                        Ok(channel) => Arc::new(channel),
                        Err(error) => {
                            problems.push(format!("notifications.channels.{name}: {}", chain(&error)));
                            continue;
                        }
                    }
                }
                _ => {
                    let show = self.show.clone();
                    Arc::new(StubChannel::new(move |line: &str| show(line)))
                }
            };
            channels.insert(name.clone(), channel);
        }
        if problems.is_empty() {
            Ok(channels)
        } else {
            Err(StartError::Problems(problems))
        }
    }
}

/// The storage accounts of the configuration, each behind its adapter.
pub fn accounts(configuration: &Configuration) -> Result<Arc<dyn BlobStore>, StartError> {
    let mut accounts: BTreeMap<AccountName, Arc<dyn BlobStore>> = BTreeMap::new();
    let mut problems = Vec::new();
    for recordings in configuration.bastions.iter().flat_map(|bastion| &bastion.recordings) {
        let url = &recordings.account_url;
        match url.folder().and_then(Path::parent) {
            Some(root) => {
                let folder = Folder::open(root, root.join(OWN_FOLDER))?;
                accounts.insert(url.account().clone(), Arc::new(FolderBlobs::new(folder)));
            }
            None => problems.push(format!(
                "account {}: this version reads storage accounts from folders only; write file:///FOLDER/{0}",
                url.account().as_str()
            )),
        }
    }
    if problems.is_empty() {
        Ok(Arc::new(AccountBlobs::new(accounts)))
    } else {
        Err(StartError::Problems(problems))
    }
}

/// Where every command finds the catalogue: as set, or where `archivist local` keeps it.
pub fn catalogue_path(set: Option<&Catalogue>) -> PathBuf {
    set.and_then(Catalogue::file)
        .map(Path::to_owned)
        .unwrap_or_else(|| Path::new(LOCAL_FOLDER).join(OWN_FOLDER).join(CATALOGUE_FILE))
}

fn create_parent(file: &Path) -> Result<(), StartError> {
    match file.parent() {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|source| StartError::Folder { folder: folder.to_owned(), source })
        }
        None => Ok(()),
    }
}

/// An error with its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
