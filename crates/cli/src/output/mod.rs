//! Output of commands: text, tables, JSON and progress.

pub(crate) mod human;
pub(crate) mod items;
pub(crate) mod json;
mod lines;
pub(crate) mod progress;
pub(crate) mod section;
pub(crate) mod session;
pub(crate) mod table;

pub use lines::{ask, note, say, say_aside};
