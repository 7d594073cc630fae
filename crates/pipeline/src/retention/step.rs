//! Compares stored retentions with today's policy and reapplies it on request.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::decide::context::Rules;
use domain::policy::retention::Policy;
use domain::record::catalogue::Entry;
use domain::record::hold::Actor;
use domain::record::recording_id::RecordingId;
use domain::record::retention::Retention;
use futures_util::future::LocalBoxFuture;

use super::plan::PAGE;
use crate::entries::UpdateEntries;
use crate::ports::{Catalogue, Fault, ListRequest};

/// Entry with a retention different from today's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfStep {
    /// Recording id.
    pub id: RecordingId,
    /// Stored retention.
    pub promised: Retention,
    /// Retention by today's policy.
    pub today: Retention,
}

/// Counts of a reapplication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reapplied {
    /// Final entries checked.
    pub looked_at: u64,
    /// Entries different from the policy.
    pub out_of_step: u64,
    /// Changed entries.
    pub changed: u64,
}

/// Applies the current policy to earlier promises.
pub struct ReapplyPolicy {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) entries: Arc<UpdateEntries>,
}

impl ReapplyPolicy {
    /// Checks every final entry and calls `report` with it and its difference, if any. If `by` is given, applies today's
    /// policy to the differing entries, even if this shortens their retention. History and ledger record the actor.
    pub fn reapply<'a>(
        &'a self,
        by: Option<&'a Actor>,
        report: &'a mut dyn FnMut(&Entry, Option<&OutOfStep>),
    ) -> LocalBoxFuture<'a, Result<Reapplied, Fault>> {
        Box::pin(async move {
            let mut reapplied = Reapplied::default();
            let Some(policy) = self.rules.retention.clone() else {
                return Ok(reapplied);
            };
            let mut below = None;
            loop {
                let request = ListRequest { under: None, below, from: None, limit: PAGE };
                let page = self.catalogue.list(&request).await?;
                let Some(end) = page.last().map(|entry| entry.id) else { return Ok(reapplied) };
                for entry in page.iter().filter(|entry| entry.final_at.is_some() && entry.state.is_there()) {
                    reapplied.looked_at += 1;
                    let out_of_step = out_of_step(entry, &policy);
                    report(entry, out_of_step.as_ref());
                    if out_of_step.is_none() {
                        continue;
                    }
                    reapplied.out_of_step += 1;
                    if let Some(by) = by
                        && let Some(loaded) = self.catalogue.lives_of(entry.id).await?
                    {
                        let command = EntryCommand::Reapply { by: by.shown() };
                        let changed = self.entries.command(loaded, &entry.bastion, (entry.id, command)).await?;
                        reapplied.changed += u64::from(changed.is_some());
                    }
                }
                below = Some(end);
            }
        })
    }
}

/// Returns the difference between stored retention and today's policy, if any.
pub(super) fn out_of_step(entry: &Entry, policy: &Policy) -> Option<OutOfStep> {
    let promised = entry.custody.retention.clone()?;
    let today = policy.resolve_entry(entry)?.keep();
    let same = |one: &Retention, other: &Retention| {
        (&one.class, one.retain_until, one.delete_after, one.then, &one.unknown)
            == (&other.class, other.retain_until, other.delete_after, other.then, &other.unknown)
    };
    (!same(&promised, &today)).then_some(OutOfStep { id: entry.id, promised, today })
}
