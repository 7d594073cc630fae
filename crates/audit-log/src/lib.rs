//! Reads the bastion's audit log as it grows, a chunk at a time.
//!
//! Pure: bytes in, records out. A [`Reader`] takes chunks cut anywhere and gives what it finds, in order. Its
//! [`consumed`](Reader::consumed) offset is the checkpoint: a new reader that starts there with the bytes that follow
//! goes on as if nothing had happened, also in the middle of an array or of `{"records":[…]}`.
//!
//! Between records nothing has to be remembered: blanks, commas, brackets, byte order marks and the head of
//! `{"records":[…]}` are separators wherever they stand. That is what makes the checkpoint a single number.
//!
//! A record that stands whole in a chunk is decoded in one pass, and borrows from it. Everything else, the end of a
//! chunk and what is broken, goes byte by byte through `scan`, which decides where a piece ends.

mod decode;
mod feed;
mod field;
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

pub use feed::Feed;
pub use found::{Item, Reason, Rejected};
pub use length::Length;
pub use moment::Moment;
pub use reader::{OBJECT_LIMIT, PIECE_LIMIT, RECORD_LIMIT, Reader};
pub use record::Record;
pub use scan::MAX_DEPTH;
