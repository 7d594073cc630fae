//! Counts the actions of a retention run before any of them is carried out.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::address::{BlobAddress, ContainerAddress};
use domain::digest;
use domain::named;
use domain::past::past;
use domain::policy::retention::{Limits, RetentionVerdict};
use domain::record::blob::whole_second;
use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use domain::record::retention::Then;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::disposals::Disposals;
use crate::ports::{Catalogue, CheckpointKey, CheckpointKind, Checkpoints, Due, Fault, Loaded, Version};
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode, is_zero};
use crate::time::TimeSource;

/// Entries per page.
pub(super) const PAGE: usize = 64;

/// Kind of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum PlanKind {
    /// Recordings to warn about.
    Mark,
    /// Recordings of classes with deletion.
    Delete,
    /// Recordings of classes with review by a person.
    Review,
}

named!(PlanKind: name);

/// Due recordings by planned action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Planned {
    /// Recordings past their last day, to be marked with a warning now.
    pub to_mark: DeletionPlan,
    /// Recordings to delete with an approval.
    pub approved: u64,
    /// Recordings in their grace period, which come up again.
    pub waiting: u64,
    /// Recordings to delete within the limits.
    pub delete: DeletionPlan,
    /// Recordings waiting for a review.
    pub review: DeletionPlan,
    /// Unreadable recordings.
    pub failed: u64,
}

/// Group of due recordings, approved by its plan id (`digest`) if required.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeletionPlan {
    /// Plan id: hash over the kind, and over id, ETag, class and last day of each recording in the order of due times.
    /// Independent of the process that computes it. Empty for an empty plan.
    pub digest: String,
    /// Number of recordings.
    pub count: u64,
    /// Total size in bytes.
    pub bytes: u64,
    /// Number of recordings per container.
    pub by_container: BTreeMap<ContainerAddress, u64>,
    /// First recordings, as examples.
    pub first: Vec<Named>,
}

/// Recording in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Recording id.
    pub id: RecordingId,
    /// Address of the blob.
    pub address: BlobAddress,
    /// Retention class.
    pub class: String,
    /// Last day of the retention.
    pub delete_after: Option<Date>,
    /// Size in bytes.
    pub size: Option<u64>,
}

/// Maximum number of listed recordings per plan.
const NAMED: usize = 20;

/// Reason a run deletes nothing without an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aborted {
    /// More recordings than a run may delete.
    TooMany {
        /// Recordings in the plan.
        count: u64,
        /// Maximum per run.
        limit: u32,
    },
    /// Larger share of a container than a run may delete.
    TooLargeAShare {
        /// Affected container.
        container: ContainerAddress,
        /// Recordings of the container in the plan.
        count: u64,
        /// Recordings in the container.
        of: u64,
        /// Maximum share in per cent.
        limit: u8,
    },
    /// The container was never listed, so its share is unknown.
    NotCounted(ContainerAddress),
}

/// One line for people.
impl std::fmt::Display for Aborted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooMany { count, limit } => write!(f, "{count} deletions in one run, of {limit} allowed"),
            Self::TooLargeAShare { container, count, of, limit } => {
                write!(f, "{count} of the {of} recordings in {container}, of {limit} per cent allowed")
            }
            Self::NotCounted(container) => write!(f, "{container} has not been listed, so the share is unknown"),
        }
    }
}

/// Stored form of a plan until its approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanForm {
    pub(super) schema: Schema,
    pub(super) kind: String,
    pub(super) as_of: Timestamp,
    pub(super) count: u64,
    pub(super) is_announced: bool,
    /// Number of approvals. After an approval ends unused, the plan is announced again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) allowed: u64,
    /// Time of the last approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) approved_at: Option<Timestamp>,
    /// Reason the newest run with this plan was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stopped: Option<String>,
}

impl CheckpointDocument for PlanForm {
    const WHAT: &str = "plan of deletions";

