//! What becomes visible from outside, one after the other.

use domain::address::BlobAddress;
use domain::blob::{BlobEvent, BlobProperties};
use jiff::Timestamp;

/// Something becomes visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Arriving,
}

/// What becomes visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arriving {
    /// The event service delivers an event of a recording: late, again, or in another order than they happened. That a
    /// delivery never arrives shows in nothing.
    Event {
        /// The recording.
        address: BlobAddress,
        /// What the event says.
        event: BlobEvent,
    },
    /// From now on a recording is in its container, with these properties: it was created, or written anew.
    BlobPresent {
        /// The recording.
        address: BlobAddress,
        /// What a look at it shows.
        properties: BlobProperties,
    },
    /// From now on no blob of this name is in the container.
    BlobGone {
        /// The recording.
        address: BlobAddress,
    },
    /// An hour's audit log grows by these bytes; with the first ones the blob comes to be. A record may be cut in two.
    LogAppended {
        /// The append blob.
        address: BlobAddress,
        /// What follows the bytes that it has.
        bytes: Vec<u8>,
    },
}
