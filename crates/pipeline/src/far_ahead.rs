//! Wakes work postponed by a wrong clock beyond the longest possible wait.

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::decide::{catalogue, session};
use domain::past::SKEW;
use jiff::{SignedDuration, Timestamp};

use crate::deadline::MayGoOn;
use crate::deliver::RecoverDeliveries;
use crate::entries::UpdateEntries;
use crate::ports::{Catalogue, Due, Fault, SessionPlace, Sessions};
use crate::review::ReviewSessions;
use crate::time::TimeSource;

/// Entries or sessions per page.
const PAGE: usize = 64;

/// Wakes work postponed by a wrong clock.
pub struct WakeFarAhead {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) lost_deliveries: Arc<RecoverDeliveries>,
    pub(crate) entries: Arc<UpdateEntries>,
    pub(crate) session_review: Arc<ReviewSessions>,
}

impl WakeFarAhead {
    /// Wakes every entry, session and delivery postponed beyond the longest wait. Costs one read each if there is none.
    pub(crate) async fn wake_far_ahead(&self, may_go_on: MayGoOn<'_>) -> Result<(), Fault> {
        let (now, rules) = (self.time.now(), &self.rules);
        // An error of one must not block the others.
        let entries = self.wake_entries(beyond(now, catalogue::longest_sleep(rules)), may_go_on).await;
        let sessions = self.wake_sessions(beyond(now, session::longest_sleep(rules)), may_go_on).await;
        let deliveries = self.lost_deliveries.recall_put_off().await;
        entries.and(sessions).and(deliveries)
    }

    async fn wake_entries(&self, from: Timestamp, may_go_on: MayGoOn<'_>) -> Result<(), Fault> {
        // The id only orders entries due at the same moment.
        let mut last = Due { at: from, id: domain::record::recording_id::RecordingId::first_at(from) };
        loop {
            let page = self.catalogue.due(Timestamp::MAX, Some(&last), PAGE).await?;
            let Some(end) = page.last().copied() else { return Ok(()) };
            for due in page {
                if let Err(fault) = self.entries.revisit(due).await {
                    tracing::warn!(recording = %due.id, %fault, "entry stays deferred");
                }
            }
            if !may_go_on() {
                return Ok(());
            }
            last = end;
        }
    }

    async fn wake_sessions(&self, from: Timestamp, may_go_on: MayGoOn<'_>) -> Result<(), Fault> {
        let Some(mut last) = SessionPlace::before(from) else { return Ok(()) };
        loop {
            let page: Vec<SessionPlace> = self.sessions.due(Timestamp::MAX, Some(&last), PAGE).await?;
            let Some(end) = page.last().cloned() else { return Ok(()) };
            self.session_review.review_all(&page).await?;
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
