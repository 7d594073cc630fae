//! Checks every recording once a day, because a deletion or lost tags may raise no event.

use domain::past::is_ahead;
use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Reconciled;
use super::listed_tags::ExpectedTags;
use crate::deadline::MayGoOn;
use crate::ports::{CheckpointKey, CheckpointKind, Fault, ListRequest, Version};
use crate::reconcile::Reconcile;
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode};
use crate::stores::is_strange;

/// Interval between rounds.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Entries per page.
const PAGE: usize = 100;
/// Minimum number of recordings that are compared with one listing. Bounds the memory, and the time for reading them.
const BATCH: usize = 50_000;
/// Concurrent checks.
const AT_ONCE: usize = 8;

/// Progress of the daily round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rounds {
    schema: Schema,
    /// Begin of the current or last round.
    begun_at: Timestamp,
    /// Entries above this id have been checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    below: Option<String>,
    /// True if all entries have been checked.
    is_whole: bool,
}

impl CheckpointDocument for Rounds {
    const WHAT: &str = "daily check of all recordings";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, begun_at, below, is_whole } = self;
        if is_ahead(begun_at, now) {
            // A wrong clock started this round, so the next one is due now.
            return Self { schema, begun_at: Timestamp::UNIX_EPOCH, below: None, is_whole: true };
        }
        Self { schema, begun_at, below, is_whole }
    }
}

/// Entries of one step of a round.
struct Batch {
    expected: ExpectedTags,
    /// Last id of the batch, or `None` if no entry is left.
    end: Option<RecordingId>,
}

