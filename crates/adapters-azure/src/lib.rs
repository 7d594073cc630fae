//! The ports on Azure: storage blobs, queues and tables, the management API, and keys in a vault.
//!
//! Every call goes through one [`StorageAccess`]: identity, patience and transport. The official SDK covers blobs and
//! queues. It has no client for tables, so they go through a thin one on the SDK's own pipeline.

mod blobs;
mod client;
mod configuration;
mod dead_letters;
mod ledger;
mod management;
mod quarantine;
mod queues;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;
mod tokens;
mod vault;

pub use azure_core::http::policies::Policy;
pub use blobs::AzureBlobs;
pub use client::{AccessError, Patience, StorageAccess};
pub use configuration::AzureConfiguration;
pub use dead_letters::AzureDeadLetters;
pub use ledger::AzureLedger;
pub use management::{AzurePosture, Management};
pub use quarantine::AzureQuarantine;
pub use queues::AzureQueues;
pub use tables::{TableCatalogue, TableCheckpoints, TableNotifications, TableSessions, TableStore, TokenScope};
pub use tokens::AzureTokens;
pub use vault::{VaultKey, VaultKeyError};
