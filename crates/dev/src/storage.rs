//! Containers of recordings and audit logs as the bastion and their owners use them, with the events that storage
//! raises.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use adapters_azure::testing::{append_to_log, begin_log, write_recording};
use adapters_local::SystemClock;
use azure_core::http::{StatusCode, Url};
use azure_storage_blob::{BlobClient, BlobServiceClient};
use azurite::Account;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::record::blob::{BlobEvent, Happening};
use domain::record::sequencer::Sequencer;
use jiff::SignedDuration;
use pipeline::ports::{Clock, Fault, Queue, QueueName};
use storage_events::{BlobType, StorageEvent, encode_event_grid};

use crate::error::DevError;

/// Container of the recordings.
pub const CONTAINER: &str = "recordings";

/// Container of the audit logs.
const LOGS: &str = "insights-logs-bastionauditlogs";

/// Resource id of the sample day's bastion.
pub const BASTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-sample/providers/Microsoft.Network/bastionHosts/LOCAL";

/// Maximum size of a recording in bytes; larger ones are cut, because no test reads the content.
const LARGEST: u64 = 64 * 1024;

/// Blob client of both containers, and the queue of the events.
pub struct DevStorage {
    service: BlobServiceClient,
    container: ContainerAddress,
    logs: ContainerAddress,
    begun: BTreeSet<BlobName>,
    queue: Arc<dyn Queue>,
    last_number: u64,
}

impl DevStorage {
    /// Creates the containers.
    pub async fn new(account: &Account, queue: Arc<dyn Queue>) -> Result<Self, DevError> {
        let mut endpoint = Url::parse(&account.blob_url).map_err(DevError::needed)?;
        // Uses a shared access signature, as the bastion does, instead of the archivist's own access.
        endpoint.set_query(Some(&account.signature()));
        let service = BlobServiceClient::new(endpoint, None, None).map_err(DevError::needed)?;
        service.blob_container_client(CONTAINER).create(None).await.map_err(DevError::needed)?;
        service.blob_container_client(LOGS).create(None).await.map_err(DevError::needed)?;
        let container = ContainerAddress::parse(&account.name, CONTAINER).map_err(DevError::needed)?;
        let logs = ContainerAddress::parse(&account.name, LOGS).map_err(DevError::needed)?;
        Ok(Self { service, container, logs, begun: BTreeSet::new(), queue, last_number: 0 })
    }

    /// Writes a recording as the bastion does; its event is delayed by `delay`.
    pub async fn write(&mut self, name: &BlobName, size: u64, delay: SignedDuration) -> Result<(), DevError> {
        let size = size.min(LARGEST);
        let content = vec![0; usize::try_from(size).unwrap_or(0)];
        let written = write_recording(&self.blob(name), content, None).await.map_err(DevError::needed)?;
        let etag = written.map(|(etag, _)| etag);
        let address = self.container.blob(name.clone());
        self.raise(address, BlobType::Block, Happening::Written { etag, size }, delay).await
    }

    /// Deletes a recording as a person would.
    pub async fn delete(&mut self, name: &BlobName) -> Result<(), DevError> {
        self.blob(name).delete(None).await.map_err(DevError::needed)?;
        let address = self.container.blob(name.clone());
        self.raise(address, BlobType::Block, Happening::deleted(), SignedDuration::ZERO).await
    }

    /// Appends to an audit log as the bastion does. Storage raises an event only when the log is created.
    pub async fn append(&mut self, log: &BlobName, text: &str) -> Result<(), DevError> {
        let blob = self.service.blob_client(LOGS, log.as_str());
        if self.begun.insert(log.clone()) {
            begin_log(&blob).await.map_err(DevError::needed)?;
            let written = Happening::Written { etag: None, size: 0 };
            self.raise(self.logs.blob(log.clone()), BlobType::Append, written, SignedDuration::ZERO).await?;
        }
        append_to_log(&blob, text.as_bytes()).await.map_err(DevError::needed)
    }

    /// Raises the event of a change to the bastion resource.
    pub async fn change_bastion(&self) -> Result<(), DevError> {
        let change = serde_json::json!({
            "id": "change", "subject": BASTION, "topic": "/subscriptions/00000000-0000-0000-0000-000000000000",
            "eventType": "Microsoft.Resources.ResourceWriteSuccess", "eventTime": SystemClock.now().to_string(),
            "data": { "resourceUri": BASTION, "operationName": "Microsoft.Network/bastionHosts/write" },
            "dataVersion": "2", "metadataVersion": "1",
        });
        Ok(self.queue.send(QueueName::ResourceEvents, &change.to_string(), SignedDuration::ZERO).await?)
    }

    /// Returns the tags of a recording, or `None` if the blob does not exist.
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
