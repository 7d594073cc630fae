//! Updates the entries of a blob name after a storage event or a wake-up.

use std::sync::Arc;

use domain::address::BlobAddress;
use domain::record::blob::BlobEvent;
use domain::record::estate::Estate;
use futures_util::future::BoxFuture;

use crate::entries::UpdateEntries;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{Catalogue, Fault};
use crate::stores::KnownStores;

/// Ingests events about recordings.
pub struct IngestRecording {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) stores: Arc<KnownStores>,
    pub(crate) entries: Arc<UpdateEntries>,
}

impl IngestRecording {
    /// Ingests one event about one blob.
    ///
    /// On `Ok`, the event is saved. Its effects are done, or a sweep retries them.
    ///
    /// Returns an error if the entry cannot be loaded or saved.
    pub fn ingest<'a>(
        &'a self,
        address: &'a BlobAddress,
        event: &'a BlobEvent,
    ) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            let container = address.container();
            match self.estate.bastion_of(&container) {
                Some(_) if self.stores.is_strange(&container).await? => Ok(Outcome::Ignored(Ignored::StrangeStore)),
                Some(bastion) => {
                    let loaded = self.catalogue.lives(address).await?;
                    self.entries.reconsider(loaded, &bastion.name, Some(event)).await
                }
                None if self.estate.knows_account(&container) => Ok(Outcome::Ignored(Ignored::ForeignContainer)),
                None => Ok(Outcome::Ignored(Ignored::ForeignAccount)),
            }
        })
    }
}
