//! The storage emulator Azurite, for tests and for local development: installed from its lock file on the first
//! start, with accounts of one's own for every test, gone when whoever started it is gone.
//!
//! ```no_run
//! let account = azurite::Azurite::shared()?.account()?;
//! println!("{} takes the key {} at {}", account.name, account.key, account.blob_url);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod emulator;
mod install;
mod keeper;
mod options;
mod start_error;

pub use account::{Account, NoAccountLeft};
pub use emulator::Azurite;
pub use install::installed;
pub use options::{Certificate, Options, Ports};
pub use start_error::StartError;
