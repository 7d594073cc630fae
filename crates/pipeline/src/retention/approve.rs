//! Approves a retention plan on behalf of a person.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::policy::retention::Disposition;
use domain::record::blob::whole_second;
use domain::record::hold::Actor;
use domain::record::ledger::{LedgerEvent, LedgerFact};
use domain::record::retention::{APPROVED_FOR, Approval};
use futures_util::future::BoxFuture;

use super::plan::{Move, PlanForm, PlanKind, Planned, next_move, plan_key};
use crate::deletion_clock::DeletionClock;
use crate::disposals::Disposals;
use crate::entries::UpdateEntries;
use crate::ports::{Catalogue, Checkpoints, Fault};
use crate::record::AppendLedger;
use crate::retention::PlanRetention;
use crate::stored::checkpoint::{decode, encode};
use crate::time::TimeSource;

/// Result of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approved {
    /// Recordings the next run may delete.
    pub recordings: u64,
}

/// Reason to reject an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotApproved {
    /// No plan has this id.
    Unknown,
    /// The recordings due for deletion have changed since the plan.
    Changed {
        /// Recordings in the approved plan.
        was: u64,
        /// Recordings in the current plan.
        now: u64,
    },
}

/// Approves the deletions of a plan.
pub struct ApprovePlan {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) ledger_queue: Arc<AppendLedger>,
    pub(crate) deletion_clock: Arc<DeletionClock>,
    pub(crate) entries: Arc<UpdateEntries>,
    pub(crate) retention_plans: Arc<PlanRetention>,
}

impl ApprovePlan {
    /// Approves the recordings of the plan with this id (`digest`), if they are unchanged. The approval is valid for
    /// seven days.
    ///
    /// After an interruption, the same call continues. Returns an error if the clock is wrong.
    pub fn approve<'a>(
        &'a self,
        digest: &'a str,
        by: &'a Actor,
    ) -> BoxFuture<'a, Result<Result<Approved, NotApproved>, Fault>> {
        Box::pin(async move {
            let now = self.deletion_clock.trusted_now().await?;
            let kept = self.kept_plan(digest).await?;
            // Also try the current time: the plan may be due again, or not stored by any run yet.
            let (mut found, mut planned) = (None, Planned::default());
            for as_of in kept.iter().map(|form| form.as_of).chain([now]) {
                planned = self.retention_plans.plan_but(as_of, Some(digest)).await?;
                found = planned.find(digest).map(|(plan, kind)| (plan.clone(), kind, as_of));
                if found.is_some() {
                    break;
                }
            }
            let Some((plan, kind, as_of)) = found else {
                return Ok(Err(kept.map_or(NotApproved::Unknown, |form| changed(&form, &planned))));
            };
            // Store the plan before any approval, so an interrupted call can continue.
            let (form, version) = self.retention_plans.keep_plan(&plan, kind, None, as_of).await?;
            if let Some(version) = version {
                let allowed =
                    PlanForm { allowed: form.allowed + 1, approved_at: Some(now), is_announced: false, ..form };
                // After a lost race, the concurrent run has renewed the plan.
                self.checkpoints.save(&plan_key(digest), Some(version), &encode(&allowed)?).await?;
            }
            let by = by.shown();
            let until = now.saturating_add(APPROVED_FOR).unwrap_or(now);
            let what = LedgerEvent::RetentionApproved { plan: digest.to_owned(), by: by.clone(), count: plan.count };
            self.ledger_queue.record(&LedgerFact::new(whole_second(now), what)).await?;
            let approval = Approval { plan: digest.to_owned(), by, until };
            let wanted = if kind == PlanKind::Review { Move::Review } else { Move::Delete };
            let mut approved = Approved { recordings: 0 };
            let mut disposals = Disposals::until(as_of, &*self.catalogue);
            while let Some(page) = disposals.next().await? {
                for due in page {
                    let Some(loaded) = self.catalogue.lives_of(due.id).await? else {
                        continue;
                    };
                    let Some(entry) = loaded.lives.entry(due.id) else { continue };
                    if next_move(entry, as_of, now, Some(digest)) != Some(wanted) {
                        continue;
                    }
                    let (bastion, planned) = (entry.bastion.clone(), Disposition::from_entry(entry));
                    let Some(planned) = planned else { continue };
                    let command = EntryCommand::Approve { approval: approval.clone(), planned };
                    let changed = self.entries.command(loaded, &bastion, (due.id, command)).await?;
                    let given = changed.and_then(|entry| entry.custody.disposal?.approval);
                    approved.recordings += u64::from(given.as_ref() == Some(&approval));
                }
            }
            Ok(Ok(approved))
        })
    }

    async fn kept_plan(&self, digest: &str) -> Result<Option<PlanForm>, Fault> {
        let known = self.checkpoints.get(&plan_key(digest)).await?;
        known.map(|known| decode(&known.doc, self.time.now())).transpose()
    }
}

fn changed(form: &PlanForm, planned: &Planned) -> NotApproved {
    let plan = if form.kind == PlanKind::Review.name() {
        &planned.review
    } else {
        &planned.delete
    };
    NotApproved::Changed { was: form.count, now: plan.count }
}
