//! What a run would do, counted before anything is done.

use std::collections::BTreeMap;

use domain::address::{BlobAddress, ContainerAddress};
use domain::blob::whole_second;
use domain::catalogue::Entry;
use domain::digest;
use domain::past::past;
use domain::recording_id::RecordingId;
use domain::retention::{Limits, Then, Verdict};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::disposals::Disposals;
use crate::archivist::Archivist;
use crate::ports::{CheckpointKey, CheckpointKind, Due, Fault, Loaded, Version};
use crate::stored::checkpoint::{Document, decode, encode, is_zero};

/// How many entries are read at a time.
pub(super) const PAGE: usize = 64;

/// What a plan is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanKind {
    /// Recordings of which people are warned.
    Mark,
    /// Recordings of classes that are deleted.
    Delete,
    /// Recordings of classes that a person reviews.
    Review,
}

impl PlanKind {
    /// The name in stored and shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mark => "mark",
            Self::Delete => "delete",
            Self::Review => "review",
        }
    }
}

/// What is due at a time, and what a run would do with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Planned {
    /// Recordings whose last day is over, and of which people are to be warned now.
    pub to_mark: Plan,
    /// Recordings that go now because a person allowed it.
    pub approved: u64,
    /// Recordings that are still in their grace period when looked at: they come up again.
    pub waiting: u64,
    /// Recordings that go now, if they are not too many.
    pub delete: Plan,
    /// Recordings that wait for a person.
    pub review: Plan,
    /// Recordings that could not be looked at.
    pub failed: u64,
}

/// Recordings that are due. Where a person has to allow it, they do so under its digest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What stands in it, whoever makes it: what it is of; recording, content, class and last day of each, in the order of
    /// time. Empty where nothing is.
    pub digest: String,
    /// How many recordings.
    pub count: u64,
    /// How many bytes.
    pub bytes: u64,
    /// How many of each container.
    pub by_container: BTreeMap<ContainerAddress, u64>,
    /// The first of them, for people to look at.
    pub first: Vec<Named>,
}

/// A recording of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: RecordingId,
    /// Where it is.
    pub address: BlobAddress,
    /// Its class.
    pub class: String,
    /// The last day on which it was to stay.
    pub delete_after: Option<Date>,
    /// How many bytes it has.
    pub size: Option<u64>,
}

/// How many recordings of a plan are named.
const NAMED: usize = 20;

/// Why a run deletes nothing that nobody has allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aborted {
    /// More than a run may delete.
    TooMany {
        /// What the plan has.
        count: u64,
        /// What is allowed.
        limit: u32,
    },
    /// More of one container than a run may delete.
    TooLargeAShare {
        /// The container.
        container: ContainerAddress,
        /// What the plan has of it.
        count: u64,
        /// How many recordings it has.
        of: u64,
        /// What is allowed, in per cent.
        limit: u8,
    },
    /// Nobody has counted what the container holds.
    NotCounted(ContainerAddress),
}

/// In a line, for people.
impl std::fmt::Display for Aborted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooMany { count, limit } => write!(f, "{count} deletions in one run, of {limit} allowed"),
            Self::TooLargeAShare { container, count, of, limit } => {
                write!(f, "{count} of the {of} recordings in {container}, of {limit} per cent allowed")
            }
            Self::NotCounted(container) => write!(f, "{container} has not been listed, so no share can be told"),
        }
    }
}

/// A plan as it is kept until somebody allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanForm {
    pub(super) schema: u32,
    pub(super) kind: String,
    pub(super) as_of: Timestamp,
    pub(super) count: u64,
    pub(super) is_announced: bool,
    /// How often a person has allowed it: where that leave ends unused, people hear of the plan once more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) allowed: u64,
}

impl Document for PlanForm {
    const WHAT: &str = "plan of deletions";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, kind, as_of, count, is_announced, allowed } = self;
        // One that was counted ahead of time is made anew by the run that finds the same.
        let as_of = past(Some(as_of), now).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { schema, kind, as_of, count, is_announced, allowed }
    }
}

/// What a run would do with one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Mark,
    Wait,
    Delete,
    /// A person allowed it.
    DeleteApproved,
    Review,
}

