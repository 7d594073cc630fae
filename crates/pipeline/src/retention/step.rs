//! Entries whose verdict is not what today's policy says.

use domain::catalogue::{Command, Entry};
use domain::hold::Actor;
use domain::recording_id::RecordingId;
use domain::retention::{Policy, Retention};
use futures_util::future::LocalBoxFuture;

use super::plan::PAGE;
use crate::archivist::Archivist;
use crate::ports::{Fault, ListRequest};

/// An entry that stays longer, or otherwise, than today's policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfStep {
    /// Which.
    pub id: RecordingId,
    /// What was said of it.
    pub said: Retention,
    /// What today's policy says.
    pub today: Retention,
}

/// What applying today's policy came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reapplied {
    /// Final entries that are there.
    pub looked_at: u64,
    /// Entries that are out of step.
    pub out_of_step: u64,
    /// Entries that were brought in step.
    pub changed: u64,
}

impl Archivist {
    /// Looks at every final entry and shows it to `tell`, with how it is out of step if it is. Where somebody wants it,
    /// today's policy is put in force for those, also where it shortens what was said; history and ledger keep who.
    pub fn reapply<'a>(
        &'a self,
        by: Option<&'a Actor>,
        tell: &'a mut dyn FnMut(&Entry, Option<&OutOfStep>),
    ) -> LocalBoxFuture<'a, Result<Reapplied, Fault>> {
        Box::pin(async move {
            let mut reapplied = Reapplied::default();
            let Some(policy) = self.settings.rules.retention.clone() else {
                return Ok(reapplied);
            };
            let mut below = None;
            loop {
                let request = ListRequest { under: None, below, from: None, limit: PAGE };
                let page = self.ports.catalogue.list(&request).await?;
                let Some(end) = page.last().map(|entry| entry.id) else { return Ok(reapplied) };
                for entry in page.iter().filter(|entry| entry.final_at.is_some() && entry.state.is_there()) {
                    reapplied.looked_at += 1;
                    let out_of_step = out_of_step(entry, &policy);
                    tell(entry, out_of_step.as_ref());
                    if out_of_step.is_none() {
                        continue;
                    }
                    reapplied.out_of_step += 1;
                    if let Some(by) = by
                        && let Some(loaded) = self.ports.catalogue.lives_of(entry.id).await?
                    {
                        let command = Command::Reapply { by: by.shown() };
                        let changed = self.command(loaded, &entry.bastion, (entry.id, command)).await?;
                        reapplied.changed += u64::from(changed.is_some());
                    }
                }
                below = Some(end);
            }
        })
    }
}

/// What today's policy says of a final entry, where something else was said before.
pub(super) fn out_of_step(entry: &Entry, policy: &Policy) -> Option<OutOfStep> {
    let said = entry.custody.retention.clone()?;
    let today = policy.says_of(entry)?.keep();
    let same = |one: &Retention, other: &Retention| {
        (&one.class, one.retain_until, one.delete_after, one.then, &one.unknown)
            == (&other.class, other.retain_until, other.delete_after, other.then, &other.unknown)
    };
    (!same(&said, &today)).then_some(OutOfStep { id: entry.id, said, today })
}
