//! Assigns a retention class to a recording on behalf of a person.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::decide::context::Rules;
use domain::policy::retention::Policy;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::hold::Actor;
use domain::record::recording_id::RecordingId;
use domain::record::retention::Retention;
use futures_util::future::BoxFuture;

use crate::entries::UpdateEntries;
use crate::ports::{Catalogue, Fault};

/// Result of assigning a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// True if the class differs from before.
    pub is_changed: bool,
    /// Retention of the recording after the assignment.
    pub promised: Option<Retention>,
    /// Retention by policy with this class, if an earlier, longer promise still holds.
    pub shorter: Option<Retention>,
}

/// Reason to reject a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAssigned {
    /// There is no retention policy.
    NoPolicy,
    /// The policy does not have this class. Holds the names of its classes.
    UnknownClass(Vec<String>),
    /// The catalogue has no such recording.
    UnknownRecording,
    /// The content may still change, so the recording has no retention yet.
    NotFinal,
    /// The recording no longer exists.
    NotThere(RecordingState),
}

/// Assigns a retention class to a recording.
pub struct AssignClass {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) entries: Arc<UpdateEntries>,
}

impl AssignClass {
    /// Assigns a class of the policy to a recording; `None` returns it to the rules. Never shortens a retention, unlike
    /// [`ReapplyPolicy::reapply`](super::ReapplyPolicy::reapply).
    pub fn give_class<'a>(
        &'a self,
        id: RecordingId,
        class: Option<&'a str>,
        by: &'a Actor,
    ) -> BoxFuture<'a, Result<Result<Assigned, NotAssigned>, Fault>> {
        Box::pin(async move {
            let Some(policy) = self.rules.retention.clone() else {
                return Ok(Err(NotAssigned::NoPolicy));
            };
            if class.is_some_and(|class| policy.class(class).is_none()) {
                let names = policy.classes.iter().map(|class| class.name.clone());
                return Ok(Err(NotAssigned::UnknownClass(names.collect())));
            }
            let Some(loaded) = self.catalogue.lives_of(id).await? else {
                return Ok(Err(NotAssigned::UnknownRecording));
            };
            let Some(before) = loaded.lives.entry(id).cloned() else {
                return Ok(Err(NotAssigned::UnknownRecording));
            };
            let command = EntryCommand::GiveClass { class: class.map(str::to_owned), by: by.shown() };
            let after = self.entries.command(loaded, &before.bastion, (id, command)).await?;
            let after = after.as_ref().unwrap_or(&before);
            // Check the current entry, which may differ from the loaded one.
            if !after.state.is_there() {
                return Ok(Err(NotAssigned::NotThere(after.state)));
            }
            if after.final_at.is_none() {
                return Ok(Err(NotAssigned::NotFinal));
            }
            Ok(Ok(assigned(&before, after, &policy)))
        })
    }
}

fn assigned(before: &Entry, after: &Entry, policy: &Policy) -> Assigned {
    let promised = after.custody.retention.clone();
    let today = policy.resolve_entry(after).map(|promised| promised.keep());
    let is_shorter = today.as_ref().zip(promised.as_ref()).is_some_and(|(today, promised)| !today.covers(promised));
    Assigned {
        is_changed: before.custody.given_class != after.custody.given_class,
        promised,
        shorter: today.filter(|_| is_shorter),
    }
}
