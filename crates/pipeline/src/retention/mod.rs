//! Applies the retention policy: verdicts follow policy and holds, and due recordings are deleted in steps and within
//! limits.

mod applied_policy;
mod approve;
mod assign;
mod counting;
mod kept;
mod outdated;
mod plan;
mod runs;
mod step;
mod sweep;
pub use applied_policy::ReapplyVerdicts;
pub use approve::ApprovePlan;
pub use assign::AssignClass;
pub use plan::PlanRetention;
pub use step::ReapplyPolicy;
pub use sweep::RunRetention;

#[cfg(test)]
pub(crate) use applied_policy::AppliedPolicy;
#[cfg(test)]
pub(crate) use plan::PlanForm;
#[cfg(test)]
pub(crate) use runs::RunsForm;

pub use approve::{Approved, NotApproved};
pub use assign::{Assigned, NotAssigned};
pub use kept::{WaitingPlan, waiting_plans};
pub use plan::{Aborted, DeletionPlan, Named, PlanKind, Planned};
pub use runs::{PastRun, past_runs};
pub use step::{OutOfStep, Reapplied};
pub use sweep::RetentionRun;
