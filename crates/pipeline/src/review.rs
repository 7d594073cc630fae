//! Sessions that are due: effects that wait, deadlines that have passed, bursts of failed logins.

use std::collections::BTreeMap;

use domain::catalogue::Pending;
use domain::estate::Bastion;
use domain::join::{self, Neighbourhood};
use domain::session::{BurstKey, IndexKey, Review, SessionEntry, SessionId, SessionState, Span, bursts, review};
use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use crate::archivist::Archivist;
use crate::ports::{Fault, SessionChange, SessionPlace};
use crate::sweep::Swept;

/// How many sessions are asked for at a time.
const PAGE: usize = 64;
/// How many sessions are worked on at the same time.
const AT_ONCE: usize = 8;
/// How many failed logins of one person, address or machine are looked at.
const FAILURES: usize = 1000;
/// How many times the time of a burst is looked at to either side, for one that goes on.
const BURSTS_AROUND: i32 = 20;
/// How many recordings of another bastion are looked at.
const ELSEWHERE: usize = 20;

impl Archivist {
    /// Works on every session that is due now.
    pub(crate) async fn sweep_sessions(&self, now: Timestamp, may_go_on: &impl Fn() -> bool) -> Result<Swept, Fault> {
        let mut swept = Swept::default();
        let mut failed = 0;
        let mut last: Option<SessionPlace> = None;
        loop {
            let page = self.ports.sessions.due(now, last.as_ref(), PAGE).await?;
            let Some(end) = page.last().cloned() else { break };
            swept.sessions += page.len();
            failed += self.review_all(page).await?;
            last = Some(end);
            if !may_go_on() {
                swept.unfinished = true;
                break;
            }
        }
        Ok(Swept { failed, ..swept })
    }

    /// Looks at sessions again, and saves together what that came to. Returns how many could not be looked at.
    async fn review_all(&self, due: Vec<SessionPlace>) -> Result<usize, Fault> {
        let reviews = stream::iter(due).map(|due| async move {
            let reviewed = self.review(&due.id).await;
            reviewed.inspect_err(|fault| tracing::warn!(session = %due.id, %fault, "session stays due"))
        });
        let reviews: Vec<_> = reviews.buffered(AT_ONCE).collect().await;
        let failed = reviews.iter().filter(|reviewed| reviewed.is_err()).count();
        let (mut changes, mut with_effects) = (Vec::new(), Vec::new());
        for reviewed in reviews.into_iter().flatten().flatten() {
            match reviewed {
                Reviewed::Changed(change) => changes.push(*change),
                Reviewed::AsBefore(entry) => with_effects.push(*entry),
            }
        }
        let saved = self.ports.sessions.save(&changes).await?;
        // Whoever saved meanwhile has made it due as it is now.
        let won = changes.into_iter().zip(saved).filter(|(_, saved)| *saved).map(|(change, _)| change.after);
        with_effects.extend(won);
        let now = self.ports.clock.now();
        let is_due = |pending: &Pending| pending.retry_at <= now || pending.since == now;
        with_effects.retain(|entry| entry.pending.iter().any(is_due));
        self.carry_out_sessions(with_effects).await;
        Ok(failed)
    }

    /// A session that is due after a look at what is near it. `None` where there is none.
    async fn review(&self, id: &SessionId) -> Result<Option<Reviewed>, Fault> {
        let loaded = self.ports.sessions.load(std::slice::from_ref(id)).await?;
        let Some(before) = loaded.into_iter().next().filter(|entry| entry.revision > 0) else {
            return Ok(None);
        };
        let now = self.ports.clock.now();
        if before.wake_at.is_some_and(|at| at <= now) {
            let seen = self.seen_around(&before).await?;
            if let Some(mut after) = review(&before, &seen, &self.context(now, &id.bastion)) {
                self.hush(&before.pending, &mut after.pending);
                return Ok(Some(Reviewed::Changed(Box::new(SessionChange { before, after }))));
            }
        }
        Ok(Some(Reviewed::AsBefore(Box::new(before))))
    }