/// What a run that counts what is due `as_of` then would do with this entry. A leave must hold `now`, whenever the counting
/// began. `plan` is one whose leave is not counted: it is being asked for again.
pub(super) fn next_move(entry: &Entry, as_of: Timestamp, now: Timestamp, plan: Option<&str>) -> Option<Move> {
    let retention = entry.custody.retention.as_ref()?;
    if Verdict::of(entry, as_of) != Verdict::Due || !entry.state.is_there() {
        return None;
    }
    let Some(disposal) = &entry.custody.disposal else { return Some(Move::Mark) };
    let is_asked_for = disposal.approval.as_ref().is_some_and(|approval| plan == Some(approval.plan.as_str()));
    Some(match retention.then {
        _ if as_of < disposal.grace_until || disposal.order.is_some() => Move::Wait,
        // Without a grace, too, the run that warns is not the one that deletes.
        _ if disposal.marked_at >= whole_second(as_of) => Move::Wait,
        _ if disposal.is_approved(now) && !is_asked_for => Move::DeleteApproved,
        Then::Review => Move::Review,
        Then::Delete => Move::Delete,
        Then::Keep => return None,
    })
}

impl Planned {
    /// The plan of this digest, and what it is of. `None` where none is.
    pub(super) fn of(&self, digest: &str) -> Option<(&Plan, PlanKind)> {
        let mut plans = [(&self.delete, PlanKind::Delete), (&self.review, PlanKind::Review)].into_iter();
        plans.find(|(plan, _)| plan.count > 0 && plan.digest == digest)
    }
}

impl Plan {
    fn add(&mut self, kind: PlanKind, entry: &Entry) {
        let Some(retention) = &entry.custody.retention else { return };
        let etag = entry.life.etag().map(|etag| etag.as_str().to_owned()).unwrap_or_default();
        let stays_until = retention.delete_after.map(|date| date.to_string()).unwrap_or_default();
        let id = entry.id.to_string();
        let parts = [kind.name(), &self.digest, &id, &etag, &retention.class, &stays_until];
        self.digest = digest::hex(&digest::of(&parts.map(str::as_bytes)));
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

    /// Why a run must not do this without leave. `counted` says how many recordings each container has.
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

impl Archivist {
    /// What is due at a time and what a run would do with it. Reads everything that is due, and keeps none of it.
    pub fn plan(&self, as_of: Timestamp) -> BoxFuture<'_, Result<Planned, Fault>> {
        Box::pin(async move { self.plan_but(as_of, None).await })
    }

    pub(super) async fn plan_but(&self, as_of: Timestamp, plan: Option<&str>) -> Result<Planned, Fault> {
        let mut planned = Planned::default();
        let mut disposals = Disposals::until(as_of, &*self.ports.catalogue);
        while let Some(page) = disposals.next().await? {
            for due in page {
                self.count(due, as_of, plan, &mut planned).await;
            }
        }
        Ok(planned)
    }

    /// Counts one that is due, and gives it with what a run would do with it.
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

    /// One that is due, with what a run would do with it. What cannot be read is said in the log.
    pub(super) async fn next_move_of(
        &self,
        due: Due,
        as_of: Timestamp,
        plan: Option<&str>,
    ) -> Result<Option<(Loaded, Move)>, Fault> {
        let loaded = self.ports.catalogue.lives_of(due.id).await;
        let loaded =
            loaded.inspect_err(|fault| tracing::warn!(recording = %due.id, %fault, "due recording not read"))?;
        Ok(loaded.and_then(|loaded| {
            let step = next_move(loaded.lives.entry(due.id)?, as_of, self.now(), plan)?;
            Some((loaded, step))
        }))
    }

    /// Keeps a plan so that it can be allowed under its digest; one that is kept already was made anew. Gives it as it is
    /// kept, with the version that a save builds on; none where somebody else keeps it right now.
    pub(super) async fn keep_plan(
        &self,
        plan: &Plan,
        kind: PlanKind,
        as_of: Timestamp,
    ) -> Result<(PlanForm, Option<Version>), Fault> {
        let key = plan_key(&plan.digest);
        let (form, before) = match self.ports.checkpoints.get(&key).await? {
            Some(known) => {
                let form: PlanForm = decode(&known.doc, self.now())?;
                if form.as_of >= as_of {
                    return Ok((form, Some(known.version)));
                }
                // What it names may have started over since: then it is due as of now and was not as of then.
                (PlanForm { as_of, ..form }, Some(known.version))
            }
            None => {
                let (count, kind) = (plan.count, kind.name().to_owned());
                (PlanForm { schema: PlanForm::SCHEMA, kind, as_of, count, is_announced: false, allowed: 0 }, None)
            }
        };
        let version = self.ports.checkpoints.save(&key, before, &encode(&form)?).await?;
        Ok((form, version))
    }
}

pub(super) fn plan_key(digest: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Plan, name: digest.to_owned() }
}
