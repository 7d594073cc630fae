//! The adapters of one account.

use std::sync::Arc;
use std::time::Duration;

use adapters_azure::{
    AzureBlobs, AzureLedger, AzureQuarantine, AzureQueues, Patience, Policy, StorageAccess, TableCatalogue,
    TableCheckpoints, TableNotifications, TableSessions, TableStore, TokenScope,
};
use adapters_local::SystemClock;
use azure_core::http::{Transport, Url};
use azurite::Account;
use domain::address::ContainerName;
use pipeline::ports::Sessions;

use crate::promises::storage::container;

/// The adapters of one account.
#[derive(Clone)]
pub struct Services {
    pub tables: TableStore,
    pub catalogue: Arc<TableCatalogue>,
    pub notifications: Arc<TableNotifications>,
    pub sessions: Arc<dyn Sessions>,
    pub checkpoints: Arc<TableCheckpoints>,
    pub blobs: Arc<AzureBlobs>,
    pub queues: Arc<AzureQueues>,
    pub quarantine: Arc<AzureQuarantine>,
    pub ledger: Arc<AzureLedger>,
}

impl Services {
    pub fn new(account: &Account, access: &StorageAccess) -> Self {
        let url = |text: &str| Url::parse(text).unwrap();
        let tables = TableStore::new(access, &url(&account.table_url), TokenScope::Storage).unwrap();
        let blobs = url(&account.blob_url);
        Self {
            catalogue: Arc::new(TableCatalogue::new(&tables)),
            notifications: Arc::new(TableNotifications::new(&tables)),
            sessions: Arc::new(TableSessions::new(&tables)),
            checkpoints: Arc::new(TableCheckpoints::new(&tables)),
            tables,
            blobs: Arc::new(AzureBlobs::new(access, &blobs, container().account).unwrap()),
            queues: Arc::new(AzureQueues::new(access, &url(&account.queue_url)).unwrap()),
            quarantine: Arc::new(
                AzureQuarantine::new(access, &blobs, &ContainerName::parse("quarantine").unwrap()).unwrap(),
            ),
            ledger: Arc::new(AzureLedger::new(access, &blobs, &ContainerName::parse("ledger").unwrap()).unwrap()),
        }
    }
}

/// Longest idle time of a reused connection. The emulator closes connections after five seconds, so a longer one
/// could cause unplanned failures.
const RESTS_AT_MOST: Duration = Duration::from_millis(500);

/// StorageAccess of all worlds over one HTTP client, because creating a client is slow.
#[derive(Clone)]
pub struct LogLines {
    pub retrying: ServiceLine,
    pub once: ServiceLine,
    pub of_others: Transport,
}

/// StorageAccess to any account.
#[derive(Clone)]
pub struct ServiceLine {
    patience: Patience,
    connections: StorageAccess,
    guard: Option<Arc<dyn Policy>>,
}

impl LogLines {
    #[expect(clippy::disallowed_methods, reason = "calls the emulator alone")]
    pub fn new(account: &Account) -> Self {
        let patience = |retries| Patience { retries, first_wait: Duration::from_millis(1), ..Patience::default() };
        let access =
            |patience| StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), patience).unwrap();
        // Created first: creating an access installs the TLS provider the client needs.
        let lines = [2, 0].map(patience).map(|patience| (patience, access(patience)));
        let client = Arc::new(reqwest::Client::builder().pool_idle_timeout(RESTS_AT_MOST).build().unwrap());
        let [retrying, once] = lines.map(|(patience, access)| {
            let connections = access.with_http_client(client.clone());
            ServiceLine { patience, connections, guard: None }
        });
        Self { retrying, once, of_others: Transport::new(client) }
    }

    /// Sends every request of the archivist and of its host through this policy.
    pub fn through(mut self, guard: &Arc<impl Policy + 'static>) -> Self {
        for line in [&mut self.retrying, &mut self.once] {
            line.guard = Some(guard.clone());
        }
        self
    }
}

impl ServiceLine {
    /// Returns the access for this account.
    pub fn to(&self, account: &Account) -> StorageAccess {
        let access =
            StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), self.patience).unwrap();
        self.guard.iter().cloned().fold(access.with_connections_of(&self.connections), StorageAccess::with_policy)
    }
}
