//! Stores quarantined input in a container of its own.
//!
//! The bytes lie under `inputs/`, named by id and with their label as metadata, so an id alone finds them. A note of
//! each input lies under `log/`, named by time, so a listing is in the order of time. A second note lies under
//! `unannounced/` until the input is announced, and then the blob `unannounced` is written again. While that blob is
//! absent, nothing is to be announced: a look at it costs a tenth of a listing. The bytes are written first and the note
//! under `log/` last: if that note is missing, the put was never acknowledged, and the input comes again.

mod stored;

use std::collections::HashMap;
use std::fmt;

use async_trait::async_trait;
use azure_core::http::{Etag, RequestContent, Url};
use azure_storage_blob::BlobContainerClient;
use azure_storage_blob::models::{
    BlobClientDeleteOptions, BlobClientGetPropertiesResultHeaders, BlobClientUploadOptions,
    BlobContainerClientListBlobsOptions, BlobItem, ListBlobsIncludeItem,
};
use domain::address::ContainerName;
use futures_util::StreamExt;
use jiff::Timestamp;
use pipeline::ports::{Fault, Quarantine, QuarantineId, QuarantineNote, QuarantinedInput};

use crate::blobs::service;
use crate::client::{AccessError, Failure, ServiceAnswer, StorageAccess};
use stored::{Label, MARKER, NOTES, UNANNOUNCED, id_of_note, input_name, note_name, notes_since, unannounced_name};

/// Largest page of a listing, in blobs.
const LONGEST_PAGE: usize = 5_000;

/// Quarantined input in a container. A reason is cut to the size that metadata can hold: some two thousand
/// characters.
pub struct AzureQuarantine {
    container: BlobContainerClient,
}

impl AzureQuarantine {
    /// Opens the quarantine in this container of the account at this blob endpoint.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access may not be used for this endpoint.
    pub fn new(access: &StorageAccess, endpoint: &Url, container: &ContainerName) -> Result<Self, AccessError> {
        Ok(Self { container: service(access, endpoint)?.blob_container_client(container.as_str()) })
    }

    /// Creates the container if it is absent.
    pub async fn create(&self) -> Result<(), Fault> {
        match self.container.create(None).await.map_err(Failure::from) {
            Err(failure) if failure.answer != ServiceAnswer::Exists => {
                Err(failure.fault("create the quarantine's container"))
            }
            _ => Ok(()),
        }
    }

