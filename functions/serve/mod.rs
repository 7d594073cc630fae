//! `archivist serve`: the custom handler for the Functions host.

mod collector;
mod server;
mod start;

pub use collector::collect;
pub use server::{RESTART_ME, ServeError, listen, serve};
pub use start::run;
