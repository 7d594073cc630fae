//! Observable changes of a day: storage events, blobs and audit log appends.

use domain::address::BlobAddress;
use domain::record::blob::{BlobEvent, BlobProperties};
use jiff::Timestamp;

/// A change that becomes visible at a certain time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Time of the change.
    pub at: Timestamp,
    /// The change.
    pub what: Arriving,
}

/// Kind of a visible change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arriving {
    /// Event Grid delivers a blob event: late, twice, or out of order. A lost delivery has no arrival.
    Event {
        /// Blob of the recording.
        address: BlobAddress,
        /// Content of the event.
        event: BlobEvent,
    },
    /// A recording was created or rewritten; the container now has a blob with these properties.
    BlobPresent {
        /// Blob of the recording.
        address: BlobAddress,
        /// Blob properties as storage returns them.
        properties: BlobProperties,
    },
    /// The container no longer has a blob of this name.
    BlobGone {
        /// Blob of the recording.
        address: BlobAddress,
    },
    /// Bytes appended to an hour's audit log. The first append creates the blob. An append may end inside a record.
    LogAppended {
        /// Append blob of the log.
        address: BlobAddress,
        /// Appended bytes.
        bytes: Vec<u8>,
    },
}
