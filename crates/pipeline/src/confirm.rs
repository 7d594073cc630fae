//! A person says which session a recording is of.
//!
//! Assumption about the outside, tested with its opposite: others change the entry at the same time. The word is decided on
//! the entry as it is, and saved only if nobody saved meanwhile, like any other change.

use domain::catalogue::{Command, Entry, State, Word};
use domain::estate::BastionName;
use domain::hold::Actor;
use domain::recording_id::RecordingId;
use domain::session::{SessionId, SessionState, TunnelId};
use futures_util::future::BoxFuture;

use crate::archivist::Archivist;
use crate::ports::{Fault, Heading, ListRequest};

/// How many recordings of one session are looked at.
const OF_ONE_SESSION: usize = 50;
/// How often a lost race is run again before it is left to a later pass.
const RACES: usize = 8;

/// Which session a person says a recording is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// This one.
    Session(TunnelId),
    /// None of those that the bastion told of.
    NoneOfThem,
}

/// What a person's word came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The entry as it is now.
    pub entry: Entry,
    /// False if the same person had said the same for the same reason.
    pub is_changed: bool,
    /// What had been told before and is withdrawn.
    pub withdrawn: Option<String>,
    /// Other recordings that the session is on, by the log or a person's word.
    pub also_on: Vec<RecordingId>,
}

/// Why a person's word cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotConfirmed {
    /// The catalogue has no such recording.
    UnknownRecording,
    /// The bastion of the recording told of no such session.
    UnknownSession,
    /// The session is a login that failed: nobody was on it.
    FailedLogin,
    /// The recording may still be written, so it is not known when its session ended.
    NotEnded,
}

impl Archivist {
    /// Takes the word of `by` for the session of a recording. The same word again changes nothing and wakes again what is
    /// near, so that a crash is made good by the same command.
    pub fn confirm<'a>(
        &'a self,
        id: RecordingId,
        said: &'a Said,
        reason: &'a str,
        by: &'a Actor,
    ) -> BoxFuture<'a, Result<Result<Confirmation, NotConfirmed>, Fault>> {
        Box::pin(async move {
            let Some(loaded) = self.ports.catalogue.lives_of(id).await? else {
                return Ok(Err(NotConfirmed::UnknownRecording));
            };
            let Some(before) = loaded.lives.entry(id).cloned() else {
                return Ok(Err(NotConfirmed::UnknownRecording));
            };
            let (mut session, mut also_on) = (None, Vec::new());
            if let Said::Session(tunnel) = said {
                let of = SessionId { bastion: before.bastion.clone(), tunnel: tunnel.clone() };
                let known = self.ports.sessions.load(std::slice::from_ref(&of)).await?;
                let Some(known) = known.into_iter().find(|known| known.revision > 0) else {
                    return Ok(Err(NotConfirmed::UnknownSession));
                };
                if known.session().state == SessionState::Failed {
                    return Ok(Err(NotConfirmed::FailedLogin));
                }
                also_on = self.recordings_of(&before.bastion, tunnel).await?;
                also_on.retain(|other| other.id != id);
                session = Some(Box::new(known.attended()));
            }
            let known = also_on.iter().filter(|other| other.joined.confirmed.is_none());
            let also_by_log = known.map(|other| other.id).collect();
            let also_on: Vec<RecordingId> = also_on.iter().map(|other| other.id).collect();
            let word = Word { session, by: by.shown(), reason: reason.to_owned(), also_on: also_by_log };
            let changed = self.command(loaded, &before.bastion, (id, Command::Confirm(word.clone()))).await?;
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

    /// The recordings that a session is on, by the log or a person's word.
    pub(crate) async fn recordings_of(&self, bastion: &BastionName, tunnel: &TunnelId) -> Result<Vec<Entry>, Fault> {
        let under = Some(Heading::Session(tunnel.as_str().to_owned()));
        let request = ListRequest { under, below: None, from: None, limit: OF_ONE_SESSION };
        let mut found = self.ports.catalogue.list(&request).await?;
        found.retain(|entry| entry.bastion == *bastion);
        Ok(found)
    }

    /// Tells people who confirmed a session for another recording that the log has it on this one.
    pub(crate) async fn contradict_words(&self, entry: &Entry) -> Result<(), Fault> {
        let found = entry.joined.verdict.session().filter(|_| entry.joined.confirmed.is_none());
        let Some(tunnel) = found.map(|session| session.tunnel_id.clone()) else {
            return Ok(());
        };
        for other in self.recordings_of(&entry.bastion, &tunnel).await? {
            if other.id == entry.id || other.joined.confirmed.is_none() {
                continue;
            }
            self.contradict(other.id, &tunnel, entry.id).await?;
        }
        Ok(())
    }

    /// Saves the contradiction; the next sweep tells it.
    async fn contradict(&self, id: RecordingId, tunnel: &TunnelId, other: RecordingId) -> Result<(), Fault> {
        for _ in 0..RACES {
            let Some(loaded) = self.ports.catalogue.lives_of(id).await? else {
                return Ok(());
            };
            let Some(before) = loaded.lives.entry(id).cloned() else { return Ok(()) };
            let mut after = before.clone();
            let context = self.context(self.now(), &before.bastion);
            if !after.is_contradicted_by(tunnel, other, &context) {
                return Ok(());
            }
            self.hush(&before.pending, &mut after.pending);
            if self.save(loaded, &[after]).await?.is_some() {
                return Ok(());
            }
        }
        Err(Fault::transient(format!("tell of a contradiction to {id}"), "others kept changing it at the same time"))
    }

    /// Has the sessions looked at again that a person gave a recording, or took from it.
    async fn wake_sessions_of(&self, before: &Entry, after: &Entry) -> Result<(), Fault> {
        let sessions = [before, after].into_iter().filter_map(|entry| entry.joined.verdict.session());
        for session in sessions {
            let id = SessionId { bastion: after.bastion.clone(), tunnel: session.tunnel_id.clone() };
            self.wake_session(&id).await?;
        }
        Ok(())
    }
}
