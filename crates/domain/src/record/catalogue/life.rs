//! Events and observations of one life of a blob name.

use jiff::Timestamp;

use super::blob_events::BlobEvents;
use crate::record::blob::{BlobProperties, ETag, Happening, whole_second};

/// Last observation of the blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Time from which events belong to this life: the creation time, or an earlier event known to be of this content
    /// if the clocks of storage disagree. It never changes, so it identifies the life.
    pub epoch_start: Timestamp,
    /// Properties read from the blob.
    pub properties: BlobProperties,
}

/// Events and last observation of one life.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Life {
    /// Received events.
    pub blob_events: BlobEvents,
    /// Last observation of the blob.
    pub observation: Option<Observation>,
}

impl Life {
    /// Returns the creation time from the observation, else the first write event. Whole seconds.
    pub fn created_at(&self) -> Option<Timestamp> {
        let seen = self.observation.as_ref().map(|observation| observation.properties.created_at);
        seen.or_else(|| self.blob_events.first_write_at()).map(whole_second)
    }

    /// Returns the later of the observed and the received last write. Whole seconds.
    pub fn last_modified(&self) -> Option<Timestamp> {
        let received = self.blob_events.writes().next_back().map(|event| whole_second(event.at));
        match &self.observation {
            Some(observation) if self.saw_last_write() => Some(observation.properties.last_modified),
            Some(observation) => received.max(Some(observation.properties.last_modified)),
            None => received,
        }
    }

    /// Returns true if the content is known not to be empty: a recording starts as an empty blob.
    pub fn has_content(&self) -> bool {
        self.size().is_some_and(|size| size > 0)
    }

    /// Size of the content in bytes after the last known write.
    pub fn size(&self) -> Option<u64> {
        self.last_write(
            |properties| properties.size,
            |what| match what {
                Happening::Written { size, .. } => Some(*size),
                _ => None,
            },
        )
    }

    /// Size in bytes of the content with this ETag, if it is known.
    pub fn size_of(&self, etag: &ETag) -> Option<u64> {
        let seen =
            self.observation.as_ref().map(|observation| &observation.properties).filter(|seen| seen.etag == *etag);
        seen.map(|seen| seen.size).or_else(|| {
            self.blob_events.writes().find_map(|event| match &event.what {
                Happening::Written { etag: Some(known), size } if known == etag => Some(*size),
                _ => None,
            })
        })
    }

    /// Largest known size in bytes of any content.
    pub fn largest_size(&self) -> Option<u64> {
        let received = self.blob_events.writes().filter_map(|event| match &event.what {
            Happening::Written { size, .. } => Some(*size),
            _ => None,
        });
        self.observation.iter().map(|observation| observation.properties.size).chain(received).max()
    }

    /// ETag of the content after the last known write.
    pub fn etag(&self) -> Option<ETag> {
        self.last_write(
            |properties| properties.etag.clone(),
            |what| match what {
                Happening::Written { etag, .. } => etag.clone(),
                _ => None,
            },
        )
    }

    /// Access tier, as last observed.
    pub fn tier(&self) -> Option<&str> {
        self.observation.as_ref()?.properties.tier.as_deref()
    }

    /// Time of the closing delete, in whole seconds.
    pub fn deleted_at(&self) -> Option<Timestamp> {
        self.blob_events.deletion().map(|event| whole_second(event.at))
    }

    /// Returns the time of the deletion after which the content was restored. `None` if it was not.
    pub fn restored_after(&self) -> Option<Timestamp> {
        let Observation { epoch_start, properties } = self.observation.as_ref()?;
        // The life of a blob that was not restored begins with its creation, or with an earlier event.
        Some(*epoch_start).filter(|epoch_start| whole_second(*epoch_start) > properties.created_at)
    }

    /// Number of write events after the last observed content.
    pub(crate) fn writes_after_observation(&self) -> usize {
        let seen = self.observation.as_ref().map(|observation| observation.properties.last_modified);
        self.blob_events.writes().filter(|event| seen.is_none_or(|seen| whole_second(event.at) > seen)).count()
    }

    /// Returns true if the observation is at least as new as every write event.
    fn saw_last_write(&self) -> bool {
        let Some(observation) = &self.observation else { return false };
        self.blob_events.writes().next_back().is_none_or(|last| {
            let same =
                matches!(&last.what, Happening::Written { etag: Some(etag), .. } if *etag == observation.properties.etag);
            same || whole_second(last.at) <= observation.properties.last_modified
        })
    }

    fn last_write<T>(
        &self,
        seen: impl Fn(&BlobProperties) -> T,
        received: impl Fn(&Happening) -> Option<T>,
    ) -> Option<T> {
        let observation = self.observation.as_ref().map(|observation| seen(&observation.properties));
        let event = || self.blob_events.writes().next_back().and_then(|event| received(&event.what));
        if self.saw_last_write() { observation } else { event().or(observation) }
    }
}
