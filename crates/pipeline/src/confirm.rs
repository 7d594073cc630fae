//! Stores a person's confirmation of which session a recording belongs to.
//!
//! Assumption, tested with its opposite: others change the entry at the same time. As with any change, the confirmation
//! is decided on the current entry and saved with a conditional write.

use std::sync::Arc;

use domain::decide::catalogue::{EntryCommand, Word};
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::hold::Actor;
use domain::record::recording_id::RecordingId;
use domain::record::session::{SessionId, SessionState, TunnelId};
use futures_util::future::BoxFuture;

use crate::contradiction::recordings_of;
use crate::entries::UpdateEntries;
use crate::join::WakeNeighbours;
use crate::ports::{Catalogue, Fault, Sessions};

/// Answer of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonAnswer {
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
        answer: &'a PersonAnswer,
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
            if let PersonAnswer::Session(tunnel) = answer {
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
                session = Some(Box::new(known.evidence()));
            }
            let known = also_on.iter().filter(|other| other.match_state.confirmed.is_none());
            let also_by_log = known.map(|other| other.id).collect();
            let also_on: Vec<RecordingId> = also_on.iter().map(|other| other.id).collect();
            let word = Word { session, by: by.shown(), reason: reason.to_owned(), also_on: also_by_log };
            let changed =
                self.entries.command(loaded, &before.bastion, (id, EntryCommand::Confirm(word.clone()))).await?;
            let entry = changed.unwrap_or_else(|| before.clone());
            if entry.state == RecordingState::Active {
                return Ok(Err(NotConfirmed::NotEnded));
            }
            self.wake_sessions_of(&before, &entry).await?;
            let is_changed = entry.match_state.confirmed.as_ref().map(|confirmed| confirmed.at)
                != before.match_state.confirmed.as_ref().map(|confirmed| confirmed.at)
                || entry.match_state.notified != before.match_state.notified;
            let notified = before.match_state.notified.as_ref().map(|notified| notified.verdict.clone());
            let now_notified = entry.match_state.notified.as_ref().map(|notified| &notified.verdict);
            let withdrawn = notified.filter(|notified| is_changed && now_notified != Some(notified));
            Ok(Ok(Confirmation { entry, is_changed, withdrawn, also_on }))
        })
    }

    /// Wakes the sessions added to a recording, or removed, by a confirmation.
    async fn wake_sessions_of(&self, before: &Entry, after: &Entry) -> Result<(), Fault> {
        let sessions = [before, after].into_iter().filter_map(|entry| entry.match_state.verdict.session());
        for session in sessions {
            let id = SessionId { bastion: after.bastion.clone(), tunnel: session.tunnel_id.clone() };
            self.neighbours.wake_session(&id).await?;
        }
        Ok(())
    }
}
