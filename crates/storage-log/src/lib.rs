//! Reads the resource logs of a storage account (`StorageRead`, `StorageWrite`, `StorageDelete`) as they grow.
//!
//! Pure: bytes in, records out. The framing, the checkpoints and the rejected pieces are those of the audit log's reader
//! ([`audit_log::Reader`]); this crate decodes the records. It reads the form that a diagnostic setting writes into
//! storage, and rows of the Log Analytics table `StorageBlobLogs`.
//!
//! A query of a logged address is never kept, because it may hold parts of a signature.

mod decode;
mod field;
mod object;
mod record;

pub use decode::StorageFormat;
pub use object::ObjectAddress;
pub use record::StorageRecord;

/// Reader of a storage log from an offset on.
pub type StorageLogReader = audit_log::Reader<StorageFormat>;
