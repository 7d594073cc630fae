//! Storage emulator Azurite for tests and local development: installed from its lock file on the first start, with
//! separate accounts for every test, stopped when the starting process ends.
//!
//! ```no_run
//! let account = azurite::Azurite::shared()?.account()?;
//! println!("{} takes the key {} at {}", account.name, account.key, account.blob_url);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod emulator;
mod free_port;
mod install;
mod keeper;
mod options;
mod start_error;

pub use account::{Account, NoAccountLeft};
pub use emulator::Azurite;
pub use free_port::free_port;
pub use install::installed;
pub use options::{Certificate, EmulatorPorts, Options};
pub use start_error::EmulatorError;
