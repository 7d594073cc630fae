//! Where the archivist keeps its own things: in a file on this machine, in a storage account, or in both.

use std::path::Path;
use std::sync::Arc;

use adapters_azure::{
    Access, AzureQuarantine, AzureQueues, TableCatalogue, TableNotifications, TableStore, TokenScope,
};
use adapters_local::sqlite::{SqliteCatalogue, SqliteNotifications, SqliteQuarantine, SqliteQueue, SqliteStore};
use configuration::ServiceUrl;
use configuration::state::StatePlace;
use domain::address::{AccountName, ContainerName};
use futures_util::future::try_join3;
use pipeline::ports::{Catalogue, Clock, Fault, Notifications, Quarantine, Queue};

use super::azure::Azure;
use crate::start::StartError;

/// The container of quarantined input.
const QUARANTINE: &str = "quarantine";

/// The ports behind which our own things are.
#[derive(Clone)]
pub struct Keep {
    /// Where entries are kept.
    pub catalogue: Arc<dyn Catalogue>,
    /// Notifications on their way.
    pub notifications: Arc<dyn Notifications>,
    /// Messages to ourselves.
    pub queue: Arc<dyn Queue>,
    /// Input that no retry can save.
    pub quarantine: Arc<dyn Quarantine>,
}

impl Keep {
    /// Everything in one database file.
    pub fn in_file(store: &SqliteStore, clock: Arc<dyn Clock>) -> Self {
        Self {
            catalogue: Arc::new(SqliteCatalogue::new(store)),
            notifications: Arc::new(SqliteNotifications::new(store)),
            queue: Arc::new(SqliteQueue::new(store, clock)),
            quarantine: Arc::new(SqliteQuarantine::new(store)),
        }
    }

    /// Everything in the services of a storage account.
    pub fn in_storage(state: &State) -> Self {
        Self {
            catalogue: Arc::new(TableCatalogue::new(&state.tables)),
            notifications: Arc::new(TableNotifications::new(&state.tables)),
            queue: state.queues.clone(),
            quarantine: state.quarantine.clone(),
        }
    }

    /// The same, with entries and notifications in a database file.
    pub fn with_catalogue_in_file(self, store: &SqliteStore) -> Self {
        Self {
            catalogue: Arc::new(SqliteCatalogue::new(store)),
            notifications: Arc::new(SqliteNotifications::new(store)),
            ..self
        }
    }
}

/// The services of the storage account where our own things are.
#[derive(Clone)]
pub struct State {
    tables: TableStore,
    queues: Arc<AzureQueues>,
    quarantine: Arc<AzureQuarantine>,
}

impl State {
    /// The services at a place; nothing is asked of them yet.
    pub fn at(place: &StatePlace, azure: &Azure<'_>) -> Result<Self, StartError> {
        let container = ContainerName::parse(QUARANTINE).map_err(StartError::needed)?;
        let quarantine = AzureQuarantine::new(&access(&place.blob, azure)?, place.blob.url(), &container);
        let queues = AzureQueues::new(&access(&place.queue, azure)?, place.queue.url());
        Ok(Self {
            tables: tables(&place.table, azure)?,
            queues: Arc::new(queues.map_err(StartError::needed)?),
            quarantine: Arc::new(quarantine.map_err(StartError::needed)?),
        })
    }

    /// Makes the tables, queues and the container that are missing.
    pub async fn create(&self) -> Result<(), Fault> {
        try_join3(self.tables.create(), self.queues.create(), self.quarantine.create()).await.map(drop)
    }
}

/// The catalogue in the tables at a place, for commands that only read.
pub fn catalogue_at(place: &StatePlace, azure: &Azure<'_>) -> Result<TableCatalogue, StartError> {
    Ok(TableCatalogue::new(&tables(&place.table, azure)?))
}

fn tables(url: &ServiceUrl, azure: &Azure<'_>) -> Result<TableStore, StartError> {
    let scope = if url.is_cosmos() { TokenScope::Cosmos } else { TokenScope::Storage };
    TableStore::new(&access(url, azure)?, url.url(), scope).map_err(StartError::needed)
}

/// An account of Cosmos DB has no key that an emulator could have.
fn access(url: &ServiceUrl, azure: &Azure<'_>) -> Result<Access, StartError> {
    azure.access(url.account().map_or("", AccountName::as_str), url.is_local())
}

/// Opens a database file, in a folder that is made where it is missing.
pub fn open(file: &Path) -> Result<SqliteStore, StartError> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|source| StartError::Folder { folder: folder.to_owned(), source })?;
    }
    SqliteStore::open(file).map_err(StartError::needed)
}
