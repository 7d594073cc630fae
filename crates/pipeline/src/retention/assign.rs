//! A person gives a recording its class.

use domain::catalogue::{Command, Entry, State};
use domain::hold::Actor;
use domain::recording_id::RecordingId;
use domain::retention::{Policy, Retention};
use futures_util::future::BoxFuture;

use crate::archivist::Archivist;
use crate::ports::Fault;

/// What giving a recording a class came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// Whether it had another one before.
    pub is_changed: bool,
    /// How long it stays now.
    pub says: Option<Retention>,
    /// What the policy says with this class, where an earlier promise is longer than that and holds.
    pub shorter: Option<Retention>,
}

/// Why a recording cannot be given a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAssigned {
    /// There is no policy.
    NoPolicy,
    /// The policy has other classes: these.
    UnknownClass(Vec<String>),
    /// The catalogue has no such recording.
    UnknownRecording,
    /// Its content may still change, so nothing is said of it yet.
    NotFinal,
    /// It is not there any more.
    NotThere(State),
}

impl Archivist {
    /// Gives a recording a class of the policy, or with `None` leaves it to the rules again. Shortens nothing: that is
    /// done by [`Archivist::reapply`].
    pub fn give_class<'a>(
        &'a self,
        id: RecordingId,
        class: Option<&'a str>,
        by: &'a Actor,
    ) -> BoxFuture<'a, Result<Result<Assigned, NotAssigned>, Fault>> {
        Box::pin(async move {
            let Some(policy) = self.settings.rules.retention.clone() else {
                return Ok(Err(NotAssigned::NoPolicy));
            };
            if class.is_some_and(|class| policy.class(class).is_none()) {
                let names = policy.classes.iter().map(|class| class.name.clone());
                return Ok(Err(NotAssigned::UnknownClass(names.collect())));
            }
            let Some(loaded) = self.ports.catalogue.lives_of(id).await? else {
                return Ok(Err(NotAssigned::UnknownRecording));
            };
            let Some(before) = loaded.lives.entry(id).cloned() else {
                return Ok(Err(NotAssigned::UnknownRecording));
            };
            let command = Command::GiveClass { class: class.map(str::to_owned), by: by.shown() };
            let after = self.command(loaded, &before.bastion, (id, command)).await?;
            let after = after.as_ref().unwrap_or(&before);
            // It is decided on what is there now, and not on what was loaded.
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
    let says = after.custody.retention.clone();
    let today = policy.says_of(after).map(|says| says.keep());
    let is_shorter = today.as_ref().zip(says.as_ref()).is_some_and(|(today, says)| !today.covers(says));
    Assigned {
        is_changed: before.custody.given_class != after.custody.given_class,
        says,
        shorter: today.filter(|_| is_shorter),
    }
}
