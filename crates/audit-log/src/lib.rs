//! Reads the bastion's audit log as it grows, one chunk at a time.
//!
//! Pure: bytes in, records out. A [`Reader`] accepts chunks cut anywhere and returns their items in order. Its
//! [`consumed`](Reader::consumed) offset is the checkpoint: a new reader that starts at this offset continues without
//! loss or repetition, also in the middle of an array or of `{"records":[…]}`.
//!
//! No state is needed between records: whitespace, commas, brackets, byte order marks and the head of `{"records":[…]}`
//! are separators in any position. This is why the checkpoint is a single number.
//!
//! The framing is the same for every log of the platform: a [`LogFormat`] decodes the records of another one.
//!
//! A record that is complete in a chunk is decoded in one pass and borrows from the chunk. Everything else (the end of
//! a chunk, malformed text) goes byte by byte through `scan`, which finds the end of each piece.

mod decode;
mod feed;
mod field;
mod format;
mod found;
mod held;
mod length;
mod literal;
mod moment;
mod order;
mod reader;
mod record;
mod scan;
mod walk;

pub use decode::AuditFormat;
pub use feed::Feed;
pub use format::{DecodedObject, LogFormat, is_records_head};
pub use found::{LogItem, RejectReason, Rejected};
pub use length::Length;
pub use moment::Moment;
pub use reader::{OBJECT_LIMIT, PIECE_LIMIT, RECORD_LIMIT, Reader};
pub use record::AuditRecord;
pub use scan::MAX_DEPTH;
