//! Public form of retention, legal holds and deletion of a recording.

use domain::policy::retention::{RetentionVerdict, may_go_on_until};
use domain::policy::tags::plan;
use domain::record::blob::whole_second;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::hold::CarriedHold;
use domain::record::retention::{Approval, Disposal, Tombstone};
use domain::record::tags::HOLD;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// Retention of a recording and its reasons.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionView<'a> {
    /// Retention class. If several apply, the one with the longest retention.
    pub class: &'a str,
    /// Rules that assigned the classes.
    pub rules: &'a [String],
    /// Rules that may or may not apply. The recording stays while there is one.
    pub unknown_rules: &'a [String],
    /// First day of the retention periods.
    pub counted_from: Date,
    /// Last day on which the recording must not be deleted.
    pub retain_until: Date,
    /// Last day on which it stays; null if it stays forever.
    pub delete_after: Option<Date>,
    /// Action after that day: `delete`, `review` or `keep`.
    pub then: &'static str,
    /// Hash of the policy behind this decision.
    pub policy_digest: &'a str,
    /// Current verdict: `keep`, `held`, `unknown` or `due`.
    pub verdict: &'static str,
    /// Time until which the recording stays because its session may still go on; left out if no session is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_open_until: Option<Timestamp>,
    /// End of the warning period before deletion; null unless expiring.
    pub grace_until: Option<Timestamp>,
    /// Approval of the deletion; null if there is none.
    pub approved: Option<ApprovalView<'a>>,
}

/// Approval of a deletion by a person.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApprovalView<'a> {
    /// Id of the approved plan.
    pub plan: &'a str,
    /// Person who approved it.
    pub by: &'a str,
    /// Time at which the approval expires.
    pub until: Timestamp,
}

/// Legal hold on a recording, or a foreign hold tag on its blob.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldView<'a> {
    /// Legal hold; null for a `bsr-hold` tag that the archivist did not write and no hold explains.
    pub hold: Option<&'a str>,
    /// Case of the hold; the value of the tag.
    pub case: &'a str,
    /// Time since when the entry carries it.
    pub since: Timestamp,
    /// True if the hold certainly covers the recording; false if it may.
    pub certain: bool,
    /// True once the blob carries the tag. Until then the hold protects the recording without it, and a sweep writes
    /// the tag.
    pub applied: bool,
}

/// Deletion of a recording.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeletionView<'a> {
    /// Time of the deletion.
    pub at: Timestamp,
    /// Decision behind it; null if the archivist did not decide it.
    pub tombstone: Option<TombstoneView<'a>>,
}

/// Decision to delete a recording.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TombstoneView<'a> {
    /// Actor: `archivist` or `lifecycle`.
    pub by: &'static str,
    /// Hash of the policy behind the deletion.
    pub policy_digest: &'a str,
    /// Retention class.
    pub class: &'a str,
    /// Rules that assigned the class.
    pub rules: &'a [String],
    /// Last day on which the recording could not be deleted.
    pub retain_until: Date,
    /// Last day on which it had to stay.
    pub delete_after: Option<Date>,
    /// Approval; null if none was required.
    pub approved: Option<ApprovalView<'a>>,
}

impl<'a> RetentionView<'a> {
    /// Returns the retention of an entry, or `None` if none is decided.
    pub(super) fn from_entry(entry: &'a Entry, now: Timestamp) -> Option<Self> {
        let retention = entry.custody.retention.as_ref()?;
        let disposal = entry.custody.disposal.as_ref();
        Some(Self {
            class: &retention.class,
            rules: &retention.rules,
            unknown_rules: &retention.unknown,
            counted_from: retention.counted_from,
            retain_until: retention.retain_until,
            delete_after: retention.delete_after,
            then: retention.then.name(),
            policy_digest: &retention.policy.0,
            verdict: RetentionVerdict::from_entry(entry, now).name(),
            session_open_until: may_go_on_until(entry).filter(|until| now < *until).map(whole_second),
            grace_until: disposal.map(|disposal| whole_second(disposal.grace_until)),
            approved: disposal
                .and_then(|disposal: &Disposal| disposal.approval.as_ref())
                .map(ApprovalView::from_approval),
        })
    }
}

impl<'a> ApprovalView<'a> {
    fn from_approval(approval: &'a Approval) -> Self {
        Self { plan: &approval.plan, by: &approval.by, until: whole_second(approval.until) }
    }
}

impl<'a> HeldView<'a> {
    /// Returns the holds that cover an entry, then the foreign one in its tags.
    pub(super) fn all_of(entry: &'a Entry) -> Vec<Self> {
        let planned = plan(entry).into_iter().find(|tag| tag.key.as_str() == HOLD);
        let applied = planned.is_some_and(|tag| entry.tags.0.get(HOLD).map(String::as_str) == Some(tag.value.as_str()));
        let view = |held: &'a CarriedHold| Self {
            hold: Some(held.hold.as_str()),
            case: &held.case,
            since: whole_second(held.since),
            certain: held.is_certain,
            applied,
        };
        let foreign = entry.custody.foreign_hold.as_ref().map(|hold| Self {
            hold: None,
            case: &hold.value,
            since: whole_second(hold.since),
            certain: true,
            applied: true,
        });
        entry.custody.holds.iter().map(view).chain(foreign).collect()
    }
}

impl<'a> DeletionView<'a> {
    /// Returns the deletion of an entry, or `None` if its state is not deleted.
    pub(super) fn from_entry(entry: &'a Entry) -> Option<Self> {
        let tombstone = entry.custody.tombstone.as_ref();
        let at = entry.life.deleted_at().or_else(|| tombstone.map(|tombstone| whole_second(tombstone.at)));
        let at = at.filter(|_| entry.state == RecordingState::Deleted)?;
        Some(Self { at, tombstone: tombstone.map(TombstoneView::from_tombstone) })
    }
}

impl<'a> TombstoneView<'a> {
    fn from_tombstone(tombstone: &'a Tombstone) -> Self {
        Self {
            by: tombstone.by.name(),
            policy_digest: &tombstone.policy.0,
            class: &tombstone.class,
            rules: &tombstone.rules,
            retain_until: tombstone.retain_until,
            delete_after: tombstone.delete_after,
            approved: tombstone.approval.as_ref().map(ApprovalView::from_approval),
        }
    }
}
