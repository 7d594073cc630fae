//! Wakes work postponed by a wrong clock beyond the longest possible wait.

use domain::past::SKEW;
use domain::{catalogue, session};
use jiff::{SignedDuration, Timestamp};

use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{Due, Fault, SessionPlace};

/// Entries or sessions per page.
const PAGE: usize = 64;

impl Archivist {
    /// Wakes every entry, session and delivery postponed beyond the longest wait. Costs one read each if there is none.
    pub(crate) async fn wake_far_ahead(&self, may_go_on: MayGoOn<'_>) -> Result<(), Fault> {
        let (now, rules) = (self.now(), &self.settings.rules);
        // An error of one must not block the others.
        let entries = self.wake_entries(beyond(now, catalogue::longest_sleep(rules)), may_go_on).await;
        let sessions = self.wake_sessions(beyond(now, session::longest_sleep(rules)), may_go_on).await;
        let deliveries = self.recall_put_off().await;
        entries.and(sessions).and(deliveries)
    }

    async fn wake_entries(&self, from: Timestamp, may_go_on: MayGoOn<'_>) -> Result<(), Fault> {
        // The id only orders entries due at the same moment.
        let mut last = Due { at: from, id: domain::recording_id::RecordingId::first_at(from) };
        loop {
            let page = self.ports.catalogue.due(Timestamp::MAX, Some(&last), PAGE).await?;
            let Some(end) = page.last().copied() else { return Ok(()) };
            for due in page {
                if let Err(fault) = self.revisit(due).await {
                    tracing::warn!(recording = %due.id, %fault, "entry stays put off");
                }
            }
            if !may_go_on() {
                return Ok(());
            }
            last = end;
        }
    }

    async fn wake_sessions(&self, from: Timestamp, may_go_on: MayGoOn<'_>) -> Result<(), Fault> {
        let Some(mut last) = crate::query::place_before(from) else { return Ok(()) };
        loop {
            let page: Vec<SessionPlace> = self.ports.sessions.due(Timestamp::MAX, Some(&last), PAGE).await?;
            let Some(end) = page.last().cloned() else { return Ok(()) };
            self.review_all(&page).await?;
            if !may_go_on() {
                return Ok(());
            }
            last = end;
        }
    }
}

fn beyond(now: Timestamp, longest: SignedDuration) -> Timestamp {
    // Add one second, because a wait of exactly the longest duration is valid.
    now.saturating_add(longest.saturating_add(SKEW))
        .unwrap_or(Timestamp::MAX)
        .saturating_add(SignedDuration::from_secs(1))
        .unwrap_or(Timestamp::MAX)
}
