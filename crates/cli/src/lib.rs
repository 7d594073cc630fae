//! Command line of the archivist, except for the servers.
//!
//! A command takes all its dependencies from its [`CommandContext`] and reads nothing else from the
//! environment. Results go to `out`, messages about them go to `err`.

mod command;
mod context;
mod doctor;
mod error;
mod exit;
mod gaps;
mod hold;
mod notify;
mod output;
mod policy;
mod recordings;
mod replay;
mod retention;
mod sessions;
mod work;

pub use command::{Command, run};
pub use context::{CommandContext, Terminal};
pub use doctor::DoctorArgs;
pub use error::CliError;
pub use exit::Exit;
pub use gaps::GapsArgs;
pub use hold::{HoldCommand, ListHoldsArgs, PlaceArgs, ReleaseArgs, ScopeArgs};
pub use notify::{EnableArgs, NotifyCommand, PreviewArgs, RouteArgs, TestChannelArgs};
pub use policy::{
    CheckArgs, ExplainArgs, LifecycleArgs, PolicyCommand, PolicyContext, SchemaArgs, TestArgs, run as run_policy,
};
pub use recordings::{ExportArgs, ExportFormat, Filters, ListArgs, RecordingsCommand, ShowArgs};
pub use replay::{DeadLettersArgs, ReplayArgs, ReplayCommand};
pub use retention::{ApproveArgs, PlanArgs, RetentionCommand, RunArgs};
pub use sessions::{DisconnectArgs, ListSessionsArgs, SessionsCommand, ShowSessionArgs};
pub use work::{Ask, WorkContext, run_work};
