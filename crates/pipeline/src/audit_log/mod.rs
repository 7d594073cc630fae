//! Reads the audit logs of the bastions: blobs that grow for an hour or longer.
//!
//! One event announces a log when it begins; a timer reads on from there. The position in each log is a checkpoint,
//! saved after the records. A crash in between reads the same records again, which changes nothing.

mod junk;
mod landed;
mod listing;
mod logged_hours;
mod move_watermark;
mod place;
mod position;
mod read_on;
mod records;
mod round;
mod sink;
mod stopped;
mod tail;
mod turns;
pub use landed::AuditLogPositions;
pub use listing::FindAuditLogs;
pub use move_watermark::MoveWatermark;
pub use read_on::ReadAuditLog;
pub use stopped::WatchAuditLogs;
pub use tail::TailAuditLogs;

pub use landed::Landed;
pub use logged_hours::UnreadTime;
pub use place::LogPlace;
pub(crate) use place::prefixes;
pub use position::LogCheckpoint;
pub use read_on::ReadOn;
pub(crate) use read_on::bastion_of;
pub use records::{RecordFacts, record_facts};
pub(crate) use round::logged_hours;
pub use tail::Tailed;