impl Reconcile {
    /// Continues the daily round. A large archive takes several calls.
    pub(super) async fn look_for_absent(
        &self,
        may_go_on: MayGoOn<'_>,
        reconciled: &mut Reconciled,
    ) -> Result<(), Fault> {
        if self.blobs.as_of().is_some() {
            // An old inventory cannot show that a blob is gone now.
            return Ok(());
        }
        let (now, known) = (self.time.now(), self.checkpoints.get(&key()).await?);
        let mut version = known.as_ref().map(|known| known.version);
        let known = known.map(|known| decode::<Rounds>(&known.doc, now)).transpose()?;
        let is_over = |rounds: &Rounds| rounds.is_whole && now.duration_since(rounds.begun_at) >= EVERY;
        let fresh = || Rounds { schema: Schema, begun_at: now, below: None, is_whole: false };
        let mut rounds = known.filter(|rounds| !is_over(rounds)).unwrap_or_else(fresh);
        while !rounds.is_whole {
            let below = rounds.below.as_deref().and_then(|id| RecordingId::parse(id).ok());
            let batch = self.next_batch(below, may_go_on, reconciled).await?;
            let unconfirmed = self.unconfirmed(batch.expected, may_go_on).await;
            for ids in unconfirmed.chunks(PAGE) {
                let looks = stream::iter(ids.to_vec()).map(|id| self.look_alone(id)).buffer_unordered(AT_ONCE);
                count(&looks.collect::<Vec<_>>().await, reconciled);
                rounds.below = ids.last().map(ToString::to_string);
                if !self.goes_on(&rounds, &mut version, may_go_on, reconciled).await? {
                    return Ok(());
                }
            }
            rounds.is_whole = batch.end.is_none();
            rounds.below = batch.end.map(|id| id.to_string());
            if !self.goes_on(&rounds, &mut version, may_go_on, reconciled).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Saves the progress. Returns false if another process continues the round, or the time of this call is over.
    async fn goes_on(
        &self,
        rounds: &Rounds,
        version: &mut Option<Version>,
        may_go_on: MayGoOn<'_>,
        reconciled: &mut Reconciled,
    ) -> Result<bool, Fault> {
        let Some(saved) = self.checkpoints.save(&key(), *version, &encode(rounds)?).await? else {
            return Ok(false);
        };
        *version = Some(saved);
        if rounds.is_whole || may_go_on() {
            return Ok(true);
        }
        reconciled.unfinished = true;
        Ok(false)
    }

    /// Reads the next entries. Checks those whose blob is not expected to exist, and returns the tags of the others.
    async fn next_batch(
        &self,
        mut below: Option<RecordingId>,
        may_go_on: MayGoOn<'_>,
        reconciled: &mut Reconciled,
    ) -> Result<Batch, Fault> {
        let mut expected = ExpectedTags::default();
        loop {
            let page = self.catalogue.list(&ListRequest { under: None, below, from: None, limit: PAGE }).await?;
            let Some(last) = page.last() else { return Ok(Batch { expected, end: None }) };
            below = Some(last.id);
            let now = self.time.now();
            let (there, others): (Vec<_>, Vec<_>) = page
                .into_iter()
                .filter(|entry| entry.life.sighting.is_some())
                .partition(|entry| entry.state.is_there() && !entry.is_ahead(now, &self.rules));
            let looks = stream::iter(others).map(|entry| self.is_amiss(entry)).buffer_unordered(AT_ONCE);
            count(&looks.collect::<Vec<_>>().await, reconciled);
            for entry in there {
                let is_confirmable = self.entries.agrees(&entry, &entry.tags);
                expected.add(&entry, is_confirmable);
            }
            if expected.len() >= BATCH || !may_go_on() {
                return Ok(Batch { expected, end: below });
            }
        }
    }

    /// Checks the recording with this id. Returns the same as [`Self::is_amiss`].
    async fn look_alone(&self, id: RecordingId) -> Option<bool> {
        match self.catalogue.lives_of(id).await {
            Ok(loaded) => match loaded.and_then(|loaded| loaded.lives.entry(id).cloned()) {
                Some(entry) => self.is_amiss(entry).await,
                None => Some(false),
            },
            Err(fault) => unchecked(id, &fault),
        }
    }

    /// Returns true if the recording was gone, back, or without our tags; its entry is then updated. Returns `None` if
    /// the check failed.
    async fn is_amiss(&self, entry: Entry) -> Option<bool> {
        let id = entry.id;
        let looked = if entry.is_ahead(self.time.now(), &self.rules) {
            self.look_again_at(&entry).await
        } else if entry.state.is_there() {
            self.entries.look_at_tags(entry).await
        } else {
            self.look_for_return(&entry).await
        };
        looked.map_or_else(|fault| unchecked(id, &fault), Some)
    }

    /// Re-evaluates an entry with times from a wrong clock.
    async fn look_again_at(&self, entry: &Entry) -> Result<bool, Fault> {
        let Some(loaded) = self.catalogue.lives_of(entry.id).await? else {
            return Ok(false);
        };
        self.entries.reconsider(loaded, &entry.bastion, None).await.map(|_| true)
    }

    /// Re-evaluates a deleted recording if its blob exists again. Storage raises no event for its return.
    async fn look_for_return(&self, entry: &Entry) -> Result<bool, Fault> {
        let (now, custody) = (self.time.now(), &entry.custody);
        let buried_at = custody.tombstone.as_ref().map(|tombstone| tombstone.at);
        let gone_at = entry.life.deleted_at().or(buried_at).or(custody.missing_since);
        let may_return = gone_at.is_some_and(|at| is_looked_for_on(now.duration_since(at).as_hours() / 24));
        if !may_return || self.blobs.properties(&entry.address).await?.is_none() {
            return Ok(false);
        }
        let Some(loaded) = self.catalogue.lives_of(entry.id).await? else {
            return Ok(false);
        };
        if loaded.lives.entries.iter().any(|life| life.state.is_there()) {
            // Another recording has this name by now.
            return Ok(false);
        }
        self.entries.reconsider(loaded, &entry.bastion, None).await.map(|_| true)
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Pass, name: "absence".to_owned() }
}

/// Logs a failed check, except in a container that a person must fix: the log reports that once per container.
fn unchecked(id: RecordingId, fault: &Fault) -> Option<bool> {
    if !is_strange(fault) {
        tracing::warn!(recording = %id, %fault, "recording not checked, the next round does it");
    }
    None
}

fn count(found: &[Option<bool>], reconciled: &mut Reconciled) {
    reconciled.amiss += found.iter().filter(|found| **found == Some(true)).count();
    reconciled.failed += found.iter().filter(|found| found.is_none()).count();
}

/// Returns true on the days after a deletion on which a blob's return is checked: every day of the first week, then
/// each time the age has doubled, and on the following day in case of a late round. Storage keeps deleted blobs for at
/// most a year.
fn is_looked_for_on(day: i64) -> bool {
    let doubles = |day: i64| u64::try_from(day).is_ok_and(u64::is_power_of_two);
    day < 8 || (day <= 365 && (doubles(day) || doubles(day - 1)))
}

#[cfg(test)]
mod tests {
    use super::is_looked_for_on;

    #[test]
    fn a_deleted_recording_is_checked_twenty_times_in_a_year() {
        let days: Vec<i64> = (0..1000).filter(|day| is_looked_for_on(*day)).collect();
        assert_eq!(days.len(), 20);
        assert_eq!(days[6..12], [6, 7, 8, 9, 16, 17]);
        assert_eq!(days[18..], [256, 257]);
    }
}
