//! Storage accounts, as an inventory report and a folder with copies of audit logs show them.

mod blobs;
mod columns;
mod logs;
mod report;
mod rows;
mod value;

pub use blobs::InventoryBlobs;
pub use logs::LogFolder;
pub use report::{BadRow, Inventory, InventoryError};