    /// Writes a blob unless the name is taken. Returns false if it is.
    async fn write(&self, name: &str, content: Vec<u8>, metadata: HashMap<String, String>) -> Result<bool, Failure> {
        let options = BlobClientUploadOptions {
            blob_content_type: Some("application/octet-stream".to_owned()),
            metadata: Some(metadata),
            ..BlobClientUploadOptions::default()
        };
        let blob = self.container.blob_client(name);
        let written = blob.upload(RequestContent::from(content), Some(options.if_not_exists())).await;
        match written.map_err(Failure::from) {
            Ok(_) => Ok(true),
            Err(failure) if matches!(failure.answer, ServiceAnswer::Exists | ServiceAnswer::PreconditionFailed) => {
                Ok(false)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Reads the label of a stored input. Returns `None` if its metadata was altered.
    async fn label(&self, id: &QuarantineId) -> Result<Option<Label>, Failure> {
        let answer = self.container.blob_client(&input_name(id)).get_properties(None).await?;
        Ok(Label::read(&answer.metadata()?))
    }
}

#[async_trait]
impl Quarantine for AzureQuarantine {
    async fn put(&self, input: &QuarantinedInput) -> Result<(), Fault> {
        let id = &input.id;
        let object = format!("quarantine input {id}");
        let fault = |failure: Failure| failure.fault(&*object);
        let mut label = Label::from_input(input);
        if !self.write(&input_name(id), input.raw.clone(), label.metadata()).await.map_err(fault)? {
            // The input was put before, perhaps without reaching its note, which is named by that earlier time.
            label = self.label(id).await.map_err(fault)?.ok_or_else(|| unlabelled(&*object))?;
            if self.is_there(&note_name(label.at, id)).await.map_err(fault)? {
                return Ok(());
            }
        }
        self.write(&unannounced_name(label.at, id), Vec::new(), label.metadata()).await.map_err(fault)?;
        // After the note: a removal of the blob is conditional on its version before the notes were listed.
        self.container
            .blob_client(MARKER)
            .upload(RequestContent::from(Vec::new()), None)
            .await
            .map_err(|error| fault(error.into()))?;
        self.write(&note_name(label.at, id), Vec::new(), label.metadata()).await.map(drop).map_err(fault)
    }

    async fn get(&self, id: &QuarantineId) -> Result<Option<QuarantinedInput>, Fault> {
        let object = format!("read quarantined input {id}");
        let found = match self.container.blob_client(&input_name(id)).download(None).await.map_err(Failure::from) {
            Ok(found) => found,
            Err(failure) if failure.answer == ServiceAnswer::NotFound => return Ok(None),
            Err(failure) => return Err(failure.fault(object)),
        };
        let label = Label::read(&found.properties.metadata).ok_or_else(|| unlabelled(&*object))?;
        let raw = found.body.collect().await.map_err(|error| Failure::from(error).fault(object))?.to_vec();
        let Label { reason, at, origin, size: _ } = label;
        Ok(Some(QuarantinedInput { id: id.clone(), raw, reason, at, origin }))
    }

    async fn since(&self, since: Timestamp, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        self.notes(NOTES, Some(notes_since(since)), limit, |note| note.at >= since).await
    }

    async fn behind(&self, last: &QuarantineNote, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        let from = Some(note_name(last.at, &last.id));
        self.notes(NOTES, from, limit, |note| (note.at, &note.id) > (last.at, &last.id)).await
    }

    async fn unannounced(&self, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        let fault = |failure: Failure| failure.fault("look for unannounced input in the quarantine");
        let Some(version) = self.marker().await.map_err(fault)? else {
            return Ok(Vec::new());
        };
        let notes = self.notes(UNANNOUNCED, None, limit, |_| true).await?;
        if notes.is_empty() && limit > 0 {
            self.remove_marker(version).await.map_err(fault)?;
        }
        Ok(notes)
    }

    async fn announced(&self, ids: &[QuarantineId]) -> Result<(), Fault> {
        for id in ids {
            let fault = |failure: Failure| failure.fault(format!("note that quarantined input {id} was announced"));
            match self.label(id).await {
                Ok(Some(label)) => self.delete(&unannounced_name(label.at, id)).await.map_err(fault)?,
                // The input was altered or removed, so nothing leads to its note.
                Ok(None) => {}
                Err(failure) if failure.answer == ServiceAnswer::NotFound => {}
                Err(failure) => return Err(fault(failure)),
            }
        }
        Ok(())
    }

    /// Removes the notes first: bytes without a note are in no listing and get their note again if the input comes
    /// again.
    async fn remove(&self, id: &QuarantineId) -> Result<(), Fault> {
        let fault = |failure: Failure| failure.fault(format!("remove quarantined input {id}"));
        let label = match self.label(id).await {
            Err(failure) if failure.answer == ServiceAnswer::NotFound => return Ok(()),
            label => label.map_err(fault)?.ok_or_else(|| unlabelled(format!("remove quarantined input {id}")))?,
        };
        self.delete(&unannounced_name(label.at, id)).await.map_err(fault)?;
        self.delete(&note_name(label.at, id)).await.map_err(fault)?;
        self.delete(&input_name(id)).await.map_err(fault)
    }
}

impl AzureQuarantine {
    /// Reads the ETag of the blob that is there while input may be unannounced.
    async fn marker(&self) -> Result<Option<Etag>, Failure> {
        match self.container.blob_client(MARKER).get_properties(None).await.map_err(Failure::from) {
            Ok(marker) => Ok(marker.etag()?),
            Err(failure) if failure.answer == ServiceAnswer::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Removes that blob, unless it was written since.
    async fn remove_marker(&self, version: Etag) -> Result<(), Failure> {
        let options = BlobClientDeleteOptions { if_match: Some(version), ..BlobClientDeleteOptions::default() };
        match self.container.blob_client(MARKER).delete(Some(options)).await.map_err(Failure::from) {
            Err(failure) if !matches!(failure.answer, ServiceAnswer::NotFound | ServiceAnswer::PreconditionFailed) => {
                Err(failure)
            }
            _ => Ok(()),
        }
    }

    async fn is_there(&self, name: &str) -> Result<bool, Failure> {
        match self.container.blob_client(name).get_properties(None).await.map_err(Failure::from) {
            Ok(_) => Ok(true),
            Err(failure) if failure.answer == ServiceAnswer::NotFound => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Deletes a blob. Succeeds if it is gone.
    async fn delete(&self, name: &str) -> Result<(), Failure> {
        match self.container.blob_client(name).delete(None).await.map_err(Failure::from) {
            Err(failure) if failure.answer != ServiceAnswer::NotFound => Err(failure),
            _ => Ok(()),
        }
    }

    /// Lists wanted notes of one kind with names from `from` on.
    async fn notes(
        &self,
        kind: &str,
        from: Option<String>,
        limit: usize,
        is_wanted: impl Fn(&QuarantineNote) -> bool,
    ) -> Result<Vec<QuarantineNote>, Fault> {
        let fault = |error| Failure::from(error).fault("list the quarantine");
        let options = BlobContainerClientListBlobsOptions {
            prefix: Some(kind.to_owned()),
            // An emulator ignores this and lists from the beginning, so callers filter older notes.
            start_from: from,
            maxresults: i32::try_from(limit.clamp(1, LONGEST_PAGE)).ok(),
            include: Some(vec![ListBlobsIncludeItem::Metadata]),
            ..BlobContainerClientListBlobsOptions::default()
        };
        let mut pages = self.container.list_blobs(Some(options)).map_err(fault)?.into_pages();
        let mut notes = Vec::new();
        while notes.len() < limit
            && let Some(page) = pages.next().await
        {
            let page = page.map_err(fault)?.into_model().map_err(fault)?;
            let more = page.next_marker.is_some_and(|marker| !marker.is_empty());
            notes.extend(page.blob_items.into_iter().filter_map(note).filter(&is_wanted));
            if !more {
                break;
            }
        }
        notes.truncate(limit);
        Ok(notes)
    }
}

/// Parses a listed blob. Returns `None` if it is not a note.
fn note(item: BlobItem) -> Option<QuarantineNote> {
    let id = id_of_note(&item.name?)?;
    Some(Label::read(&item.metadata?.values?)?.note(id))
}

fn unlabelled(object: impl Into<String>) -> Fault {
    Fault::permanent(object, "the metadata of its blob was altered")
}

impl fmt::Debug for AzureQuarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AzureQuarantine({})", self.container.url())
    }
}
