//! `archivist retention`: what is due, and what is done about it.

mod approve;
mod plan;
mod run;
mod view;

use clap::Subcommand;

use crate::{CliError, Exit, WorkContext};

pub use approve::ApproveArgs;
pub use plan::PlanArgs;
pub use run::RunArgs;

/// What to do about what is due.
#[derive(Debug, Clone, Subcommand)]
pub enum RetentionCommand {
    /// Show what is due and what a sweep would do about it. Exit code 1 where a plan waits for a person, or where the clock
    /// of this machine is wrong.
    Plan(PlanArgs),
    /// Make one retention sweep now: warn of what is due, and delete what may go.
    ///
    /// Where the policy is not enforced nothing is warned of or deleted: a dry run. Interrupted, the same command goes on.
    Run(RunArgs),
    /// Allow a plan that was stopped for its size, or recordings under review. The leave counts for seven days.
    Approve(ApproveArgs),
}

impl RetentionCommand {
    /// Whether it deletes and tags, and not only plans.
    pub(crate) fn sweeps(&self) -> bool {
        matches!(self, Self::Run(_))
    }
}

pub(crate) async fn run(command: &RetentionCommand, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    match command {
        RetentionCommand::Plan(args) => plan::run(args, context).await,
        RetentionCommand::Run(args) => run::run(args, context).await,
        RetentionCommand::Approve(args) => approve::run(args, context).await,
    }
}

const NO_POLICY: &str =
    "the configuration has no section retention, so nothing ever expires; add one to archivist.yaml";

/// The line that allows a plan.
fn approving(digest: &str) -> String {
    format!("archivist retention approve {digest}")
}
