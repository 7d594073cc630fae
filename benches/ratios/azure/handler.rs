//! An archivist with all its state in a storage account.

use std::sync::Arc;

use adapters_azure::testing::Tally;
use adapters_azure::{
    AzureBlobs, Patience, StorageAccess, TableCatalogue, TableCheckpoints, TableNotifications, TableSessions,
    TableStore, TokenScope,
};
use adapters_local::SystemClock;
use adapters_local::memory;
use azurite::Account;
use domain::address::AccountName;
use pipeline::testing::TestClock;
use pipeline::{Archivist, Ports};
use tokio::runtime::Runtime;

use crate::Measured;
use crate::world::{LandedRecording, START, estate, ingest, settings};

/// An archivist with its own connections and thread, like an instance of the function app.
pub struct BenchHandler {
    /// Counts the requests to storage.
    pub tally: Arc<Tally>,
    runtime: Runtime,
    archivist: Archivist,
    clock: Arc<TestClock>,
    tables: TableStore,
}

impl BenchHandler {
    /// Creates an archivist with recordings and catalogue in this account. Without channels there are no messages, and
    /// nothing goes into quarantine.
    pub fn new(account: &Account) -> Measured<Self> {
        let (tally, clock): (Arc<Tally>, _) = (Arc::default(), Arc::new(TestClock::at(START)));
        let access = StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), Patience::default())?
            .with_policy(tally.clone());
        let tables = TableStore::new(&access, &account.table_url.parse()?, TokenScope::Storage)?;
        let name = AccountName::parse(&account.name)?;
        let ports = Ports {
            catalogue: Arc::new(TableCatalogue::new(&tables)),
            sessions: Arc::new(TableSessions::new(&tables)),
            checkpoints: Arc::new(TableCheckpoints::new(&tables)),
            blobs: Arc::new(AzureBlobs::new(&access, &account.blob_url.parse()?, name)?),
            notifications: Arc::new(TableNotifications::new(&tables)),
            ..memory::ports(clock.clone())
        };
        let archivist = Archivist::new(ports, settings(estate(&account.name)?));
        Ok(Self { tally, runtime: crate::runtime()?, archivist, clock, tables })
    }

    /// Creates the tables.
    pub fn create(&self) -> Measured<()> {
        Ok(self.runtime.block_on(self.tables.create())?)
    }

    /// Ingests events one after another.
    pub fn ingest(&self, landed: &[LandedRecording]) -> Measured<()> {
        self.runtime.block_on(async {
            for landed in landed {
                ingest(&self.archivist, &self.clock, landed).await?;
            }
            Ok(())
        })
    }
}
