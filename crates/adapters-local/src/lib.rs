//! The ports on one machine: memory, SQLite, a folder, an inventory report, clocks.

mod driven_clock;
pub mod folder;
pub mod inventory;
pub mod memory;
pub mod sqlite;
mod system_clock;

pub use driven_clock::DrivenClock;
pub use system_clock::SystemClock;
