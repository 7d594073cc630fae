//! The commands that are not servers.
//!
//! A command gets everything it needs in its [`CommandContext`] and reads nothing else of the world. What was
//! asked for goes to `out`, everything said about it goes to `err`.

mod command;
mod context;
mod error;
mod exit;
mod gaps;
mod output;
mod recordings;
mod sessions;

pub use command::{Command, run};
pub use context::{CommandContext, Terminal};
pub use error::CliError;
pub use exit::Exit;
pub use gaps::GapsArgs;
pub use recordings::{ExportArgs, ExportFormat, Filters, ListArgs, RecordingsCommand, ShowArgs};
pub use sessions::{ListSessionsArgs, SessionsCommand, ShowSessionArgs};
