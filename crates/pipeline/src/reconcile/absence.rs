//! Looks at every recording once a day: one that is gone, or has lost its tags, may have been told by nobody.

use domain::catalogue::Entry;
use domain::past::is_ahead;
use domain::recording_id::RecordingId;
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Reconciled;
use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{CheckpointKey, CheckpointKind, Fault, ListRequest};
use crate::stored::checkpoint::{Document, decode, encode};
use crate::stores::is_strange;

/// How often everything is looked at.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// How many entries are read at a time.
const PAGE: usize = 100;
/// How many blobs are looked at at the same time.
const AT_ONCE: usize = 8;

/// How far the look has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rounds {
    schema: u32,
    /// When the round under way, or the last one, began.
    begun_at: Timestamp,
    /// Everything above this entry has been looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    below: Option<String>,
    /// Whether everything has.
    is_whole: bool,
}

impl Document for Rounds {
    const WHAT: &str = "daily look at all recordings";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, begun_at, below, is_whole } = self;
        if is_ahead(begun_at, now) {
            // What it found was found by a wrong clock: the next one is due.
            return Self { schema, begun_at: Timestamp::UNIX_EPOCH, below: None, is_whole: true };
        }
        Self { schema, begun_at, below, is_whole }
    }
}

impl Archivist {
    /// Goes on with the day's round. A large archive takes several calls.
    pub(super) async fn look_for_absent(
        &self,
        may_go_on: MayGoOn<'_>,
        reconciled: &mut Reconciled,
    ) -> Result<(), Fault> {
        if self.ports.blobs.as_of().is_some() {
            // What was once there says nothing of what is gone now.
            return Ok(());
        }
        let key = CheckpointKey { kind: CheckpointKind::Pass, name: "absence".to_owned() };
        let (now, known) = (self.now(), self.ports.checkpoints.get(&key).await?);
        let mut version = known.as_ref().map(|known| known.version);
        let known = known.map(|known| decode::<Rounds>(&known.doc, now)).transpose()?;
        let is_over = |rounds: &Rounds| rounds.is_whole && now.duration_since(rounds.begun_at) >= EVERY;
        let fresh = || Rounds { schema: Rounds::SCHEMA, begun_at: now, below: None, is_whole: false };
        let mut rounds = known.filter(|rounds| !is_over(rounds)).unwrap_or_else(fresh);
        while !rounds.is_whole {
            let below = rounds.below.as_deref().and_then(|id| RecordingId::parse(id).ok());
            let page = self.ports.catalogue.list(&ListRequest { under: None, below, from: None, limit: PAGE }).await?;
            let end = page.last().map(|entry| entry.id.to_string());
            let looks = stream::iter(page).map(|entry| self.is_amiss(entry)).buffer_unordered(AT_ONCE);
            let found: Vec<Option<bool>> = looks.collect().await;
            reconciled.amiss += found.iter().filter(|found| **found == Some(true)).count();
            reconciled.failed += found.iter().filter(|found| found.is_none()).count();
            rounds.is_whole = end.is_none();
            rounds.below = end;
            let Some(saved) = self.ports.checkpoints.save(&key, version, &encode(&rounds)?).await? else {
                // Somebody else is at it.
                return Ok(());
            };
            version = Some(saved);
            if !rounds.is_whole && !may_go_on() {
                reconciled.unfinished = true;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether a recording is gone, lacks our tags or is back, and has been taken in as such. `None` where nobody could look.
    async fn is_amiss(&self, entry: Entry) -> Option<bool> {
        if entry.life.sighting.is_none() {
            return Some(false);
        }
        let looked = if entry.is_ahead(self.now(), &self.settings.rules) {
            self.look_again_at(&entry).await
        } else if entry.state.is_there() {
            self.look_at_tags(entry.clone()).await
        } else {
            self.look_for_return(&entry).await
        };
        match looked {
            Ok(is_amiss) => Some(is_amiss),
            Err(fault) if is_strange(&fault) => None,
            Err(fault) => {
                tracing::warn!(recording = %entry.id, %fault, "recording not looked at, the next round does it");
                None
            }
        }
    }

    /// Looks at an entry in which a wrong clock left something.
    async fn look_again_at(&self, entry: &Entry) -> Result<bool, Fault> {
        let Some(loaded) = self.ports.catalogue.lives_of(entry.id).await? else {
            return Ok(false);
        };
        self.reconsider(loaded, &entry.bastion, None).await.map(|_| true)
    }

    /// Whether a recording that was deleted is there again, of which storage tells nobody.
    async fn look_for_return(&self, entry: &Entry) -> Result<bool, Fault> {
        let (now, custody) = (self.now(), &entry.custody);
        let buried_at = custody.tombstone.as_ref().map(|tombstone| tombstone.at);
        let gone_at = entry.life.deleted_at().or(buried_at).or(custody.missing_since);
        let may_return = gone_at.is_some_and(|at| is_looked_for_on(now.duration_since(at).as_hours() / 24));
        if !may_return || self.ports.blobs.properties(&entry.address).await?.is_none() {
            return Ok(false);
        }
        let Some(loaded) = self.ports.catalogue.lives_of(entry.id).await? else {
            return Ok(false);
        };
        if loaded.lives.entries.iter().any(|life| life.state.is_there()) {
            // Another one has the name by now.
            return Ok(false);
        }
        self.reconsider(loaded, &entry.bastion, None).await.map(|_| true)
    }
}

/// On which days after it was deleted a recording is looked for: each of the first week, then whenever it has been gone for
/// twice as long, and on the day after that for a round that was late. Storage keeps nothing that was deleted for longer
/// than a year.
fn is_looked_for_on(day: i64) -> bool {
    let doubles = |day: i64| u64::try_from(day).is_ok_and(u64::is_power_of_two);
    day < 8 || (day <= 365 && (doubles(day) || doubles(day - 1)))
}

#[cfg(test)]
mod tests {
    use super::is_looked_for_on;

    #[test]
    fn a_recording_that_was_deleted_is_looked_for_twenty_times_in_a_year() {
        let days: Vec<i64> = (0..1000).filter(|day| is_looked_for_on(*day)).collect();
        assert_eq!(days.len(), 20);
        assert_eq!(days[6..12], [6, 7, 8, 9, 16, 17]);
        assert_eq!(days[18..], [256, 257]);
    }
}
