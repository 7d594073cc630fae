//! The blobs port on a folder.

use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use pipeline::ports::{
    BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, ListedBlob, Piece, StorageTime, StoreId, TagWrite,
};
use tokio::task;

use super::Folder;

/// Blobs of a folder. Disk work runs on the runtime's blocking threads.
#[derive(Debug, Clone)]
pub struct FolderBlobs {
    folder: Folder,
}

impl FolderBlobs {
    /// Opens the blobs of this folder.
    pub fn new(folder: Folder) -> Self {
        Self { folder }
    }
}

#[async_trait]
impl BlobStore for FolderBlobs {
    /// Not available: files carry the time of this machine's clock or of their writer.
    fn time(&self) -> StorageTime {
        StorageTime::NoClock
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        let at = at.clone();
        self.folder.run(move |folder| Ok(folder.blob(&at)?.map(|(properties, _)| properties))).await
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let (container, prefix) = (request.container.clone(), request.prefix.to_owned());
        let (marker, limit, with_tags) = (request.marker.map(str::to_owned), request.limit, request.with_tags);
        let page = move |folder: &Folder| {
            let marker = marker.as_deref();
            folder.page(ListBlobs { container: &container, prefix: &prefix, marker, limit, with_tags })
        };
        self.folder.run(page).await
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        let (at, etag) = (at.clone(), etag.cloned());
        self.folder.run(move |folder| folder.piece(&at, from, limit, etag.as_ref())).await
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        let at = at.clone();
        self.folder.run(move |folder| Ok(folder.blob(&at)?.map(|(_, tags)| tags))).await
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        tags.check().map_err(|reason| Fault::permanent(format!("tag blob {at}"), reason))?;
        let (at, tags, etag, read) = (at.clone(), tags.clone(), etag.clone(), read.clone());
        self.folder.run(move |folder| folder.replace_tags(&at, tags, etag, &read)).await
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        let at = warrant.address().clone();
        let looked = self.folder.run(move |folder| folder.blob(&at)).await?;
        let Some((properties, tags)) = looked else { return Ok(BlobDelete::Gone) };
        if properties.etag != *warrant.etag() || !warrant.fits(&tags) {
            return Ok(BlobDelete::Changed);
        }
        let (at, by) = (warrant.address().clone(), warrant.client_request_id().to_owned());
        let removed = self.folder.run(move |folder| folder.remove_as(&at, Some(by))).await?;
        Ok(if removed { BlobDelete::Deleted } else { BlobDelete::Gone })
    }

    async fn identity(&self, _container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        self.folder.run(|folder| folder.store_id().map(Some)).await
    }
}

impl Folder {
    /// Runs disk work away from the threads that serve requests.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let folder = self.clone();
        let done = task::spawn_blocking(move || work(&folder)).await;
        done.unwrap_or_else(|stopped| Err(Fault::transient("finish the work on the folder", stopped)))
    }

    fn blob(&self, at: &BlobAddress) -> Result<Option<(BlobProperties, TagSet)>, Fault> {
        let Some(file) = self.file(at)? else { return Ok(None) };
        let sidecar = self.sidecars().read(at)?;
        let properties = file.properties(sidecar.created_at);
        let tags = sidecar.tags_of(&properties.etag);
        Ok(Some((properties, tags)))
    }

    /// Reads one page of a listing. Listing names is cheap, so each page lists all of them and reads only its own
    /// files.
    fn page(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let ListBlobs { container, prefix, marker, limit, with_tags } = request;
        let Some(names) = self.names(container)? else { return Ok(None) };
        let behind = marker.map_or(0, |marker| names.partition_point(|name| name.as_str() <= marker));
        let mut matching = names[behind..].iter().filter(|name| name.as_str().starts_with(prefix));
        let page: Vec<_> = matching.by_ref().take(limit).collect();
        let next = matching.next().and(page.last()).map(|name| name.as_str().to_owned());
        let mut blobs = Vec::with_capacity(page.len());
        for name in page {
            if let Some((properties, tags)) = self.blob(&container.blob(name.clone()))? {
                let tags = with_tags.then_some(tags);
                blobs.push(ListedBlob { name: name.clone(), properties, tags });
            }
        }
        Ok(Some(BlobPage { blobs, next }))
    }

    fn replace_tags(&self, at: &BlobAddress, tags: TagSet, etag: ETag, read: &TagSet) -> Result<TagWrite, Fault> {
        match self.file(at)? {
            // After a later rewrite, the tags stay with the content that they were meant for.
            Some(file) if file.etag() == etag => {
                let mut write = TagWrite::TagsMoved;
                self.sidecars().change(at, |sidecar| {
                    if sidecar.clone().tags_of(&etag).keeps_guards_of(read) {
                        (sidecar.tags, write) = (Some((etag, tags)), TagWrite::Written);
                    }
                })?;
                Ok(write)
            }
            Some(_) | None => Ok(TagWrite::ContentGone),
        }
    }
}