    async fn seen_around(&self, entry: &SessionEntry) -> Result<Review, Fault> {
        let session = entry.session();
        let bastion = self.settings.estate.bastion(&entry.id.bastion);
        let mut seen = Review {
            standing: None,
            is_listed: false,
            newest_recording: None,
            is_elsewhere: false,
            bursts: BTreeMap::new(),
        };
        match session.state {
            SessionState::Open => {}
            SessionState::Failed => seen.bursts = self.untold_bursts(entry).await?,
            SessionState::Ended => {
                let attended = entry.attended();
                let near = self.near_session(entry, &attended).await?;
                let matching = &self.settings.rules.matching;
                let alone = Neighbourhood::default();
                // A native client owns nothing, whatever is near.
                let sides = near.as_ref().map(|near| if session.is_native { &alone } else { near });
                seen.standing = sides.map(|sides| join::standing(&attended, sides, matching));
                if let (Some(bastion), Some(ended_at)) = (bastion, session.usable_end()) {
                    let deadline = ended_at.saturating_add(matching.session_without_recording_after);
                    seen.is_listed = self.is_listed_since(bastion, deadline.unwrap_or(ended_at), ended_at).await?;
                    seen.newest_recording = self.newest_recording(bastion).await?;
                    seen.is_elsewhere = !session.is_native && self.is_elsewhere(entry, bastion).await?;
                }
            }
        }
        Ok(seen)
    }

    /// Whether a recording that fits is in the container of another bastion, and is no session's there.
    async fn is_elsewhere(&self, entry: &SessionEntry, own: &Bastion) -> Result<bool, Fault> {
        let attended = entry.attended();
        let matching = &self.settings.rules.matching;
        let Some(reach) = join::Reach::of_session(&attended, matching) else {
            return Ok(false);
        };
        for other in self.settings.estate.bastions.iter().filter(|bastion| bastion.name != own.name) {
            let entries = self.ports.catalogue.near(&other.name, &attended.keys, reach.starts, ELSEWHERE).await?;
            let fits = entries.iter().filter(|entry| entry.joined.verdict.session().is_none());
            let mut recorded = fits.filter_map(domain::catalogue::Entry::recorded);
            if recorded.any(|recorded| join::Pair::of(&recorded, &attended, matching).is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The bursts that a failed login belongs to and of which nobody was told.
    async fn untold_bursts(&self, entry: &SessionEntry) -> Result<BTreeMap<BurstKey, domain::session::Burst>, Fault> {
        let rule = self.settings.rules.matching.failed_logins;
        let Some(failed_at) = entry.records.failed.map(|failed| failed.first) else {
            return Ok(BTreeMap::new());
        };
        let within = Span::around(failed_at, rule.within * BURSTS_AROUND);
        let mut untold = BTreeMap::new();
        for key in BurstKey::of(&entry.session()) {
            let index = [IndexKey::burst(&key)];
            let mut found: Vec<SessionEntry> = Vec::new();
            // Whoever tries does not stay with one bastion.
            for bastion in &self.settings.estate.bastions {
                found.extend(self.ports.sessions.near(&bastion.name, &index, within, FAILURES).await?);
            }
            let failures = found.iter().filter_map(|one| Some((one.records.failed?.first, one.id.tunnel.clone())));
            let own = bursts(failures.collect(), rule);
            let own = own.into_iter().find(|burst| burst.tunnels.contains(&entry.id.tunnel));
            let was_told = |burst: &domain::session::Burst| {
                let told = found.iter().filter(|one| one.bursts_told.contains(key.kind()));
                told.into_iter().any(|one| burst.tunnels.contains(&one.id.tunnel))
            };
            if let Some(burst) = own.filter(|burst| !was_told(burst)) {
                untold.insert(key, burst);
            }
        }
        Ok(untold)
    }
}

/// A session that was looked at again.
enum Reviewed {
    /// Something about it is to be saved.
    Changed(Box<SessionChange>),
    /// Nothing is, but its effects may be due.
    AsBefore(Box<SessionEntry>),
}
