//! Command line of the archivist, except for the servers.
//!
//! A command takes all its dependencies from its [`CommandContext`] or [`WorkContext`] and reads nothing else
//! from the environment. Results go to `out`, messages about them go to `err`. [`run_read_command`] and
//! [`run_write_command`] build these contexts from the settings. `backfill`, `config`, `evidence` and `ledger`
//! take the settings themselves.

mod arguments;
mod backfill;
mod command;
mod config;
mod context;
mod doctor;
mod error;
mod evidence;
mod exit;
mod gaps;
mod hold;
mod init;
mod ledger;
mod notify;
mod output;
mod policy;
mod policy_commands;
mod read_commands;
mod recordings;
mod replay;
mod report;
mod retention;
mod review;
mod sessions;
mod stores;
mod work;
mod write_commands;

pub use arguments::{ExportFormat, ExportFormatArgs, FormatArgs, IdArg, OutputFormat, PagingArgs, TimeArg, parse_zone};
pub use backfill::{BackfillArgs, run as run_backfill};
pub use command::{CliCommand, run};
pub use config::{ConfigCommand, run as run_config};
pub use context::{CommandContext, Terminal};
pub use doctor::DoctorArgs;
pub use error::CliError;
pub use evidence::{EvidenceCommand, ExportEvidenceArgs, VerifyEvidenceArgs, run as run_evidence};
pub use exit::Exit;
pub use gaps::GapsArgs;
pub use hold::{HoldCommand, ListHoldsArgs, PlaceArgs, ReleaseArgs, ScopeArgs};
pub use init::{InitArgs, InitContext, run as run_init_command, run_init};
pub use ledger::{LedgerCommand, run as run_ledger};
pub use notify::{EnableArgs, NotifyCommand, PreviewArgs, RouteArgs, TestChannelArgs};
pub use output::{note, say};
pub use policy::{
    ExplainArgs, LifecycleArgs, PolicyCheckArgs, PolicyCommand, PolicyContext, SchemaArgs, TestArgs, run as run_policy,
};
pub use policy_commands::run as run_policy_command;
pub use read_commands::run_read_command;
pub use recordings::{ExportArgs, Filters, ListArgs, RecordingsCommand, ShowArgs};
pub use replay::{DeadLettersArgs, ReplayArgs, ReplayCommand};
pub use report::{CoverageArgs, ReportCommand, ReportFormat};
pub use retention::{ApproveArgs, PlanArgs, RetentionCommand, RunArgs};
pub use review::{ListReviewsArgs, MarkArgs, ReviewArgs, ReviewCommand};
pub use sessions::{DisconnectArgs, ExportSessionsArgs, ListSessionsArgs, SessionsCommand, ShowSessionArgs};
pub use stores::{refuse_other_policy, strange_stores};
pub use work::{Ask, WorkContext};
pub use write_commands::{MakeIntake, run_work, run_write_command};
