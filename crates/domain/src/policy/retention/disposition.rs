//! Planned disposition of a recording, which a person can approve.

use jiff::civil::Date;

use crate::record::blob::ETag;
use crate::record::catalogue::Entry;
use crate::record::retention::{Custody, Retention, Then};

/// Planned disposition of one recording. An approval covers exactly this disposition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// ETag of the content.
    pub etag: ETag,
    /// Retention class.
    pub class: String,
    /// Last day of the stay. `None` if it has no end.
    pub delete_after: Option<Date>,
    /// Action after the last day.
    pub then: Then,
}

impl Disposition {
    /// Returns the disposition of an entry. `None` if none has started.
    pub fn from_entry(entry: &Entry) -> Option<Self> {
        let Custody { disposal, retention, .. } = &entry.custody;
        let (disposal, retention) = disposal.as_ref().zip(retention.as_ref())?;
        let Retention { class, delete_after, then, .. } = retention.clone();
        Some(Self { etag: disposal.etag.clone(), class, delete_after, then })
    }
}
