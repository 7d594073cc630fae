//! One life of a blob name: what was heard of it and what was seen of it.

use jiff::Timestamp;

use super::marks::Marks;
use crate::blob::{BlobProperties, Happening, whole_second};

/// The blob as it was when last looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// From when on events belong to this life: its creation time, or the time of an event known to be of
    /// this very content where the clocks of storage disagree. It never changes, so it tells lives apart.
    pub born: Timestamp,
    /// What the blob told.
    pub properties: BlobProperties,
}

/// Everything known of one life.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Life {
    /// The events heard.
    pub marks: Marks,
    /// The blob as last seen.
    pub sighting: Option<Sighting>,
}

impl Life {
    /// When the blob came to be: as the blob says, or else the first write heard of. Whole seconds.
    pub fn created_at(&self) -> Option<Timestamp> {
        let seen = self.sighting.as_ref().map(|sighting| sighting.properties.created_at);
        seen.or_else(|| self.marks.first_write_at()).map(whole_second)
    }

    /// When the content was last written: the later of what was seen and what was heard. Whole seconds.
    pub fn last_modified(&self) -> Option<Timestamp> {
        let heard = self.marks.writes().next_back().map(|event| whole_second(event.at));
        match &self.sighting {
            Some(sighting) if self.saw_last_write() => Some(sighting.properties.last_modified),
            Some(sighting) => heard.max(Some(sighting.properties.last_modified)),
            None => heard,
        }
    }

    /// Whether anything is known to have been written: a recording is begun empty.
    pub fn has_content(&self) -> bool {
        self.size().is_some_and(|size| size > 0)
    }

    /// The size of the content in bytes, after the last write known.
    pub fn size(&self) -> Option<u64> {
        self.last_write(
            |properties| properties.size,
            |what| match what {
                Happening::Written { size, .. } => Some(*size),
                _ => None,
            },
        )
    }

    /// The version of the content, after the last write known.
    pub fn etag(&self) -> Option<crate::blob::ETag> {
        self.last_write(
            |properties| properties.etag.clone(),
            |what| match what {
                Happening::Written { etag, .. } => etag.clone(),
                _ => None,
            },
        )
    }

    /// The access tier, as last seen.
    pub fn tier(&self) -> Option<&str> {
        self.sighting.as_ref()?.properties.tier.as_deref()
    }

    /// When the life was closed by a delete, in whole seconds.
    pub fn deleted_at(&self) -> Option<Timestamp> {
        self.marks.deletion().map(|event| whole_second(event.at))
    }

    /// How many of the writes heard of came after the content that was last seen.
    pub(super) fn writes_after_sighting(&self) -> usize {
        let seen = self.sighting.as_ref().map(|sighting| sighting.properties.last_modified);
        self.marks.writes().filter(|event| seen.is_none_or(|seen| whole_second(event.at) > seen)).count()
    }

    /// Whether the sighting is at least as new as every write heard of.
    fn saw_last_write(&self) -> bool {
        let Some(sighting) = &self.sighting else { return false };
        self.marks.writes().next_back().is_none_or(|last| {
            let same =
                matches!(&last.what, Happening::Written { etag: Some(etag), .. } if *etag == sighting.properties.etag);
            same || whole_second(last.at) <= sighting.properties.last_modified
        })
    }

    fn last_write<T>(&self, seen: impl Fn(&BlobProperties) -> T, heard: impl Fn(&Happening) -> Option<T>) -> Option<T> {
        let sighting = self.sighting.as_ref().map(|sighting| seen(&sighting.properties));
        let event = || self.marks.writes().next_back().and_then(|event| heard(&event.what));
        if self.saw_last_write() { sighting } else { event().or(sighting) }
    }
}