    fn without_future(self, now: Timestamp) -> Self {
        // The next run with the same plan renews a time in the future.
        let as_of = past(Some(self.as_of), now).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { as_of, approved_at: past(self.approved_at, now), ..self }
    }
}

impl PlanForm {
    /// Returns true if the plan waits for an approval: there was none, or a later run made the plan again because the
    /// approval ended unused.
    pub(super) fn is_waiting(&self) -> bool {
        self.approved_at.is_none_or(|approved_at| self.as_of > approved_at)
    }
}

/// Action of a run for one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Mark,
    Wait,
    Delete,
    /// Delete with an approval.
    DeleteApproved,
    Review,
}

/// Returns the action of a run with reference time `as_of`, or `None` if the entry is not due. Approvals must be valid
/// at `now`, independent of `as_of`. An approval under `plan` is ignored, because the plan is being approved again.
pub(super) fn next_move(entry: &Entry, as_of: Timestamp, now: Timestamp, plan: Option<&str>) -> Option<Move> {
    let retention = entry.custody.retention.as_ref()?;
    if RetentionVerdict::from_entry(entry, as_of) != RetentionVerdict::Due || !entry.state.is_there() {
        return None;
    }
    let Some(disposal) = &entry.custody.disposal else { return Some(Move::Mark) };
    let is_asked_for = disposal.approval.as_ref().is_some_and(|approval| plan == Some(approval.plan.as_str()));
    Some(match retention.then {
        _ if !entry.is_warned() || as_of < disposal.grace_until || disposal.order.is_some() => Move::Wait,
        // Even without a grace period, marking and deleting happen in separate runs.
        _ if disposal.marked_at >= whole_second(as_of) => Move::Wait,
        _ if disposal.is_approved(now) && !is_asked_for => Move::DeleteApproved,
        Then::Review => Move::Review,
        Then::Delete => Move::Delete,
        Then::Keep => return None,
    })
}

impl Planned {
    /// Returns the plan with this id and its kind, or `None` if there is none.
    pub(super) fn find(&self, digest: &str) -> Option<(&DeletionPlan, PlanKind)> {
        let mut plans = [(&self.delete, PlanKind::Delete), (&self.review, PlanKind::Review)].into_iter();
        plans.find(|(plan, _)| plan.count > 0 && plan.digest == digest)
    }
}

impl DeletionPlan {
    fn add(&mut self, kind: PlanKind, entry: &Entry) {
        let Some(retention) = &entry.custody.retention else { return };
        let etag = entry.life.etag().map(|etag| etag.as_str().to_owned()).unwrap_or_default();
        let stays_until = retention.delete_after.map(|date| date.to_string()).unwrap_or_default();
        let id = entry.id.to_string();
        let parts = [kind.name(), &self.digest, &id, &etag, &retention.class, &stays_until];
        self.digest = digest::hex(&digest::hash_parts(&parts.map(str::as_bytes)));
        self.count += 1;
        self.bytes += entry.life.size().unwrap_or_default();
        *self.by_container.entry(entry.address.container()).or_default() += 1;
        if self.first.len() < NAMED {
            self.first.push(Named {
                id: entry.id,
                address: entry.address.clone(),
                class: retention.class.clone(),
                delete_after: retention.delete_after,
                size: entry.life.size(),
            });
        }
    }

    /// Returns the exceeded limit, if any. `counted` holds the number of recordings per container, if known.
    pub fn exceeds(&self, limits: &Limits, counted: &BTreeMap<ContainerAddress, Option<u64>>) -> Option<Aborted> {
        if self.count > u64::from(limits.max_deletes_per_run) {
            return Some(Aborted::TooMany { count: self.count, limit: limits.max_deletes_per_run });
        }
        self.by_container.iter().find_map(|(container, count)| {
            let container = container.clone();
            let Some(of) = counted.get(&container).copied().flatten() else {
                return Some(Aborted::NotCounted(container));
            };
            let limit = limits.max_delete_percent;
            let is_too_much = u128::from(*count) * 100 > u128::from(of) * u128::from(limit);
            is_too_much.then_some(Aborted::TooLargeAShare { container, count: *count, of, limit })
        })
    }
}

