//! Writes and deletes of other parties, and the storage events that they raise.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adapters_azure::testing::{append_to_log, begin_log};
use azure_core::http::{ClientOptions, RequestContent, Transport, Url};
use azure_storage_blob::models::BlobClientUploadOptions;
use azure_storage_blob::{BlobClient, BlobServiceClient, BlobServiceClientOptions};
use azurite::Account;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::record::blob::{BlobEvent, ETag, Happening, whole_second};
use domain::record::sequencer::Sequencer;
use jiff::Timestamp;

use crate::promises::dates::{Dates, Shown};
use crate::promises::visits::{access_log, log};

/// An event and its blob.
#[derive(Debug, Clone)]
pub struct RaisedEvent {
    pub address: BlobAddress,
    pub event: BlobEvent,
}

/// The container of recordings, as its users see it.
pub struct PromiseStorage {
    client: BlobServiceClient,
    pub dates: Arc<Dates>,
    created: Mutex<BTreeMap<String, Timestamp>>,
    raised: Mutex<u32>,
}

impl PromiseStorage {
    pub async fn new(account: &Account, transport: Transport) -> Self {
        let client_options = ClientOptions { transport: Some(transport), ..ClientOptions::default() };
        let options = BlobServiceClientOptions { client_options, ..BlobServiceClientOptions::default() };
        let mut endpoint = Url::parse(&account.blob_url).unwrap();
        endpoint.set_query(Some(&account.signature()));
        let client = BlobServiceClient::new(endpoint, None, Some(options)).unwrap();
        client.blob_container_client(container().container.as_str()).create(None).await.unwrap();
        Self { client, dates: Arc::default(), created: Mutex::default(), raised: Mutex::default() }
    }

    /// Creates or rewrites a blob.
    pub async fn write(&self, name: &str, size: u64, now: Timestamp) -> RaisedEvent {
        let number = self.next_number();
        let options = BlobClientUploadOptions {
            blob_content_type: Some("application/octet-stream".to_owned()),
            ..BlobClientUploadOptions::default()
        };
        let content = RequestContent::from(vec![0; usize::try_from(size).unwrap()]);
        let blob = self.client.blob_client(container().container.as_str(), name);
        let written = blob.upload(content, Some(options)).await.unwrap();
        let at = whole_second(now);
        let created_at = *self.created.lock().unwrap().entry(name.to_owned()).or_insert(at);
        let etag = ETag::new(&format!("0x{number:016X}"));
        let shown = Shown { etag: etag.clone(), created_at, last_modified: at };
        self.dates.show(ETag::new(written.etag.unwrap().as_ref()), shown);
        raised(name, number, now, Happening::Written { etag: Some(etag), size })
    }

    /// Like [`write`](Self::write), but shows the ETag of the service, so that the content can be read under it.
    pub async fn write_readable(&self, name: &str, size: u64, now: Timestamp) -> RaisedEvent {
        let mut raised = self.write(name, size, now).await;
        if let Happening::Written { etag: Some(etag), .. } = &mut raised.event.what {
            *etag = self.dates.keep_etag(etag);
        }
        raised
    }

    /// Deletes an existing blob.
    pub async fn delete(&self, name: &str, now: Timestamp) -> RaisedEvent {
        self.client.blob_client(container().container.as_str(), name).delete(None).await.unwrap();
        self.created.lock().unwrap().remove(name);
        raised(name, self.next_number(), now, Happening::deleted())
    }

    /// Tags of every existing blob.
    pub async fn tags(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let names: Vec<String> = self.created.lock().unwrap().keys().cloned().collect();
        let mut all = BTreeMap::new();
        for name in names {
            let blob = self.client.blob_client(container().container.as_str(), &name);
            let told = blob.get_tags(None).await.unwrap().into_model().unwrap();
            let tags = told.blob_tag_set.unwrap_or_default().into_iter();
            all.insert(name, tags.map(|tag| (tag.key.unwrap(), tag.value.unwrap_or_default())).collect());
        }
        all
    }

    /// Creates the empty audit log.
    pub async fn begin_log(&self) {
        self.begin(&log()).await;
    }

    /// Appends to the audit log.
    pub async fn grow_log(&self, text: &str) {
        self.grow(&log(), text).await;
    }

    /// Creates the empty log of accesses.
    pub async fn begin_access_log(&self) {
        self.begin(&access_log()).await;
    }

    /// Appends to the log of accesses.
    pub async fn grow_access_log(&self, text: &str) {
        self.grow(&access_log(), text).await;
    }

    async fn begin(&self, log: &BlobAddress) {
        self.client.blob_container_client(log.container.as_str()).create(None).await.unwrap();
        begin_log(&self.client_of(log)).await.unwrap();
    }

    async fn grow(&self, log: &BlobAddress, text: &str) {
        append_to_log(&self.client_of(log), text.as_bytes()).await.unwrap();
    }

    fn client_of(&self, log: &BlobAddress) -> BlobClient {
        self.client.blob_client(log.container.as_str(), log.name.as_str())
    }

    fn next_number(&self) -> u32 {
        let mut raised = self.raised.lock().unwrap();
        *raised += 1;
        *raised
    }
}

fn raised(name: &str, number: u32, at: Timestamp, what: Happening) -> RaisedEvent {
    let address = container().blob(BlobName::parse(name).unwrap());
    RaisedEvent {
        address,
        event: BlobEvent { sequencer: Sequencer::parse(&format!("{number:032x}")).unwrap(), at, what },
    }
}

/// The archivist always sees this account name, whatever the emulator calls it, so ids are equal in every run.
pub fn container() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "recordings").unwrap()
}
