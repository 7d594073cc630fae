//! Applies a new hold to recordings about to be deleted, before the caller gets its result.

use std::collections::BTreeSet;

use domain::policy::matcher::ConditionResult;
use domain::record::catalogue::{Entry, Lives};
use domain::record::hold::Hold;
use domain::record::recording_id::RecordingId;
use domain::record::tags::{HOLD, NO_HOLD};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Placed;
use crate::disposals::Disposals;
use crate::hold::PlaceHold;
use crate::ports::{Due, Fault};

/// Due entries per page.
const PAGE: usize = 100;
/// Period during which a failing tag write is retried, plus a margin.
const TAGS_WITHIN: SignedDuration = SignedDuration::from_hours(25);

impl PlaceHold {
    /// Returns the recordings that any process may delete until the end of tomorrow or of the grace period.
    pub async fn deleted_soon(&self) -> Result<BTreeSet<RecordingId>, Fault> {
        let mut soon = BTreeSet::new();
        let mut disposals = Disposals::until(self.soon(), &*self.catalogue);
        while let Some(page) = disposals.next().await? {
            soon.extend(page.into_iter().map(|due| due.id));
        }
        Ok(soon)
    }

    /// Returns the time until which a deletion is near.
    fn soon(&self) -> Timestamp {
        let today = TimeZone::UTC.to_datetime(self.time.now()).date();
        // Without a retention policy here, another process with a policy may delete from the same catalogue.
        let warned = self.rules.retention.as_ref().map_or(today, |policy| policy.grace.after(today));
        // One more day, since a sweep may begin at any moment.
        let soon = warned.tomorrow().unwrap_or(today).to_datetime(Time::MAX);
        TimeZone::UTC.to_timestamp(soon).unwrap_or(Timestamp::MAX)
    }

    /// Applies the hold to every possibly covered recording about to be deleted, and reports those deleted already.
    pub(super) async fn carry_hold(
        &self,
        hold: &Hold,
        watched: &BTreeSet<RecordingId>,
        placed: &mut Placed,
    ) -> Result<(), Fault> {
        let mut left: BTreeSet<RecordingId> = watched.iter().copied().chain(hold.scope.recording).collect();
        let mut disposals = Disposals::until(self.soon(), &*self.catalogue);
        while let Some(page) = disposals.next().await? {
            for due in page {
                let is_meant = |entry: &Entry| hold.covers(entry) != ConditionResult::False;
                self.carry_on(due.id, hold, is_meant, placed).await;
                left.remove(&due.id);
            }
        }
        self.report_deleted(hold, &left, placed).await?;
        self.carry_untagged(hold, placed).await
    }

    /// Reports the recordings of `left` that the hold came too late for.
    async fn report_deleted(
        &self,
        hold: &Hold,
        left: &BTreeSet<RecordingId>,
        placed: &mut Placed,
    ) -> Result<(), Fault> {
        for id in left {
            let Some(loaded) = self.catalogue.lives_of(*id).await? else { continue };
            if let Some(reason) = deleted_already(&loaded.lives, *id, hold) {
                placed.deleted.push((*id, reason));
            }
        }
        Ok(())
    }

    /// Applies the hold to recordings updated by another process or an earlier try: they are no longer about to be
    /// deleted, but the tag may not be written yet.
    async fn carry_untagged(&self, hold: &Hold, placed: &mut Placed) -> Result<(), Fault> {
        let until = self.time.now().saturating_add(TAGS_WITHIN).unwrap_or(Timestamp::MAX);
        let mut last = None::<Due>;
        loop {
            let page = self.catalogue.due(until, last.as_ref(), PAGE).await?;
            let Some(end) = page.last().copied() else { return Ok(()) };
            let known: Vec<RecordingId> = placed.not_carried.iter().map(|(id, _)| *id).collect();
            for due in page.into_iter().filter(|due| !known.contains(&due.id)) {
                let is_untagged = |entry: &Entry| entry.state.is_there() && carries(entry, hold) && !is_tagged(entry);
                self.carry_on(due.id, hold, is_untagged, placed).await;
            }
            last = Some(end);
        }
    }

    /// Applies the hold to one recording if `is_meant`. A failure is reported and does not stop the others.
    async fn carry_on(
        &self,
        id: RecordingId,
        hold: &Hold,
        is_meant: impl Fn(&Entry) -> bool + Send,
        placed: &mut Placed,
    ) {
        match self.try_carry_on(id, hold, is_meant).await {
            Ok(None) => {}
            Ok(Some(Carried::Yes)) => placed.carried += 1,
            Ok(Some(Carried::No(reason))) => placed.not_carried.push((id, reason)),
            Err(fault) => placed.not_carried.push((id, fault.to_string())),
        }
    }

    async fn try_carry_on(
        &self,
        id: RecordingId,
        hold: &Hold,
        is_meant: impl Fn(&Entry) -> bool + Send,
    ) -> Result<Option<Carried>, Fault> {
        let Some(loaded) = self.catalogue.lives_of(id).await? else {
            return Ok(None);
        };
        let Some(entry) = loaded.lives.entry(id).filter(|entry| is_meant(entry)) else {
            return Ok(None);
        };
        let bastion = entry.bastion.clone();
        self.entries.reconsider(loaded, &bastion, None).await?;
        let now = self.catalogue.lives_of(id).await?;
        let reason = not_carried(now.as_ref().map(|loaded| &loaded.lives), id, hold);
        Ok(Some(reason.map_or(Carried::Yes, Carried::No)))
    }
}

/// Result of applying a hold to one recording.
enum Carried {
    Yes,
    /// Not confirmed, with the reason.
    No(String),
}

/// Returns the reason a recording does not carry the hold for certain. Returns `None` if the recording carries the
/// hold, or is not in the catalogue.
fn not_carried(lives: Option<&Lives>, id: RecordingId, hold: &Hold) -> Option<String> {
    let entry: &Entry = lives?.entry(id)?;
    if !entry.state.is_there() {
        return Some(format!("it is {}", entry.state.name()));
    }
    if !carries(entry, hold) {
        return Some("its entry does not carry the hold".to_owned());
    }
    (!is_tagged(entry)).then(|| "its tag does not show it yet".to_owned())
}

/// Returns the reason if a covered or possibly covered recording was deleted before the hold, and did not come back.
fn deleted_already(lives: &Lives, id: RecordingId, hold: &Hold) -> Option<String> {
    let entry = lives.entry(id).filter(|entry| !entry.state.is_there())?;
    let mut there = lives.entries.iter().filter(|entry| entry.state.is_there());
    let is_back = there.any(|entry| entry.custody.returned_from.contains(&id));
    (!is_back && hold.covers(entry) != ConditionResult::False)
        .then(|| format!("{} is {} already", entry.address.name.as_str(), entry.state.name()))
}

fn carries(entry: &Entry, hold: &Hold) -> bool {
    entry.custody.holds.iter().any(|held| held.hold == hold.id)
}

/// Returns true if the blob's tag marks the recording as held, as far as known.
fn is_tagged(entry: &Entry) -> bool {
    entry.tags.0.get(HOLD).is_some_and(|tag| tag != NO_HOLD)
}
