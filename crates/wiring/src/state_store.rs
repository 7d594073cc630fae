//! Builds the archivist's own storage: a file on this machine, a storage account, or both.

use std::path::Path;
use std::sync::Arc;

use adapters_azure::{
    AzureDeadLetters, AzureLedger, AzurePosture, AzureQuarantine, AzureQueues, StorageAccess, TableCatalogue,
    TableCheckpoints, TableNotifications, TableSessions, TableStore, TokenScope,
};
use adapters_local::sqlite::{
    OpenError, SqliteCatalogue, SqliteCheckpoints, SqliteNotifications, SqliteQuarantine, SqliteQueue, SqliteSessions,
    SqliteStore,
};
use adapters_local::{FolderDeadLetters, FolderLedger};
use configuration::ServiceUrl;
use configuration::state::StatePlace;
use domain::address::{AccountName, ContainerName};
use futures_util::future::try_join4;
use pipeline::Ports;
use pipeline::ports::{BlobStore, Catalogue, Checkpoints, Clock, DeadLetters, Fault, Ledger, Sessions};

use crate::azure::Azure;
use crate::catalogue_path;
use crate::ready::Ready;
use crate::settings::AppSettingNames;
use crate::start::CommandError;

/// Container of quarantined input.
const QUARANTINE: &str = "quarantine";

/// Container of Event Grid's dead letters, and its folder beside a database file.
const DEAD_LETTERS: &str = "dead-letters";

/// Container of the ledger, and its folder beside a database file.
const LEDGER: &str = "ledger";

/// Returns ports with a database file, and the ledger in a folder beside it.
pub fn in_file(store: &SqliteStore, file: &Path, blobs: Arc<dyn BlobStore>, clock: Arc<dyn Clock>) -> Ports {
    Ports {
        ledger: Arc::new(FolderLedger::new(file.with_file_name(LEDGER))),
        catalogue: Arc::new(SqliteCatalogue::new(store)),
        sessions: Arc::new(SqliteSessions::new(store)),
        checkpoints: Arc::new(SqliteCheckpoints::new(store)),
        notifications: Arc::new(SqliteNotifications::new(store)),
        queue: Arc::new(SqliteQueue::new(store, clock.clone())),
        quarantine: Arc::new(SqliteQuarantine::new(store)),
        blobs,
        clock,
    }
}

/// Returns ports with the services of a storage account.
pub fn in_storage(state: &StateServices, blobs: Arc<dyn BlobStore>, clock: Arc<dyn Clock>) -> Ports {
    Ports {
        ledger: state.ledger.clone(),
        catalogue: Arc::new(TableCatalogue::new(&state.tables)),
        sessions: Arc::new(TableSessions::new(&state.tables)),
        checkpoints: Arc::new(TableCheckpoints::new(&state.tables)),
        notifications: Arc::new(TableNotifications::new(&state.tables)),
        queue: state.queues.clone(),
        quarantine: state.quarantine.clone(),
        blobs,
        clock,
    }
}

/// Like [`in_storage`], with a database file instead of tables.
pub fn in_storage_and_file(
    state: &StateServices,
    store: &SqliteStore,
    file: &Path,
    blobs: Arc<dyn BlobStore>,
    clock: Arc<dyn Clock>,
) -> Ports {
    let (queue, quarantine, ledger) = (state.queues.clone(), state.quarantine.clone(), state.ledger.clone());
    Ports { queue, quarantine, ledger, ..in_file(store, file, blobs, clock) }
}

/// Returns ports as set, and a signal for the creation of tables, queues and containers.
pub fn as_set(
    settings: &AppSettingNames,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
    blobs: Arc<dyn BlobStore>,
    clock: Arc<dyn Clock>,
) -> Result<(Ports, Ready), CommandError> {
    let file = catalogue_path(settings);
    let Some(place) = place else {
        return Ok((in_file(&open(&file)?, &file, blobs, clock), Ready::at_once()));
    };
    let state = StateServices::at(place, azure)?;
    let ports = if settings.keeps_catalogue_in_table(Some(place)) {
        in_storage(&state, blobs, clock)
    } else {
        in_storage_and_file(&state, &open(&file)?, &file, blobs, clock)
    };
    let made = Ready::after(async move {
        if let Err(fault) = state.create().await {
            tracing::warn!(%fault, "tables, queues or containers not created, they may exist already");
        }
    });
    Ok((ports, made))
}

