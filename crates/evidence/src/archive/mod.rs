//! ZIP framing in its one canonical form: stored files, fixed times and attributes, Zip64 fields for every size.

mod format;
mod reader;
mod writer;

pub(crate) use format::FileFrame;
pub(crate) use reader::{ArchiveReader, ContentSum, NextFile};
pub use writer::{BundleWriter, FileSum};

/// Maximum number of files in a bundle.
pub const MOST_FILES: usize = 250_000;
