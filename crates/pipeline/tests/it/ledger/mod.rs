//! The ledger holds every appended fact and reveals every change of its content.

mod appending;
mod crowd;
mod deaf;
mod forms;
mod recordings;
mod verifying;
mod world;
