//! The bastions' audit logs: blobs that grow for an hour or longer, read on from where one stopped.
//!
//! An event tells of a log once, when it begins; from then on a timer reads on. How far a log has been read is a
//! checkpoint of its own, saved after what was read, so a crash in between reads the same again, which changes nothing.

mod junk;
mod landed;
mod listing;
mod place;
mod position;
mod read_on;
mod records;
mod round;
mod stopped;
mod tail;
mod turns;
mod watermark;

pub use landed::Landed;
pub use place::LogPlace;
pub use position::Position;
pub use read_on::ReadOn;
pub use records::{Heard, heard};
pub use tail::Tailed;
pub use watermark::Watermark;
