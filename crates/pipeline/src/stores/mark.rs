//! Stored form of a container's store identity.

use domain::address::ContainerAddress;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::{CheckpointKey, CheckpointKind, StoreId};
use crate::stored::Schema;
use crate::stored::checkpoint::CheckpointDocument;

/// Identity of the store behind a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoreMark {
    schema: Schema,
    /// Set at first contact, or when a person adopts a store.
    store: String,
}

impl StoreMark {
    pub(super) fn new(store: &StoreId) -> Self {
        Self { schema: Schema, store: store.as_str().to_owned() }
    }

    pub(super) fn store(&self) -> StoreId {
        StoreId::new(&*self.store)
    }
}

impl CheckpointDocument for StoreMark {
    const WHAT: &str = "identity of a store";

    fn without_future(self, _: Timestamp) -> Self {
        let Self { schema, store } = self;
        Self { schema, store }
    }
}

pub(super) fn key(container: &ContainerAddress) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Store, name: container.to_string() }
}
