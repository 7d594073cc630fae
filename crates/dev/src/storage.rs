//! The recordings container as the bastion and its owners use it, with the events that storage raises.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use adapters_azure::testing::{append_to_log, begin_log, write_recording};
use adapters_local::SystemClock;
use azure_core::http::{StatusCode, Url};
use azure_storage_blob::{BlobClient, BlobServiceClient};
use azurite::Account;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::blob::{BlobEvent, Happening};
use domain::sequencer::Sequencer;
use jiff::SignedDuration;
use pipeline::ports::{Clock, Fault, Queue, QueueName};
use storage_events::{BlobType, StorageEvent, encode_event_grid};

use crate::error::DevError;

/// The container that the bastion records into.
pub const CONTAINER: &str = "recordings";

/// The container that audit logs are written into.
const LOGS: &str = "insights-logs-bastionauditlogs";

/// The resource id of the bastion of the sample day.
pub const BASTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-sample/providers/Microsoft.Network/bastionHosts/LOCAL";

/// Larger recordings are cut: nobody looks at their content here.
const LARGEST: u64 = 64 * 1024;

/// The container, and the queue that Event Grid writes its events to.
pub struct Storage {
    service: BlobServiceClient,
    container: ContainerAddress,
    logs: ContainerAddress,
    begun: BTreeSet<BlobName>,
    queue: Arc<dyn Queue>,
    last_number: u64,
}

impl Storage {
    /// Makes the containers.
    pub async fn new(account: &Account, queue: Arc<dyn Queue>) -> Result<Self, DevError> {
        let mut endpoint = Url::parse(&account.blob_url).map_err(DevError::needed)?;
        // The bastion does not come our way either.
        endpoint.set_query(Some(&account.signature()));
        let service = BlobServiceClient::new(endpoint, None, None).map_err(DevError::needed)?;
        service.blob_container_client(CONTAINER).create(None).await.map_err(DevError::needed)?;
        service.blob_container_client(LOGS).create(None).await.map_err(DevError::needed)?;
        let container = ContainerAddress::parse(&account.name, CONTAINER).map_err(DevError::needed)?;
        let logs = ContainerAddress::parse(&account.name, LOGS).map_err(DevError::needed)?;
        Ok(Self { service, container, logs, begun: BTreeSet::new(), queue, last_number: 0 })
    }

    /// The bastion writes a recording, and its event comes so late.
    pub async fn write(&mut self, name: &BlobName, size: u64, delay: SignedDuration) -> Result<(), DevError> {
        let size = size.min(LARGEST);
        let content = vec![0; usize::try_from(size).unwrap_or(0)];
        let written = write_recording(&self.blob(name), content, None).await.map_err(DevError::needed)?;
        let etag = written.map(|(etag, _)| etag);
        let address = self.container.blob(name.clone());
        self.raise(address, BlobType::Block, Happening::Written { etag, size }, delay).await
    }

    /// Somebody deletes a recording.
    pub async fn delete(&mut self, name: &BlobName) -> Result<(), DevError> {
        self.blob(name).delete(None).await.map_err(DevError::needed)?;
        let address = self.container.blob(name.clone());
        self.raise(address, BlobType::Block, Happening::deleted(), SignedDuration::ZERO).await
    }

    /// The bastion adds to an audit log. Storage tells of its beginning alone.
    pub async fn append(&mut self, log: &BlobName, text: &str) -> Result<(), DevError> {
        let blob = self.service.blob_client(LOGS, log.as_str());
        if self.begun.insert(log.clone()) {
            begin_log(&blob).await.map_err(DevError::needed)?;
            let written = Happening::Written { etag: None, size: 0 };
            self.raise(self.logs.blob(log.clone()), BlobType::Append, written, SignedDuration::ZERO).await?;
        }
        append_to_log(&blob, text.as_bytes()).await.map_err(DevError::needed)
    }

    /// Somebody changes the bastion.
    pub async fn change_bastion(&self) -> Result<(), DevError> {
        let change = serde_json::json!({
            "id": "change", "subject": BASTION, "topic": "/subscriptions/00000000-0000-0000-0000-000000000000",
            "eventType": "Microsoft.Resources.ResourceWriteSuccess", "eventTime": SystemClock.now().to_string(),
            "data": { "resourceUri": BASTION, "operationName": "Microsoft.Network/bastionHosts/write" },
            "dataVersion": "2", "metadataVersion": "1",
        });
        Ok(self.queue.send(QueueName::ResourceEvents, &change.to_string(), SignedDuration::ZERO).await?)
    }

    /// The tags of a recording, as storage has them. `None` where there is no such blob.
    pub async fn tags(&self, name: &BlobName) -> Result<Option<BTreeMap<String, String>>, DevError> {
        let told = match self.blob(name).get_tags(None).await {
            Ok(told) => told.into_model().map_err(DevError::needed)?,
            Err(error) if error.http_status() == Some(StatusCode::NotFound) => return Ok(None),
            Err(error) => return Err(DevError::needed(error)),
        };
        Ok(Some(HashMap::from(told).into_iter().collect()))
    }

    fn blob(&self, name: &BlobName) -> BlobClient {
        self.service.blob_client(CONTAINER, name.as_str())
    }

    async fn raise(
        &mut self,
        address: BlobAddress,
        blob_type: BlobType,
        what: Happening,
        delay: SignedDuration,
    ) -> Result<(), DevError> {
        let at = SystemClock.now();
        let queue = if blob_type == BlobType::Append {
            QueueName::AuditLogEvents
        } else {
            QueueName::RecordingEvents
        };
        // Nanoseconds since 1970 fit until 2554.
        self.last_number = (at.as_nanosecond() as u64).max(self.last_number + 1);
        let number = self.last_number;
        let unwritten = |reason: &str| Fault::permanent(format!("write the event of {address}"), reason.to_owned());
        let sequencer = Sequencer::parse(&format!("{number:048x}")).ok_or_else(|| unwritten("no sequencer"))?;
        let event = StorageEvent {
            id: format!("{number:032x}").into(),
            address: address.clone(),
            blob_type,
            event: BlobEvent { sequencer, at, what },
            origin: Box::default(),
        };
        let message = encode_event_grid(&event).map_err(DevError::needed)?;
        Ok(self.queue.send(queue, &message, delay).await?)
    }
}
