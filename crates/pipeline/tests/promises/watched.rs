//! Ports as a test wants them: sessions whose saves are written down, and listings in short pages.

use std::sync::{Arc, Mutex};

use adapters_local::memory::{MemoryBlobs, MemorySessions};
use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::blob::{BlobProperties, ETag};
use domain::estate::BastionName;
use domain::session::{IndexKey, SessionEntry, SessionId, Span};
use domain::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{
    BlobPage, BlobStore, Fault, Piece, SessionChange, SessionListRequest, SessionPlace, Sessions, TagWrite,
};

/// Sessions in memory that write down who was saved, and as which revision.
#[derive(Default)]
pub struct WatchedSessions {
    sessions: MemorySessions,
    saved: Mutex<Vec<(SessionId, u64)>>,
}

impl WatchedSessions {
    /// Every save that was won, in the order of time.
    pub fn saved(&self) -> Vec<(SessionId, u64)> {
        self.saved.lock().unwrap().clone()
    }
}

#[async_trait]
impl Sessions for WatchedSessions {
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault> {
        self.sessions.load(ids).await
    }

    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault> {
        let won = self.sessions.save(changes).await?;
        let saved = changes.iter().zip(&won).filter(|(_, won)| **won);
        self.saved.lock().unwrap().extend(saved.map(|(change, _)| (change.after.id.clone(), change.after.revision)));
        Ok(won)
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: Span,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        self.sessions.near(bastion, keys, within, limit).await
    }

    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault> {
        self.sessions.list(request).await
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault> {
        self.sessions.due(until, after, limit).await
    }
}

/// Storage that lists a few blobs at a time.
pub struct ShortPages {
    pub blobs: Arc<MemoryBlobs>,
    pub limit: usize,
}

#[async_trait]
impl BlobStore for ShortPages {
    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        self.blobs.properties(at).await
    }

    async fn list(
        &self,
        container: &ContainerAddress,
        prefix: &str,
        marker: Option<&str>,
        limit: usize,
    ) -> Result<Option<BlobPage>, Fault> {
        self.blobs.list(container, prefix, marker, limit.min(self.limit)).await
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        self.blobs.read(at, from, limit, etag).await
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        self.blobs.tags(at).await
    }

    async fn replace_tags(&self, at: &BlobAddress, tags: &TagSet, etag: &ETag) -> Result<TagWrite, Fault> {
        self.blobs.replace_tags(at, tags, etag).await
    }
}
