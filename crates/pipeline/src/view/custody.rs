//! How a recording stays and goes, as everybody outside sees it.

use domain::blob::whole_second;
use domain::catalogue::{Entry, State};
use domain::hold::Held;
use domain::retention::{Approval, Disposal, Tombstone, Verdict};
use domain::tags::{HOLD, plan};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// How long a recording stays, and why.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionView<'a> {
    /// The class: of all that it has, the one that retains it longest.
    pub class: &'a str,
    /// The rules that gave its classes.
    pub rules: &'a [String],
    /// The rules of which nobody can say whether they mean it; while there is one, it stays.
    pub unknown_rules: &'a [String],
    /// The day from which on periods were counted.
    pub counted_from: Date,
    /// The last day on which nobody may delete it.
    pub retain_until: Date,
    /// The last day on which it stays; null where it stays for ever.
    pub delete_after: Option<Date>,
    /// What happens then: `delete`, `review` or `keep`.
    pub then: &'static str,
    /// The policy that said so.
    pub policy_digest: &'a str,
    /// What may be done with it now: `keep`, `held`, `unknown` or `due`.
    pub verdict: &'static str,
    /// Until when people are warned before it goes; null while it is not expiring.
    pub grace_until: Option<Timestamp>,
    /// Who allowed its deletion; null where nobody did.
    pub approved: Option<ApprovalView<'a>>,
}

/// A person's leave to delete it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApprovalView<'a> {
    /// The digest of the plan that was allowed.
    pub plan: &'a str,
    /// Who allowed it.
    pub by: &'a str,
    /// Until when that counts.
    pub until: Timestamp,
}

/// A legal hold on a recording, or a hold that somebody else wrote into its tags.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldView<'a> {
    /// The hold; null for the tag `bsr-hold` that somebody else wrote, which no hold explains.
    pub hold: Option<&'a str>,
    /// Its case; the value of that tag.
    pub case: &'a str,
    /// Since when the entry carries it.
    pub since: Timestamp,
    /// Whether it is certain that the hold means it; else nobody can rule it out.
    pub certain: bool,
    /// Whether the tag of the blob says so yet. Until then the hold keeps the recording by itself, and a sweep writes the tag.
    pub applied: bool,
}

/// How a recording ended.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeletionView<'a> {
    /// When the blob was deleted.
    pub at: Timestamp,
    /// By which right; null where the archivist did not decide it.
    pub tombstone: Option<TombstoneView<'a>>,
}

/// By which right a recording was deleted.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TombstoneView<'a> {
    /// Who deleted it: `archivist` or `lifecycle`.
    pub by: &'static str,
    /// The policy that let it go.
    pub policy_digest: &'a str,
    /// Its class.
    pub class: &'a str,
    /// The rules that gave its class.
    pub rules: &'a [String],
    /// Until when nobody might delete it.
    pub retain_until: Date,
    /// The last day on which it was to stay.
    pub delete_after: Option<Date>,
    /// Who allowed it; null where nobody had to.
    pub approved: Option<ApprovalView<'a>>,
}

impl<'a> RetentionView<'a> {
    /// What is said of an entry, if anything is.
    pub(super) fn of(entry: &'a Entry, now: Timestamp) -> Option<Self> {
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
            verdict: Verdict::of(entry, now).name(),
            grace_until: disposal.map(|disposal| whole_second(disposal.grace_until)),
            approved: disposal.and_then(|disposal: &Disposal| disposal.approval.as_ref()).map(ApprovalView::of),
        })
    }
}

impl<'a> ApprovalView<'a> {
    fn of(approval: &'a Approval) -> Self {
        Self { plan: &approval.plan, by: &approval.by, until: whole_second(approval.until) }
    }
}

impl<'a> HeldView<'a> {
    /// What keeps an entry: holds that cover it, then the one in its tags.
    pub(super) fn all_of(entry: &'a Entry) -> Vec<Self> {
        let planned = plan(entry).into_iter().find(|tag| tag.key.as_str() == HOLD);
        let applied = planned.is_some_and(|tag| entry.tags.0.get(HOLD).map(String::as_str) == Some(tag.value.as_str()));
        let view = |held: &'a Held| Self {
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
    /// How an entry ended, if it has.
    pub(super) fn of(entry: &'a Entry) -> Option<Self> {
        let tombstone = entry.custody.tombstone.as_ref();
        let at = entry.life.deleted_at().or_else(|| tombstone.map(|tombstone| whole_second(tombstone.at)));
        let at = at.filter(|_| entry.state == State::Deleted)?;
        Some(Self { at, tombstone: tombstone.map(TombstoneView::of) })
    }
}

impl<'a> TombstoneView<'a> {
    fn of(tombstone: &'a Tombstone) -> Self {
        Self {
            by: tombstone.by.name(),
            policy_digest: &tombstone.policy.0,
            class: &tombstone.class,
            rules: &tombstone.rules,
            retain_until: tombstone.retain_until,
            delete_after: tombstone.delete_after,
            approved: tombstone.approval.as_ref().map(ApprovalView::of),
        }
    }
}
