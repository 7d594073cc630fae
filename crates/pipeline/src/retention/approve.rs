//! A person allows a plan.

use domain::blob::whole_second;
use domain::catalogue::Command;
use domain::hold::Actor;
use domain::ledger::{Fact, What};
use domain::retention::Approval;
use jiff::SignedDuration;

use super::plan::{Move, PAGE, Plan, PlanForm, PlanKind, next_move, plan_key};
use crate::archivist::Archivist;
use crate::ports::{Due, Fault};
use crate::stored::checkpoint::decode;

/// How long a person's leave counts.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What came of allowing a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approved {
    /// Recordings that may go now, at the next run.
    pub recordings: u64,
}

/// Why a plan cannot be allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotApproved {
    /// No plan has this digest.
    Unknown,
    /// What would go is no longer what the plan says.
    Changed {
        /// How many recordings the plan had.
        was: u64,
        /// How many it would have now.
        now: u64,
    },
}

impl Archivist {
    /// Allows the recordings of a plan to go, if they are still the same. The leave counts for seven days. Called again,
    /// it goes on where it was interrupted.
    pub async fn approve(&self, digest: &str, by: &Actor) -> Result<Result<Approved, NotApproved>, Fault> {
        let Some(form) = self.kept_plan(digest).await? else {
            return Ok(Err(NotApproved::Unknown));
        };
        let planned = self.plan_but(form.as_of, Some(digest)).await?;
        let is_review = form.kind == PlanKind::Review.name();
        let plan = if is_review { planned.review } else { planned.delete };
        if plan.digest != digest {
            return Ok(Err(NotApproved::Changed { was: form.count, now: plan.count }));
        }
        let (by, now) = (by.shown(), self.ports.clock.now());
        let until = now.saturating_add(VALID_FOR).unwrap_or(form.as_of);
        let what = What::RetentionApproved { plan: digest.to_owned(), by: by.clone(), count: plan.count };
        self.record(&Fact::new(whole_second(now), what)).await?;
        let approval = Approval { plan: digest.to_owned(), by, until };
        let wanted = if is_review { Move::Review } else { Move::Delete };
        let (mut approved, mut last) = (Approved { recordings: 0 }, None::<Due>);
        loop {
            let page = self.ports.catalogue.disposals(form.as_of, last.as_ref(), PAGE).await?;
            let Some(end) = page.last().copied() else { return Ok(Ok(approved)) };
            for due in page {
                let Some(loaded) = self.ports.catalogue.lives_of(due.id).await? else {
                    continue;
                };
                let Some(entry) = loaded.lives.entry(due.id) else { continue };
                if next_move(entry, form.as_of, Some(digest)) != Some(wanted) {
                    continue;
                }
                let bastion = entry.bastion.clone();
                let changed = self.command(loaded, &bastion, (due.id, Command::Approve(approval.clone()))).await?;
                let given = changed.and_then(|entry| entry.custody.disposal?.approval);
                approved.recordings += u64::from(given.as_ref() == Some(&approval));
            }
            last = Some(end);
        }
    }

    /// The plan that a run has kept under this digest, or else the one that there is now.
    async fn kept_plan(&self, digest: &str) -> Result<Option<PlanForm>, Fault> {
        if let Some(known) = self.ports.checkpoints.get(&plan_key(digest)).await? {
            return decode(&known.doc).map(Some);
        }
        let now = self.ports.clock.now();
        let planned = self.plan(now).await?;
        let is_meant = |plan: &Plan| plan.count > 0 && plan.digest == digest;
        let found = [(&planned.delete, PlanKind::Delete), (&planned.review, PlanKind::Review)];
        let Some((plan, kind)) = found.into_iter().find(|(plan, _)| is_meant(plan)) else {
            return Ok(None);
        };
        // Kept before anything is allowed, so that whoever is interrupted can go on.
        self.keep_plan(plan, kind, now).await?;
        let kept = self.ports.checkpoints.get(&plan_key(digest)).await?;
        kept.map(|kept| decode(&kept.doc)).transpose()
    }
}
