//! Wakes the recordings and sessions near a change: each becomes due, and the next sweep reviews them.

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::decide::join::RecordingEvidence;
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::recording_id::RecordingId;
use domain::record::session::{SessionEntry, SessionId};

use super::neighbourhood::{Purpose, StoredNeighbourhood};
use crate::calibration::Calibrations;
use crate::contradiction::NotifyContradiction;
use crate::join::ReadNeighbourhood;
use crate::ports::{Catalogue, Fault, Heading, ListRequest, SessionChange, Sessions};
use crate::save::{save, save_with_retry};
use crate::time::TimeSource;

/// Entries per page.
const PAGE: usize = 100;

/// Wakes the recordings and sessions near a change.
pub struct WakeNeighbours {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) calibrations: Arc<Calibrations>,
    pub(crate) contradictions: Arc<NotifyContradiction>,
    pub(crate) neighbourhoods: Arc<ReadNeighbourhood>,
}

impl WakeNeighbours {
    /// Wakes the neighbours of a recording whose times or session changed. Also wakes the recording itself if a
    /// neighbour was saved concurrently and missing from its match: of two concurrent saves, the later one finds the
    /// other here.
    pub(crate) async fn rejoin_recording(&self, entry: &Entry) -> Result<(), Fault> {
        let Some(recording) = entry.evidence() else { return Ok(()) };
        if !recording.has_ended && entry.match_state.judged.is_none() {
            return self.rejoin_begun(entry, &recording).await;
        }
        self.calibrations.mark_days(&entry.bastion, [recording.created_at]).await?;
        let near = self.neighbourhoods.around_recording(entry, &recording, Purpose::JudgeAgain).await?;
        // A neighbour may have been saved after the read and have looked around before this entry was saved.
        if entry.is_outdated(&near.sides, &self.rules.matching) {
            self.wake(entry.id).await?;
        }
        self.wake_all(&near).await?;
        self.contradictions.contradict_words(entry).await
    }

    /// Wakes the neighbours of a recording that goes on and was never judged.
    async fn rejoin_begun(&self, entry: &Entry, recording: &RecordingEvidence) -> Result<(), Fault> {
        let near = self.neighbourhoods.around_recording(entry, recording, Purpose::Wake).await?;
        // The calibration counts such a recording only as a rival for a session. A session saved from now on marks the
        // day itself.
        if !near.sessions.is_empty() {
            self.calibrations.mark_days(&entry.bastion, [recording.created_at]).await?;
        }
        self.wake_all(&near).await
    }

    /// Wakes the current and former neighbours of a changed session.
    pub(crate) async fn rejoin_session(&self, entry: &SessionEntry) -> Result<(), Fault> {
        let Some(reach) = self.neighbourhoods.ever_reach(entry) else { return Ok(()) };
        let facts = entry.session().facts;
        self.calibrations
            .mark_days(&entry.id.bastion, [facts.started_at, facts.ended_at].into_iter().flatten())
            .await?;
        match self.neighbourhoods.ever_near_session(entry, reach).await? {
            Some(near) => self.wake_all(&near).await,
            None => Ok(()),
        }
    }

    /// Wakes every open question about recordings of a bastion, because its log was read far ahead at once. Reads the
    /// open questions of all bastions, and updates those of this one.
    pub(crate) async fn ask_open_questions(&self, bastion: &BastionName) -> Result<(), Fault> {
        let now = self.time.now();
        let under = Some(Heading::Match(<Match>::Pending.name().to_owned()));
        let mut below = None;
        loop {
            let request = ListRequest { under: under.clone(), below, from: None, limit: PAGE };
            let page = self.catalogue.list(&request).await?;
            let waits =
                |entry: &&Entry| entry.bastion == *bastion && entry.match_state.ask_at.is_some_and(|at| at > now);
            for entry in page.iter().filter(waits) {
                self.wake(entry.id).await?;
            }
            match page.last() {
                Some(last) if page.len() == PAGE => below = Some(last.id),
                _ => return Ok(()),
            }
        }
    }

    async fn wake_all(&self, near: &StoredNeighbourhood) -> Result<(), Fault> {
        let asleep = near.entries.iter().filter(|entry| entry.match_state.judged.is_some());
        for id in asleep.map(|entry| entry.id) {
            self.wake(id).await?;
        }
        let now = self.time.now();
        for session in near.sessions.iter().filter(|session| (*session).clone().look_now(now)) {
            self.wake_session(&session.id).await?;
        }
        Ok(())
    }

    pub(crate) async fn wake(&self, id: RecordingId) -> Result<(), Fault> {
        save_with_retry(
            || format!("mark entry {id} as due"),
            || {
                Box::pin(async move {
                    let Some(loaded) = self.catalogue.lives_of(id).await? else {
                        return Ok(Some(()));
                    };
                    let Some(mut entry) = loaded.lives.entry(id).cloned() else {
                        return Ok(Some(()));
                    };
                    if !entry.ask_now(self.time.now()) {
                        return Ok(Some(()));
                    }
                    Ok(save(&*self.catalogue, loaded, &[entry]).await?.map(drop))
                })
            },
        )
        .await
    }

    pub(crate) async fn wake_session(&self, id: &SessionId) -> Result<(), Fault> {
        save_with_retry(
            || format!("mark session {id} as due"),
            || {
                Box::pin(async move {
                    let loaded = self.sessions.load(std::slice::from_ref(id)).await?;
                    let Some(asleep) = loaded.into_iter().next() else { return Ok(Some(())) };
                    let mut awake = asleep.clone();
                    if !awake.look_now(self.time.now()) {
                        return Ok(Some(()));
                    }
                    let saved = self.sessions.save(&[SessionChange { before: asleep, after: awake }]).await?;
                    Ok((saved == [true]).then_some(()))
                })
            },
        )
        .await
    }
}
