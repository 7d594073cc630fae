//! The ports on one machine: memory, SQLite, folders, an inventory report, clocks.

mod dead_letters;
mod driven_clock;
pub mod folder;
pub mod inventory;
mod ledger;
pub mod memory;
pub mod sqlite;
mod system_clock;

pub use dead_letters::FolderDeadLetters;
pub use driven_clock::DrivenClock;
pub use ledger::FolderLedger;
pub use system_clock::SystemClock;
