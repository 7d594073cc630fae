//! The tables of an account.

use azure_core::http::{Pipeline, Url};
use domain::cloud::{CalledService, Cloud};
use futures_util::future::try_join_all;
use pipeline::ports::Fault;

use super::wire::TableClient;
use crate::client::{AccessError, StorageAccess};

/// Token scope of a table service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenScope {
    /// Storage account, in every cloud.
    Storage,
    /// Cosmos DB for Table in this cloud, which speaks the same protocol.
    Cosmos(Cloud),
}

impl TokenScope {
    fn as_str(self) -> &'static str {
        match self {
            Self::Storage => Cloud::STORAGE_SCOPE,
            Self::Cosmos(cloud) => cloud.cosmos_scope(),
        }
    }
}

/// Tables of the catalogue, the sessions, the outbox and the checkpoints.
#[derive(Debug, Clone)]
pub struct TableStore {
    pub(super) entries: TableClient,
    pub(super) notifications: TableClient,
    pub(super) sessions: TableClient,
    pub(super) checkpoints: TableClient,
}

impl TableStore {
    /// Connects to the tables at a table endpoint without calling the service. Returns an error if the access may not
    /// be used for it.
    pub fn new(access: &StorageAccess, endpoint: &Url, scope: TokenScope) -> Result<Self, AccessError> {
        let line = access.line(CalledService::Table, endpoint)?;
        let authorised = line.bearer(scope.as_str()).into_iter().collect();
        let name = option_env!("CARGO_PKG_NAME");
        let pipeline = Pipeline::new(name, option_env!("CARGO_PKG_VERSION"), line.options, vec![], authorised, None);
        let table = |name| TableClient::new(pipeline.clone(), endpoint.clone(), name);
        Ok(Self {
            entries: table("entries"),
            notifications: table("notifications"),
            sessions: table("sessions"),
            checkpoints: table("checkpoints"),
        })
    }

    /// Creates missing tables.
    pub async fn create(&self) -> Result<(), Fault> {
        let tables = [&self.entries, &self.notifications, &self.sessions, &self.checkpoints];
        let made = try_join_all(tables.map(TableClient::create)).await;
        made.map(drop).map_err(|failure| failure.fault("create the tables"))
    }
}
