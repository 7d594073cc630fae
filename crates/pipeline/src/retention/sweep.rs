//! Runs retention: re-evaluates verdicts, sends warnings, and deletes within the limits.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::decide::context::Rules;
use domain::policy::retention::Policy;
use domain::record::notification::{Event, Notification, NotificationFact};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::counting::Counting;
use super::plan::{Aborted, DeletionPlan, Move, PlanForm, PlanKind, Planned, plan_key};
use crate::deadline::MayGoOn;
use crate::deletion_clock::DeletionClock;
use crate::deliver::NotificationOutbox;
use crate::disposals::Disposals;
use crate::effects::CurrentTags;
use crate::entries::UpdateEntries;
use crate::hold::AnnounceHolds;
use crate::listings::ContainerListings;
use crate::ports::{Catalogue, Checkpoints, Due, Fault, Loaded};
use crate::retention::{PlanRetention, ReapplyVerdicts};
use crate::stored::checkpoint::encode;

/// Result of one run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RetentionRun {
    /// Due recordings by planned action.
    pub planned: Planned,
    /// Entries with a new verdict after a change of policy or holds.
    pub in_step: usize,
    /// Recordings newly marked with a warning.
    pub marked: u64,
    /// Recordings with a new deletion order.
    pub ordered: u64,
    /// Reason nothing was deleted without an approval.
    pub aborted: Option<Aborted>,
    /// Failures; a later run retries them.
    pub failed: u64,
    /// True if the run ended early; the next one continues.
    pub unfinished: bool,
    /// True if the run ended early because another sweep is running.
    pub is_overtaken: bool,
}

/// Marks and deletes recordings that are due.
pub struct RunRetention {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) deletion_clock: Arc<DeletionClock>,
    pub(crate) listings: Arc<ContainerListings>,
    pub(crate) current_tags: Arc<CurrentTags>,
    pub(crate) entries: Arc<UpdateEntries>,
    pub(crate) hold_news: Arc<AnnounceHolds>,
    pub(crate) retention_plans: Arc<PlanRetention>,
    pub(crate) verdicts: Arc<ReapplyVerdicts>,
}

impl RunRetention {
    /// Runs the retention sweep once. Without enforcement, plans and reports only, and changes no entry except for its
    /// verdict.
    ///
    /// The run checks `may_go_on` between pages, so it ends before its invocation does. Returns an error if the clock
    /// is wrong.
    pub fn run_retention<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<RetentionRun, Fault>> {
        Box::pin(async move {
            let mut retained = RetentionRun::default();
            self.hold_news.announce_holds().await;
            // Apply holds even without a policy: a foreign lifecycle rule may test their tag.
            let mut stepped = self.verdicts.reapply_verdicts(self.rules.retention.as_deref(), may_go_on).await?;
            (retained.in_step, retained.unfinished) = (stepped.changed, stepped.unfinished);
            retained.is_overtaken = stepped.is_overtaken;
            retained.failed += stepped.failed;
            // Verdicts depend only on policy and holds; all later steps need a trusted clock.
            let now = self.deletion_clock.trusted_now().await?;
            self.retention_plans.remove_outdated_plans(now).await;
            let Some(policy) = self.rules.retention.clone() else {
                return Ok(retained);
            };
            let (mut as_of, mut last) = (now, None);
            if let Some((begun, planned, counted)) = stepped.applied.counting.as_ref().and_then(Counting::read) {
                (as_of, last, retained.planned) = (begun, Some(counted), planned);
            }
            let stopped_at = self.look_over(&policy, as_of, last, may_go_on, &mut retained).await?;
            let counting = stopped_at.map(|last| Counting::at(as_of, last, &retained.planned));
            self.verdicts.keep_counting(&mut stepped, counting).await?;
            if stopped_at.is_some() {
                retained.unfinished = true;
                return Ok(retained);
            }
            if !policy.enforce {
                return Ok(retained);
            }
            if retained.planned.review.count > 0 {
                self.retention_plans.keep_plan(&retained.planned.review, PlanKind::Review, None, as_of).await?;
            }
            retained.aborted = self.stopped(&retained.planned.delete).await?;
            if let Some(aborted) = &retained.aborted {
                self.announce_aborted(&retained.planned.delete, aborted, as_of).await?;
            } else {
                self.carry_out_plan(&policy, as_of, may_go_on, &mut retained).await?;
            }
            self.keep_run(&retained, as_of).await;
            Ok(retained)
        })
    }

    /// Counts the due recordings, continuing after the last counted one. With enforcement, carries out the actions
    /// without limits: warnings and approved deletions. Returns the last recording if the deadline passed, or `None` at
    /// the end.
    async fn look_over(
        &self,
        policy: &Policy,
        as_of: Timestamp,
        mut last: Option<Due>,
        may_go_on: MayGoOn<'_>,
        retained: &mut RetentionRun,
    ) -> Result<Option<Due>, Fault> {
        let mut disposals = Disposals::until(as_of, &*self.catalogue).behind(last);
        let mut is_first = true;
        while let Some(page) = disposals.next().await? {
            if !std::mem::take(&mut is_first) && !may_go_on() {
                return Ok(last);
            }
            last = page.last().copied();
            for due in page {
                let failed = retained.planned.failed;
                let counted = self.retention_plans.count(due, as_of, None, &mut retained.planned).await;
                retained.failed += retained.planned.failed - failed;
                if let Some((loaded, step @ (Move::Mark | Move::DeleteApproved))) = counted.filter(|_| policy.enforce) {
                    self.act_on(due, loaded, step, retained).await;
                }
            }
        }
        Ok(None)
    }

