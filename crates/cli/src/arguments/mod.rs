//! Kinds of arguments that several commands share.

pub(crate) mod format;
mod hash;
pub(crate) mod id;
pub(crate) mod known;
pub(crate) mod text;
pub(crate) mod time;
mod tunnel;

pub(crate) use format::ItemFormat;
pub use format::{ExportFormat, ExportFormatArgs, FormatArgs, OutputFormat, PagingArgs};
pub(crate) use hash::parse_hash;
pub use id::IdArg;
pub use time::{TimeArg, parse_zone};
pub use tunnel::TunnelArg;
