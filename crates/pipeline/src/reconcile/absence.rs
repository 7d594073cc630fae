//! Checks every recording once a day, because a deletion or lost tags may raise no event.
//!
//! A page of a container's listing and the entries of the same names are compared. Both come in the order of names, so
//! one listing serves the whole catalogue, in little memory.

use std::collections::{BTreeSet, HashMap};

use domain::address::{BlobName, ContainerAddress};
use domain::past::is_ahead;
use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use domain::record::tags::TagSet;
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{PAGE, Reconciled};
use crate::all_checkpoints::all_checkpoints;
use crate::deadline::MayGoOn;
use crate::ports::{CheckpointKey, CheckpointKind, Fault, ListBlobs, NameRange, Version};
use crate::reconcile::Reconcile;
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode};
use crate::stores::is_strange;

/// Interval between rounds.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Entries per page.
const ENTRIES: usize = 1000;
/// Concurrent checks.
const AT_ONCE: usize = 8;

/// Progress of the daily round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rounds {
    schema: Schema,
    /// Begin of the current or last round.
    begun_at: Timestamp,
    /// Position of a round that has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Position>,
    /// True if all entries have been checked.
    is_whole: bool,
}

/// Position in a container. Earlier containers, and earlier names of this one, have been checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    account: String,
    container: String,
    /// Marker of the page of the listing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
    /// Name and id of the last entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<(String, String)>,
}

impl CheckpointDocument for Rounds {
    const WHAT: &str = "daily check of all recordings";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, begun_at, at, is_whole } = self;
        if is_ahead(begun_at, now) {
            // A wrong clock started this round, so the next one is due now.
            return Self { schema, begun_at: Timestamp::UNIX_EPOCH, at: None, is_whole: true };
        }
        Self { schema, begun_at, at, is_whole }
    }
}

impl Position {
    fn start(container: &ContainerAddress) -> Self {
        let (account, container) = (container.account.as_str().to_owned(), container.container.as_str().to_owned());
        Self { account, container, marker: None, after: None }
    }

    fn container(&self) -> Option<ContainerAddress> {
        ContainerAddress::parse(&self.account, &self.container).ok()
    }

    fn after(&self) -> Option<(BlobName, RecordingId)> {
        let (name, id) = self.after.as_ref()?;
        Some((BlobName::parse(name).ok()?, RecordingId::parse(id).ok()?))
    }
}

/// A page of a listing.
struct Listed {
    tags: HashMap<BlobName, Option<TagSet>>,
    /// Last name of the page; `None` if no page follows.
    until: Option<BlobName>,
    next: Option<String>,
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
        let fresh = || Rounds { schema: Schema, begun_at: now, at: None, is_whole: false };
        let mut rounds = known.filter(|rounds| !is_over(rounds)).unwrap_or_else(fresh);
        if rounds.is_whole {
            return Ok(());
        }
        let begun = rounds.at.as_ref().and_then(Position::container);
        let containers = self.containers().await?;
        for container in containers.into_iter().filter(|one| begun.as_ref().is_none_or(|begun| one >= begun)) {
            let known = rounds.at.take().filter(|at| at.container().as_ref() == Some(&container));
            rounds.at = Some(known.unwrap_or_else(|| Position::start(&container)));
            if !self.look_in(&container, &mut rounds, &mut version, may_go_on, reconciled).await? {
                return Ok(());
            }
        }
        (rounds.is_whole, rounds.at) = (true, None);
        self.goes_on(&rounds, &mut version, may_go_on, reconciled).await.map(drop)
    }

    /// Returns the containers of all entries: those configured now, and those listed ever.
    async fn containers(&self) -> Result<BTreeSet<ContainerAddress>, Fault> {
        let configured = self.estate.bastions.iter().flat_map(|bastion| bastion.recordings.iter().cloned());
        let mut containers: BTreeSet<_> = configured.collect();
        let listed = all_checkpoints(&*self.checkpoints, CheckpointKind::Container).await?;
        let names = listed.iter().filter_map(|(name, _)| name.split_once('/'));
        containers.extend(names.filter_map(|(account, name)| ContainerAddress::parse(account, name).ok()));
        Ok(containers)
    }

    /// Continues in a container. Returns false if the round must stop before its end.
    async fn look_in(
        &self,
        container: &ContainerAddress,
        rounds: &mut Rounds,
        version: &mut Option<Version>,
        may_go_on: MayGoOn<'_>,
        reconciled: &mut Reconciled,
    ) -> Result<bool, Fault> {
        loop {
            let mut at = rounds.at.take().unwrap_or_else(|| Position::start(container));
            let listed = self.listed(container, at.marker.as_deref()).await;
            // A page without blobs before another page says nothing about any entry.
            let mut is_done = listed.tags.is_empty() && listed.next.is_some();
            while !is_done {
                let after = at.after();
                let after = after.as_ref().map(|(name, id)| (name, *id));
                let range = NameRange { container, after, until: listed.until.as_ref(), limit: ENTRIES };
                let page = self.catalogue.by_name(&range).await?;
                is_done = page.len() < ENTRIES;
                let end = page.last().map(|last| (last.address.name.as_str().to_owned(), last.id.to_string()));
                at.after = end.or(at.after);
                self.compare(page, &listed, reconciled).await;
                if !is_done {
                    rounds.at = Some(at.clone());
                    if !self.goes_on(rounds, version, may_go_on, reconciled).await? {
                        return Ok(false);
                    }
                }
            }
            let is_last = listed.next.is_none();
            at.marker = listed.next;
            rounds.at = Some(at);
            if is_last {
                return Ok(true);
            }
            if !self.goes_on(rounds, version, may_go_on, reconciled).await? {
                return Ok(false);
            }
        }
    }

    /// Reads a page of a listing. After a fault, or without a container, nothing counts as listed.
    async fn listed(&self, container: &ContainerAddress, marker: Option<&str>) -> Listed {
        let request = ListBlobs::first(container, PAGE).with_tags().after(marker);
        // A fault shows again when the recordings are checked one by one.
        let page = self.blobs.list(request).await.ok().flatten().unwrap_or_default();
        let until = page.blobs.iter().map(|blob| &blob.name).max().filter(|_| page.next.is_some()).cloned();
        let tags = page.blobs.into_iter().map(|blob| (blob.name, blob.tags)).collect();
        Listed { tags, until, next: page.next }
    }

    /// Compares entries with a page that lists their blobs, and checks those alone that it does not confirm.
    async fn compare(&self, page: Vec<Entry>, listed: &Listed, reconciled: &mut Reconciled) {
        let (now, mut confirmed) = (self.time.now(), BTreeSet::new());
        let mut is_confirmed = |entry: &Entry| {
            let is_there = entry.state.is_there() && !entry.is_ahead(now, &self.rules);
            let tags = listed.tags.get(&entry.address.name).and_then(Option::as_ref);
            let is_as_listed = is_there
                && tags == Some(&entry.tags)
                && self.entries.agrees(entry, &entry.tags)
                && !entry.has_tag_trouble();
            // A blob confirms one recording.
            is_as_listed && confirmed.insert(entry.address.name.clone())
        };
        let seen = page.into_iter().filter(|entry| entry.life.observation.is_some());
        let alone: Vec<Entry> = seen.filter(|entry| !is_confirmed(entry)).collect();
        let looks = stream::iter(alone).map(|entry| self.is_amiss(entry)).buffer_unordered(AT_ONCE);
        count(&looks.collect::<Vec<_>>().await, reconciled);
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
