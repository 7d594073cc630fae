//! Tables with injected failures.

use std::sync::Arc;
use std::time::Duration;

use adapters_azure::testing::Mishaps;
use adapters_azure::{
    Patience, Policy, StorageAccess, TableCatalogue, TableCheckpoints, TableNotifications, TableSessions, TableStore,
    TokenScope,
};
use adapters_local::SystemClock;
use azurite::{Account, Azurite};

/// Tables of one account, which any number of programs can open.
pub struct Tables(pub Account);

pub const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    call: Duration::from_secs(20),
    retries: 2,
    first_wait: Duration::from_millis(1),
    longest_wait: Duration::from_secs(3),
};

impl Tables {
    pub async fn new() -> Self {
        let tables = Self(Azurite::shared().unwrap().account().unwrap());
        tables.open(Arc::new(Mishaps::none())).create().await.unwrap();
        tables
    }

    pub fn open(&self, policy: Arc<dyn Policy>) -> TableStore {
        let access = StorageAccess::emulator(&self.0.name, &self.0.key, Arc::new(SystemClock), PATIENCE)
            .unwrap()
            .with_policy(policy);
        TableStore::new(&access, &self.0.table_url.parse().unwrap(), TokenScope::Storage).unwrap()
    }

    pub fn catalogue(&self, mishaps: Mishaps) -> (TableCatalogue, Arc<Mishaps>) {
        let mishaps = Arc::new(mishaps);
        (TableCatalogue::new(&self.open(mishaps.clone())), mishaps)
    }

    pub fn outbox(&self, mishaps: Mishaps) -> TableNotifications {
        TableNotifications::new(&self.open(Arc::new(mishaps)))
    }

    pub fn sessions(&self, mishaps: Mishaps) -> (TableSessions, Arc<Mishaps>) {
        let mishaps = Arc::new(mishaps);
        (TableSessions::new(&self.open(mishaps.clone())), mishaps)
    }

    pub fn checkpoints(&self, mishaps: Mishaps) -> TableCheckpoints {
        TableCheckpoints::new(&self.open(Arc::new(mishaps)))
    }
}