/// Like [`as_set`], for a run that can be repeated. If only this machine's storage is used, also returns
/// the database file, whose changes the caller must commit at the end.
pub fn as_set_to_fill(
    settings: &AppSettingNames,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
    blobs: Arc<dyn BlobStore>,
    clock: Arc<dyn Clock>,
) -> Result<(Ports, Ready, Option<SqliteStore>), CommandError> {
    if place.is_some() {
        // A message in a storage account must not precede its notification, so changes cannot be delayed.
        return as_set(settings, place, azure, blobs, clock).map(|(ports, made)| (ports, made, None));
    }
    let file = catalogue_path(settings);
    make_folder_of(&file)?;
    let store = writable(SqliteStore::open_to_fill(&file))?;
    Ok((in_file(&store, &file, blobs, clock), Ready::at_once(), Some(store)))
}

/// Returns the ledger: in the archivist's storage account, or beside the database file.
pub fn ledger(
    settings: &AppSettingNames,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
) -> Result<Arc<dyn Ledger>, CommandError> {
    if let Some(place) = place {
        return Ok(Arc::new(azure_ledger(place, azure)?));
    }
    let catalogue = catalogue_path(settings);
    Ok(Arc::new(FolderLedger::new(catalogue.with_file_name(LEDGER))))
}

/// Returns the dead letters: in the archivist's storage account, or beside the database file.
pub fn dead_letters(
    settings: &AppSettingNames,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
) -> Result<Arc<dyn DeadLetters>, CommandError> {
    let Some(place) = place else {
        let catalogue = catalogue_path(settings);
        return Ok(Arc::new(FolderDeadLetters::new(catalogue.with_file_name(DEAD_LETTERS))));
    };
    let container = ContainerName::parse(DEAD_LETTERS).map_err(CommandError::needed)?;
    let letters = AzureDeadLetters::new(&access(&place.blob, azure)?, place.blob.url(), &container);
    Ok(Arc::new(letters.map_err(CommandError::needed)?))
}

fn azure_ledger(place: &StatePlace, azure: &Azure<'_>) -> Result<AzureLedger, CommandError> {
    let container = ContainerName::parse(LEDGER).map_err(CommandError::needed)?;
    AzureLedger::new(&access(&place.blob, azure)?, place.blob.url(), &container).map_err(CommandError::needed)
}

/// Adds the archivist's own storage to the posture checks.
pub fn watched(posture: AzurePosture, place: &StatePlace, azure: &Azure<'_>) -> Result<AzurePosture, CommandError> {
    let queues = AzureQueues::new(&access(&place.queue, azure)?, place.queue.url()).map_err(CommandError::needed)?;
    let blob = access(&place.blob, azure)?;
    posture.with_state(&blob, place.blob.url(), Arc::new(queues)).map_err(CommandError::needed)
}

/// Stores for read-only commands.
pub struct Kept {
    /// The catalogue.
    pub catalogue: Arc<dyn Catalogue>,
    /// The sessions.
    pub sessions: Arc<dyn Sessions>,
    /// Checkpoints of audit logs.
    pub checkpoints: Arc<dyn Checkpoints>,
}

/// Opens the stores to read. Returns an error if the database file is missing.
pub fn to_read(
    settings: &AppSettingNames,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
) -> Result<Kept, CommandError> {
    kept(settings, place, azure, |path| SqliteStore::open_existing(path))
}

/// Opens the stores without any lock or write.
pub fn to_look_at(
    settings: &AppSettingNames,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
) -> Result<Kept, CommandError> {
    kept(settings, place, azure, |path| SqliteStore::open_to_look(path))
}

fn kept(
    settings: &AppSettingNames,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
    open: impl Fn(&Path) -> Result<SqliteStore, OpenError>,
) -> Result<Kept, CommandError> {
    if let Some(place) = place.filter(|place| settings.keeps_catalogue_in_table(Some(place))) {
        let tables = tables(&place.table, azure)?;
        return Ok(Kept {
            catalogue: Arc::new(TableCatalogue::new(&tables)),
            sessions: Arc::new(TableSessions::new(&tables)),
            checkpoints: Arc::new(TableCheckpoints::new(&tables)),
        });
    }
    let store = existing(open(&catalogue_path(settings)))?;
    Ok(Kept {
        catalogue: Arc::new(SqliteCatalogue::new(&store)),
        sessions: Arc::new(SqliteSessions::new(&store)),
        checkpoints: Arc::new(SqliteCheckpoints::new(&store)),
    })
}

