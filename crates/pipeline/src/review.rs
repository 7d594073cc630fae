//! Reviews due sessions: pending effects, passed deadlines, and bursts of failed logins.

mod around;
mod grounds;

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::decide::session::review;
use domain::record::effect::Pending;
use domain::record::estate::Estate;
use domain::record::session::{SessionEntry, SessionId};
use futures_util::{StreamExt, stream};
use grounds::ReviewFacts;
use jiff::Timestamp;

use crate::apply_audit_records::ApplyAuditRecords;
use crate::deadline::MayGoOn;
use crate::decisions::Decisions;
use crate::join::ReadNeighbourhood;
use crate::listings::ContainerListings;
use crate::outcome::Swept;
use crate::ports::{Catalogue, Fault, SessionChange, SessionPlace, Sessions};
use crate::time::TimeSource;

/// Sessions per page.
const PAGE: usize = 256;
/// Concurrent sessions.
const AT_ONCE: usize = 8;

/// Reviews due sessions: gaps, failed logins and effects.
pub struct ReviewSessions {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) decisions: Arc<Decisions>,
    pub(crate) listings: Arc<ContainerListings>,
    pub(crate) neighbourhoods: Arc<ReadNeighbourhood>,
    pub(crate) audit_records: Arc<ApplyAuditRecords>,
}

impl ReviewSessions {
    /// Reviews every due session.
    pub(crate) async fn sweep_sessions(&self, now: Timestamp, may_go_on: MayGoOn<'_>) -> Result<Swept, Fault> {
        let mut swept = Swept::default();
        let mut failed = 0;
        let mut last: Option<SessionPlace> = None;
        loop {
            let page = self.sessions.due(now, last.as_ref(), PAGE).await?;
            let Some(end) = page.last().cloned() else { break };
            swept.sessions += page.len();
            failed += self.review_all(&page).await?;
            last = Some(end);
            if !may_go_on() {
                swept.unfinished = true;
                break;
            }
        }
        Ok(Swept { failed, ..swept })
    }

    /// Reviews these sessions and saves the changes together. Returns the number of failed reviews.
    pub(crate) async fn review_all(&self, due: &[SessionPlace]) -> Result<usize, Fault> {
        let ids: Vec<SessionId> = due.iter().map(|due| due.id.clone()).collect();
        let (loaded, unread) = self.load_each(&ids).await?;
        let grounds = &self.grounds(&loaded).await;
        let reviews = stream::iter(loaded).map(|before| async move {
            let id = before.id.clone();
            let reviewed = self.review(before, grounds).await;
            reviewed.inspect_err(|fault| tracing::warn!(session = %id, %fault, "session stays due"))
        });
        let reviews: Vec<_> = reviews.buffered(AT_ONCE).collect().await;
        let failed = unread + reviews.iter().filter(|reviewed| reviewed.is_err()).count();
        let (mut changes, mut with_effects) = (Vec::new(), Vec::new());
        for reviewed in reviews.into_iter().flatten() {
            match reviewed {
                Reviewed::Changed(change) => changes.push(*change),
                Reviewed::AsBefore(entry) => with_effects.push(*entry),
            }
        }
        let saved = self.sessions.save(&changes).await?;
        // After a lost race, the other save has kept the session due as needed.
        let won = changes.into_iter().zip(saved).filter(|(_, saved)| *saved).map(|(change, _)| change.after);
        with_effects.extend(won);
        let now = self.time.now();
        let is_due = |pending: &Pending| pending.retry_at <= now || pending.since == now;
        with_effects.retain(|entry| entry.pending.iter().any(is_due));
        self.audit_records.carry_out_sessions(with_effects).await;
        Ok(failed)
    }

    /// Loads the existing sessions one by one if a joint read fails, so a damaged one does not block the others.
    /// Returns them with the number of unreadable ones.
    async fn load_each(&self, ids: &[SessionId]) -> Result<(Vec<SessionEntry>, usize), Fault> {
        let (mut loaded, mut unread) = (Vec::new(), 0);
        match self.sessions.load(ids).await {
            Ok(all) => loaded = all,
            Err(_) => {
                for id in ids {
                    match self.sessions.load(std::slice::from_ref(id)).await {
                        Ok(one) => loaded.extend(one),
                        Err(fault) => {
                            unread += 1;
                            tracing::warn!(session = %id, %fault, "session stays due");
                        }
                    }
                }
            }
        }
        loaded.retain(|entry| entry.revision > 0);
        Ok((loaded, unread))
    }

    /// Reviews a due session with its neighbourhood.
    async fn review(&self, before: SessionEntry, grounds: &ReviewFacts) -> Result<Reviewed, Fault> {
        let now = self.time.now();
        if before.is_awake(now, &self.rules) {
            let seen = self.seen_around(&before, grounds).await?;
            if let Some(after) = review(&before, &seen, &self.decisions.context(now, &before.id.bastion)) {
                return Ok(Reviewed::Changed(Box::new(SessionChange { before, after })));
            }
        }
        Ok(Reviewed::AsBefore(Box::new(before)))
    }
}

/// Result of a review.
enum Reviewed {
    /// Changed, to be saved.
    Changed(Box<SessionChange>),
    /// Unchanged, but its effects may be due.
    AsBefore(Box<SessionEntry>),
}