    /// Deletes at most the counted recordings; later due ones wait for the next run.
    async fn carry_out_plan(
        &self,
        policy: &Policy,
        as_of: Timestamp,
        may_go_on: MayGoOn<'_>,
        retained: &mut RetentionRun,
    ) -> Result<(), Fault> {
        let mut room = retained.planned.delete.count.min(u64::from(policy.limits.max_deletes_per_run));
        let mut disposals = Disposals::until(as_of, &*self.catalogue);
        let mut is_first = true;
        while room > 0
            && let Some(page) = disposals.next().await?
        {
            if !std::mem::take(&mut is_first) && !may_go_on() {
                retained.unfinished = true;
                break;
            }
            for due in page {
                // Failures were counted before.
                let found = self.retention_plans.next_move_of(due, as_of, None).await;
                if let Ok(Some((loaded, step @ Move::Delete))) = found
                    && room > 0
                {
                    // Count the attempt before it is made, so a run never deletes more than its limit.
                    room -= 1;
                    self.act_on(due, loaded, step, retained).await;
                }
            }
        }
        Ok(())
    }

    async fn act_on(&self, due: Due, loaded: Loaded, step: Move, retained: &mut RetentionRun) {
        if let Err(fault) = self.try_act_on(due, loaded, step, retained).await {
            retained.failed += 1;
            tracing::warn!(recording = %due.id, %fault, "due recording stays for the next run");
        }
    }

    async fn try_act_on(
        &self,
        due: Due,
        mut loaded: Loaded,
        step: Move,
        retained: &mut RetentionRun,
    ) -> Result<(), Fault> {
        let Some(entry) = loaded.lives.entry(due.id) else { return Ok(()) };
        let bastion = entry.bastion.clone();
        if step == Move::Mark {
            let marked = self.entries.command(loaded, &bastion, (due.id, EntryCommand::Mark)).await?;
            retained.marked += u64::from(marked.is_some_and(|entry| entry.custody.disposal.is_some()));
            return Ok(());
        }
        if let Some(seen) = self.current_tags.with_todays_tags(entry).await? {
            let command = EntryCommand::TakeTags { revision: seen.revision, seen: seen.tags };
            self.entries.command(loaded, &bastion, (due.id, command)).await?;
            let Some(anew) = self.catalogue.lives_of(due.id).await? else {
                return Ok(());
            };
            loaded = anew;
        }
        let command = if step == Move::DeleteApproved {
            EntryCommand::DisposeApproved
        } else {
            EntryCommand::Dispose
        };
        let ordered = self.entries.command(loaded, &bastion, (due.id, command)).await?;
        let order = ordered.and_then(|entry| entry.custody.disposal?.order);
        retained.ordered += u64::from(order.is_some());
        Ok(())
    }

    /// Returns the reason a run does not carry out this plan without an approval.
    pub async fn stopped(&self, plan: &DeletionPlan) -> Result<Option<Aborted>, Fault> {
        let Some(policy) = self.rules.retention.as_deref() else {
            return Ok(None);
        };
        let mut counted = BTreeMap::new();
        for container in plan.by_container.keys() {
            counted.insert(container.clone(), self.listings.count_of(container).await?);
        }
        Ok(plan.exceeds(&policy.limits, &counted))
    }

    /// Announces a plan beyond the limits, once per plan.
    async fn announce_aborted(&self, plan: &DeletionPlan, aborted: &Aborted, as_of: Timestamp) -> Result<(), Fault> {
        let (form, version) = self.retention_plans.keep_plan(plan, PlanKind::Delete, Some(aborted), as_of).await?;
        if form.is_announced {
            return Ok(());
        }
        let occurrence = if form.allowed == 0 {
            String::new()
        } else {
            format!("after leave {}", form.allowed)
        };
        self.outbox
            .hand_over(&Notification {
                subject: "retention".to_owned(),
                facts: vec![
                    NotificationFact::text("reason", aborted.to_string()),
                    NotificationFact::text("plan", &plan.digest),
                    NotificationFact::number("recordings", plan.count),
                    NotificationFact::number("size_bytes", plan.bytes),
                    NotificationFact::text("approve_with", format!("archivist retention approve {}", plan.digest)),
                ],
                ..Notification::new(&plan.digest, Event::RetentionAborted, &occurrence, as_of)
            })
            .await?;
        let announced = encode(&PlanForm { is_announced: true, ..form })?;
        match version {
            Some(version) => self.checkpoints.save(&plan_key(&plan.digest), Some(version), &announced).await.map(drop),
            // After a lost race, the other process announces the plan with the same id.
            None => Ok(()),
        }
    }
}