/// Plans what a retention run would do.
pub struct PlanRetention {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) time: Arc<TimeSource>,
}

impl PlanRetention {
    /// Plans the actions of a run at `as_of`. Reads all due recordings and stores nothing. Returns an error if the due
    /// recordings cannot be listed; unreadable ones are counted.
    pub fn plan(&self, as_of: Timestamp) -> BoxFuture<'_, Result<Planned, Fault>> {
        Box::pin(async move { self.plan_but(as_of, None).await })
    }

    pub(super) async fn plan_but(&self, as_of: Timestamp, plan: Option<&str>) -> Result<Planned, Fault> {
        let mut planned = Planned::default();
        let mut disposals = Disposals::until(as_of, &*self.catalogue);
        while let Some(page) = disposals.next().await? {
            for due in page {
                self.count(due, as_of, plan, &mut planned).await;
            }
        }
        Ok(planned)
    }

    /// Counts a due recording and returns it with its action.
    pub(super) async fn count(
        &self,
        due: Due,
        as_of: Timestamp,
        plan: Option<&str>,
        planned: &mut Planned,
    ) -> Option<(Loaded, Move)> {
        let Ok(found) = self.next_move_of(due, as_of, plan).await else {
            planned.failed += 1;
            return None;
        };
        let (loaded, step) = found?;
        let entry = loaded.lives.entry(due.id)?;
        match step {
            Move::Mark => planned.to_mark.add(PlanKind::Mark, entry),
            Move::Wait => planned.waiting += 1,
            Move::Delete => planned.delete.add(PlanKind::Delete, entry),
            Move::DeleteApproved => planned.approved += 1,
            Move::Review => planned.review.add(PlanKind::Review, entry),
        }
        Some((loaded, step))
    }

    /// Loads a due recording with its action. Logs read errors.
    pub(super) async fn next_move_of(
        &self,
        due: Due,
        as_of: Timestamp,
        plan: Option<&str>,
    ) -> Result<Option<(Loaded, Move)>, Fault> {
        let loaded = self.catalogue.lives_of(due.id).await;
        let loaded =
            loaded.inspect_err(|fault| tracing::warn!(recording = %due.id, %fault, "due recording not read"))?;
        Ok(loaded.and_then(|loaded| {
            let step = next_move(loaded.lives.entry(due.id)?, as_of, self.time.now(), plan)?;
            Some((loaded, step))
        }))
    }

    /// Stores a plan for approval under its id, or renews a stored one. Returns the stored form, with the version for
    /// the next save or `None` after a lost race.
    pub(super) async fn keep_plan(
        &self,
        plan: &DeletionPlan,
        kind: PlanKind,
        stopped: Option<&Aborted>,
        as_of: Timestamp,
    ) -> Result<(PlanForm, Option<Version>), Fault> {
        let (key, stopped) = (plan_key(&plan.digest), stopped.map(ToString::to_string));
        let (form, before) = match self.checkpoints.get(&key).await? {
            Some(known) => {
                let form: PlanForm = decode(&known.doc, self.time.now())?;
                if form.as_of >= as_of {
                    return Ok((form, Some(known.version)));
                }
                // Recordings of the plan may have restarted since, and would be due at the new time only.
                (PlanForm { as_of, stopped, ..form }, Some(known.version))
            }
            None => {
                let form = PlanForm {
                    schema: Schema,
                    kind: kind.name().to_owned(),
                    as_of,
                    count: plan.count,
                    is_announced: false,
                    allowed: 0,
                    approved_at: None,
                    stopped,
                };
                (form, None)
            }
        };
        let version = self.checkpoints.save(&key, before, &encode(&form)?).await?;
        Ok((form, version))
    }
}

pub(super) fn plan_key(digest: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Plan, name: digest.to_owned() }
}
