//! Writes and deletes recordings like a bastion and its owners, and builds the events of storage.

use std::sync::atomic::{AtomicU64, Ordering};

use adapters_local::SystemClock;
use domain::address::{BlobName, ContainerAddress};
use domain::record::blob::{BlobEvent, ETag, Happening};
use domain::record::sequencer::Sequencer;
use hyper::Request;
use pipeline::ports::{Clock, QueueName};
use storage_events::{BlobType, StorageEvent};

use super::account::{CONTAINER, EmulatorAccount};
use super::signed::{Signed, encoded};

/// Writes and deletes recordings. Returns the events without sending them.
pub struct PlayedBastion {
    signed: Signed,
    blob_url: String,
    queue_url: String,
    container: ContainerAddress,
    last_number: AtomicU64,
}

impl PlayedBastion {
    /// Creates the container.
    pub fn new(account: &EmulatorAccount) -> Self {
        let signed = Signed::for_account(&account.emulated);
        let blob_url = format!("{}/{CONTAINER}", account.emulated.blob_url);
        account.runtime.block_on(signed.order("PUT", &format!("{blob_url}?restype=container")));
        let queue_url = account.emulated.queue_url.clone();
        Self { signed, blob_url, queue_url, container: account.container(), last_number: AtomicU64::new(0) }
    }

    /// Writes `size` bytes as a block list, because the emulator keeps the creation time only over such a rewrite.
    pub async fn write(&self, name: &str, size: usize) -> StorageEvent<'static> {
        let (url, request) = (self.url(name), || Request::builder().method("PUT"));
        let mut list = String::new();
        if size > 0 {
            let block = request().header("content-length", size);
            self.signed.send(block, &format!("{url}comp=block&blockid=MA%3D%3D"), vec![0; size]).await;
            list.push_str("<Latest>MA==</Latest>");
        }
        let list = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{list}</BlockList>");
        let whole = request().header("x-ms-blob-content-type", "application/octet-stream");
        let whole = whole.header("content-length", list.len());
        let written = self.signed.send(whole, &format!("{url}comp=blocklist"), list).await;
        let etag = ETag::new(written.headers()["etag"].to_str().unwrap());
        self.event(name, Happening::Written { etag: Some(etag), size: size as u64 })
    }

    /// Deletes a recording.
    pub async fn delete(&self, name: &str) -> StorageEvent<'static> {
        self.signed.order("DELETE", &self.url(name)).await;
        self.event(name, Happening::deleted())
    }

    /// Puts a text into a queue without encoding it.
    pub async fn send_as_it_is(&self, queue: QueueName, text: &str) {
        let url = format!("{}/{}/messages?messagettl=-1", self.queue_url, queue.as_str());
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        self.signed.send(Request::builder().method("POST"), &url, body).await;
    }

    /// Builds the event that storage would raise now.
    pub fn event(&self, name: &str, what: Happening) -> StorageEvent<'static> {
        let number = self.last_number.fetch_add(1, Ordering::Relaxed) + 1;
        let sequencer = Sequencer::parse(&format!("{number:048x}")).unwrap();
        StorageEvent {
            id: format!("{number:032x}").into(),
            address: self.container.blob(BlobName::parse(name).unwrap()),
            blob_type: BlobType::Block,
            event: BlobEvent { sequencer, at: SystemClock.now(), what },
            origin: Box::default(),
        }
    }

    fn url(&self, name: &str) -> String {
        format!("{}/{}?", self.blob_url, encoded(name))
    }
}
