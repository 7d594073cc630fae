//! Stores a person's confirmation of which session a recording belongs to.
//!
//! Assumption, tested with its opposite: others change the entry at the same time. As with any change, the confirmation
//! is decided on the current entry and saved with a conditional write.

use crate::decisions::Decisions;
use crate::ingest::UpdateEntries;
use crate::join::WakeNeighbours;
use crate::time::TimeSource;
use domain::catalogue::{Command, Entry, State, Word};
use domain::estate::BastionName;
use domain::hold::Actor;
use domain::recording_id::RecordingId;
use domain::session::{SessionId, SessionState, TunnelId};
use futures_util::future::BoxFuture;
use std::sync::Arc;

use crate::ports::{Catalogue, Fault, Heading, ListRequest, Sessions};
use crate::save::save;

/// Maximum number of recordings read per session.
const OF_ONE_SESSION: usize = 50;
/// Attempts per lost race, before a later pass retries.
const RACES: usize = 8;

/// Answer of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The recording belongs to this session.
    Session(TunnelId),
    /// The recording belongs to none of the bastion's recorded sessions.
    NoneOfThem,
}

/// Result of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Entry after the confirmation.
    pub entry: Entry,
    /// False if the same person had given the same answer for the same reason.
    pub is_changed: bool,
    /// Earlier announced verdict, now withdrawn.
    pub withdrawn: Option<String>,
    /// Other recordings of the session, by the log or by confirmation.
    pub also_on: Vec<RecordingId>,
}

/// Reason to reject a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotConfirmed {
    /// The catalogue has no such recording.
    UnknownRecording,
    /// The bastion's audit log has no such session.
    UnknownSession,
    /// The session is a failed login, which leaves no recording.
    FailedLogin,
    /// The recording may still be written, so the end of its session is unknown.
    NotEnded,
}

/// Stores which session a person says a recording belongs to.
#[derive(Clone)]
pub struct ConfirmSession {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) neighbours: Arc<WakeNeighbours>,
    pub(crate) entries: Arc<UpdateEntries>,
}

impl ConfirmSession {
    /// Confirms the session of a recording on behalf of `by`.
    ///
    /// Repeating the same answer changes nothing in the entry, but wakes the sessions again. The same command therefore
    /// repairs a crash. Returns an error if others keep changing the entry.
    pub fn confirm<'a>(
        &'a self,
        id: RecordingId,
        said: &'a Said,
        reason: &'a str,
        by: &'a Actor,
    ) -> BoxFuture<'a, Result<Result<Confirmation, NotConfirmed>, Fault>> {
        Box::pin(async move {
            let Some(loaded) = self.catalogue.lives_of(id).await? else {
                return Ok(Err(NotConfirmed::UnknownRecording));
            };
            let Some(before) = loaded.lives.entry(id).cloned() else {
                return Ok(Err(NotConfirmed::UnknownRecording));
            };
            let (mut session, mut also_on) = (None, Vec::new());
            if let Said::Session(tunnel) = said {
                let of = SessionId { bastion: before.bastion.clone(), tunnel: tunnel.clone() };
                let known = self.sessions.load(std::slice::from_ref(&of)).await?;
                let Some(known) = known.into_iter().find(|known| known.revision > 0) else {
                    return Ok(Err(NotConfirmed::UnknownSession));
                };
                if known.session().state == SessionState::Failed {
                    return Ok(Err(NotConfirmed::FailedLogin));
                }
                also_on = recordings_of(&*self.catalogue, &before.bastion, tunnel).await?;
                also_on.retain(|other| other.id != id);
                session = Some(Box::new(known.attended()));
            }
            let known = also_on.iter().filter(|other| other.joined.confirmed.is_none());
            let also_by_log = known.map(|other| other.id).collect();
            let also_on: Vec<RecordingId> = also_on.iter().map(|other| other.id).collect();
            let word = Word { session, by: by.shown(), reason: reason.to_owned(), also_on: also_by_log };
            let changed = self.entries.command(loaded, &before.bastion, (id, Command::Confirm(word.clone()))).await?;
            let entry = changed.unwrap_or_else(|| before.clone());
            if entry.state == State::Active {
                return Ok(Err(NotConfirmed::NotEnded));
            }
            self.wake_sessions_of(&before, &entry).await?;
            let is_changed = entry.joined.confirmed.as_ref().map(|confirmed| confirmed.at)
                != before.joined.confirmed.as_ref().map(|confirmed| confirmed.at)
                || entry.joined.told != before.joined.told;
            let told = before.joined.told.as_ref().map(|told| told.verdict.clone());
            let now_told = entry.joined.told.as_ref().map(|told| &told.verdict);
            let withdrawn = told.filter(|told| is_changed && now_told != Some(told));
            Ok(Ok(Confirmation { entry, is_changed, withdrawn, also_on }))
        })
    }

    /// Wakes the sessions added to a recording, or removed, by a confirmation.
    async fn wake_sessions_of(&self, before: &Entry, after: &Entry) -> Result<(), Fault> {
        let sessions = [before, after].into_iter().filter_map(|entry| entry.joined.verdict.session());
        for session in sessions {
            let id = SessionId { bastion: after.bastion.clone(), tunnel: session.tunnel_id.clone() };
            self.neighbours.wake_session(&id).await?;
        }
        Ok(())
    }
}

/// Notifies people if the log contradicts a confirmed session.
#[derive(Clone)]
pub struct NotifyContradiction {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) decisions: Arc<Decisions>,
}

impl NotifyContradiction {
    /// Notifies people of a contradiction: they confirmed the session for another recording, and the log matches this
    /// one.
    pub(crate) async fn contradict_words(&self, entry: &Entry) -> Result<(), Fault> {
        let found = entry.joined.verdict.session().filter(|_| entry.joined.confirmed.is_none());
        let Some(tunnel) = found.map(|session| session.tunnel_id.clone()) else {
            return Ok(());
        };
        for other in recordings_of(&*self.catalogue, &entry.bastion, &tunnel).await? {
            if other.id == entry.id || other.joined.confirmed.is_none() {
                continue;
            }
            self.contradict(other.id, &tunnel, entry.id).await?;
        }
        Ok(())
    }

    /// Saves the contradiction; the next sweep sends its notification.
    async fn contradict(&self, id: RecordingId, tunnel: &TunnelId, other: RecordingId) -> Result<(), Fault> {
        for _ in 0..RACES {
            let Some(loaded) = self.catalogue.lives_of(id).await? else {
                return Ok(());
            };
            let Some(before) = loaded.lives.entry(id).cloned() else { return Ok(()) };
            let mut after = before.clone();
            let context = self.decisions.context(self.time.now(), &before.bastion);
            if !after.is_contradicted_by(tunnel, other, &context) {
                return Ok(());
            }
            self.decisions.suppress_notifications(&before.pending, &mut after.pending);
            if save(&*self.catalogue, loaded, &[after]).await?.is_some() {
                return Ok(());
            }
        }
        Err(Fault::transient(format!("tell of a contradiction to {id}"), "others kept changing it at the same time"))
    }
}

/// Returns the recordings of a session, by the log or by confirmation.
pub(crate) async fn recordings_of(
    catalogue: &dyn Catalogue,
    bastion: &BastionName,
    tunnel: &TunnelId,
) -> Result<Vec<Entry>, Fault> {
    let under = Some(Heading::Session(tunnel.as_str().to_owned()));
    let request = ListRequest { under, below: None, from: None, limit: OF_ONE_SESSION };
    let mut found = catalogue.list(&request).await?;
    found.retain(|entry| entry.bastion == *bastion);
    Ok(found)
}
