//! The recordings container as the bastion and its owners use it, with the events that storage raises.

use std::sync::Arc;

use adapters_azure::testing::write_recording;
use adapters_local::SystemClock;
use azure_core::http::Url;
use azure_storage_blob::{BlobClient, BlobServiceClient};
use azurite::Account;
use domain::address::{BlobName, ContainerAddress};
use domain::blob::{BlobEvent, Happening};
use domain::sequencer::Sequencer;
use jiff::SignedDuration;
use pipeline::ports::{Clock, Fault, Queue, QueueName};
use storage_events::{BlobType, StorageEvent, encode_event_grid};

use crate::error::DevError;

/// The container that the bastion records into.
pub const CONTAINER: &str = "recordings";

/// Larger recordings are cut: nobody looks at their content here.
const LARGEST: u64 = 64 * 1024;

/// The container, and the queue that Event Grid writes its events to.
pub struct Storage {
    service: BlobServiceClient,
    container: ContainerAddress,
    queue: Arc<dyn Queue>,
    last_number: u64,
}

impl Storage {
    /// Makes the container.
    pub async fn new(account: &Account, queue: Arc<dyn Queue>) -> Result<Self, DevError> {
        let mut endpoint = Url::parse(&account.blob_url).map_err(DevError::needed)?;
        // The bastion does not come our way either.
        endpoint.set_query(Some(&account.signature()));
        let service = BlobServiceClient::new(endpoint, None, None).map_err(DevError::needed)?;
        service.blob_container_client(CONTAINER).create(None).await.map_err(DevError::needed)?;
        let container = ContainerAddress::parse(&account.name, CONTAINER).map_err(DevError::needed)?;
        Ok(Self { service, container, queue, last_number: 0 })
    }

    /// The bastion writes a recording, and its event comes so late.
    pub async fn write(&mut self, name: &BlobName, size: u64, delay: SignedDuration) -> Result<(), DevError> {
        let size = size.min(LARGEST);
        let content = vec![0; usize::try_from(size).unwrap_or(0)];
        let written = write_recording(&self.blob(name), content, None).await.map_err(DevError::needed)?;
        let etag = written.map(|(etag, _)| etag);
        self.raise(name, Happening::Written { etag, size }, delay).await
    }

    /// Somebody deletes a recording.
    pub async fn delete(&mut self, name: &BlobName) -> Result<(), DevError> {
        self.blob(name).delete(None).await.map_err(DevError::needed)?;
        self.raise(name, Happening::deleted(), SignedDuration::ZERO).await
    }

    fn blob(&self, name: &BlobName) -> BlobClient {
        self.service.blob_client(CONTAINER, name.as_str())
    }

    async fn raise(&mut self, name: &BlobName, what: Happening, delay: SignedDuration) -> Result<(), DevError> {
        let at = SystemClock.now();
        let address = self.container.blob(name.clone());
        // Nanoseconds since 1970 fit until 2554.
        self.last_number = (at.as_nanosecond() as u64).max(self.last_number + 1);
        let number = self.last_number;
        let unwritten = |reason: &str| Fault::permanent(format!("write the event of {address}"), reason.to_owned());
        let sequencer = Sequencer::parse(&format!("{number:048x}")).ok_or_else(|| unwritten("no sequencer"))?;
        let event = StorageEvent {
            id: format!("{number:032x}").into(),
            address: address.clone(),
            blob_type: BlobType::Block,
            event: BlobEvent { sequencer, at, what },
            origin: Box::default(),
        };
        let message = encode_event_grid(&event).map_err(DevError::needed)?;
        Ok(self.queue.send(QueueName::RecordingEvents, &message, delay).await?)
    }
}
