//! `archivist retention`: plans, runs and approves deletions.

mod approve;
mod plan;
mod run;
mod view;

use clap::Subcommand;

use crate::{CliError, Exit, WorkContext};

pub use approve::ApproveArgs;
pub use plan::PlanArgs;
pub use run::RunArgs;

/// Subcommands of `retention`.
#[derive(Debug, Clone, Subcommand)]
pub enum RetentionCommand {
    /// Show which recordings are due and what a sweep would do. Exit code 1 if a plan waits for approval,
    /// if a due recording could not be read, or if the clock of this machine is wrong.
    Plan(PlanArgs),
    /// Run one retention sweep now: warn of due recordings, and delete those cleared for deletion.
    ///
    /// If the policy is not enforced, this is a dry run without warnings or deletions. After an
    /// interruption, the same command continues.
    Run(RunArgs),
    /// Approve a plan stopped for its size, or recordings under review. Valid for seven days.
    Approve(ApproveArgs),
}

impl RetentionCommand {
    /// Returns true if the command tags and deletes, not only plans.
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

/// Command line to approve a plan.
fn approving(digest: &str) -> String {
    format!("archivist retention approve {digest}")
}
