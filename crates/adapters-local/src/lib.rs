//! The ports on one machine: memory, SQLite, a folder, clocks.

mod driven_clock;
pub mod folder;
pub mod memory;
pub mod sqlite;
mod system_clock;

pub use driven_clock::DrivenClock;
pub use system_clock::SystemClock;