/// Services of the archivist's storage account.
#[derive(Clone)]
pub struct StateServices {
    tables: TableStore,
    queues: Arc<AzureQueues>,
    quarantine: Arc<AzureQuarantine>,
    ledger: Arc<AzureLedger>,
}

impl StateServices {
    /// Creates the clients; sends no request.
    pub fn at(place: &StatePlace, azure: &Azure<'_>) -> Result<Self, CommandError> {
        let container = ContainerName::parse(QUARANTINE).map_err(CommandError::needed)?;
        let quarantine = AzureQuarantine::new(&access(&place.blob, azure)?, place.blob.url(), &container);
        let queues = AzureQueues::new(&access(&place.queue, azure)?, place.queue.url());
        Ok(Self {
            tables: tables(&place.table, azure)?,
            queues: Arc::new(queues.map_err(CommandError::needed)?),
            quarantine: Arc::new(quarantine.map_err(CommandError::needed)?),
            ledger: Arc::new(azure_ledger(place, azure)?),
        })
    }

    /// Creates missing tables, queues and containers.
    pub async fn create(&self) -> Result<(), Fault> {
        let containers = (self.quarantine.create(), self.ledger.create_container());
        try_join4(self.tables.create(), self.queues.create(), containers.0, containers.1).await.map(drop)
    }
}

fn tables(url: &ServiceUrl, azure: &Azure<'_>) -> Result<TableStore, CommandError> {
    let cosmos = url.cloud().filter(|_| url.is_cosmos());
    let scope = cosmos.map_or(TokenScope::Storage, TokenScope::Cosmos);
    TableStore::new(&access(url, azure)?, url.url(), scope).map_err(CommandError::needed)
}

/// The account name is empty for Cosmos DB; only emulator keys need it.
fn access(url: &ServiceUrl, azure: &Azure<'_>) -> Result<StorageAccess, CommandError> {
    azure.access(url.account().map_or("", AccountName::as_str), url.is_local())
}

/// Returns the identity signed in to the catalogue. `None` if none is, or if the catalogue is a file.
pub async fn signed_in(
    settings: &AppSettingNames,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
) -> Result<Option<String>, CommandError> {
    match place.filter(|place| settings.keeps_catalogue_in_table(Some(place))) {
        Some(place) => Ok(access(&place.table, azure)?.who().await?),
        None => Ok(None),
    }
}

/// Opens a database file. Creates its folder if it is missing.
pub fn open(file: &Path) -> Result<SqliteStore, CommandError> {
    make_folder_of(file)?;
    writable(SqliteStore::open(file))
}

/// Like [`open`], for a file that can be rebuilt.
pub fn open_expendable(file: &Path) -> Result<SqliteStore, CommandError> {
    make_folder_of(file)?;
    SqliteStore::open_expendable(file).map_err(CommandError::needed)
}

/// Explains a file that this user may only read.
fn writable(opened: Result<SqliteStore, OpenError>) -> Result<SqliteStore, CommandError> {
    opened.map_err(|error| match error {
        OpenError::ReadOnly(path) => CommandError::Problems(vec![format!(
            "the catalogue {} is read-only, and this command writes to it; give this user the right to write the file and its folder, or name another catalogue with --folder DIR or ARCHIVIST_CATALOGUE=sqlite:PATH",
            path.display()
        )]),
        error => CommandError::needed(error),
    })
}

fn make_folder_of(file: &Path) -> Result<(), CommandError> {
    let Some(folder) = file.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|source| CommandError::Folder { folder: folder.to_owned(), source })
}

fn existing(opened: Result<SqliteStore, OpenError>) -> Result<SqliteStore, CommandError> {
    opened.map_err(|error| match error {
        OpenError::Absent(path) => CommandError::Problems(vec![format!(
            "nothing is catalogued yet: there is no catalogue at {}; start the app, run `archivist backfill` or `archivist local`, or name another one: the folder of `archivist local` with --folder DIR, or a file with ARCHIVIST_CATALOGUE=sqlite:PATH",
            path.display()
        )]),
        error => CommandError::needed(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_only_catalogue_is_a_problem_of_the_caller() {
        let refused = writable(Err(OpenError::ReadOnly("audit.sqlite".into()))).err().unwrap();
        assert_eq!(refused.exit_code(), 2);
        assert!(refused.message().contains("the catalogue audit.sqlite is read-only"), "{}", refused.message());
    }
}
