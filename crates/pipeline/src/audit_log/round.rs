//! Lists whole containers to find changed logs of any age.

use std::collections::BTreeMap;

use domain::address::{AccountName, BlobAddress, ContainerAddress};
use domain::past::is_ahead;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::logged_hours::LoggedHours;
use super::place::LogPlace;
use crate::audit_log::FindAuditLogs;
use crate::ports::{BlobPage, CheckpointKey, CheckpointKind, Checkpoints, Fault, ListBlobs, ListedBlob};
use crate::save::save_with_retry;
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode};

/// Blobs per page: the storage maximum.
const PAGE: usize = 5000;
/// Interval between rounds over a container with audit logs, whose new logs are found otherwise.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Interval between rounds over a container with accesses, whose logs are found by these rounds only.
const EVERY_ACCESS: SignedDuration = SignedDuration::from_mins(10);
/// Tolerated clock difference to the storage service.
const SLACK: SignedDuration = SignedDuration::from_hours(1);
/// Reach of the first round; older logs need a backfill.
const FIRST: SignedDuration = SignedDuration::from_hours(24);
/// Reach of the round after one with a begin in the future, whose begin is unknown.
const UNKNOWN: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Walk over all logs of a container, one page per pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Round {
    schema: Schema,
    begun_at: Timestamp,
    /// Logs written earlier were seen by the previous round.
    since: Timestamp,
    /// Continuation marker of the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
    #[serde(default)]
    is_over: bool,
    /// Hours of the logs of accesses that were read, by account of the recordings.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    accesses: BTreeMap<String, LoggedHours>,
}

impl CheckpointDocument for Round {
    const WHAT: &str = "round over the audit logs of a container";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, begun_at, since, marker, is_over, mut accesses } = self;
        // The hour of a log ends after its first records.
        accesses.retain(|_, hours| !is_ahead(hours.last(), now.saturating_add(SLACK).unwrap_or(now)));
        if is_ahead(begun_at, now) {
            // The begin of this round is unknown, so the next round reaches far back.
            let begun_at = back(now, UNKNOWN);
            return Self { begun_at, marker: None, is_over: true, accesses, ..Self::after(None, now) };
        }
        Self { schema, begun_at, since, marker, is_over, accesses }
    }
}

fn back(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

impl Round {
    fn after(before: Option<Self>, now: Timestamp) -> Self {
        let (since, accesses) = match before {
            None => (back(now, FIRST), BTreeMap::new()),
            Some(before) if before.is_over => (back(before.begun_at, SLACK), before.accesses),
            Some(before) => return before,
        };
        Self { schema: Schema, begun_at: now, since, marker: None, is_over: false, accesses }
    }

    /// Notes the hour of a log of accesses.
    fn note_accesses(&mut self, account: &str, at: Timestamp) {
        let account = account.to_ascii_lowercase();
        self.accesses.entry(account).and_modify(|hours| hours.note(at)).or_insert_with(|| LoggedHours::from_time(at));
    }

    fn is_recent(&self, now: Timestamp, every: SignedDuration) -> bool {
        self.is_over && now.duration_since(self.begun_at) < every
    }
}

/// Returns the hours of the logs of accesses that were read in a container for an account. `None` if there are none.
pub(crate) async fn logged_hours(
    checkpoints: &dyn Checkpoints,
    container: &ContainerAddress,
    account: &AccountName,
    now: Timestamp,
) -> Result<Option<LoggedHours>, Fault> {
    let Some(stored) = checkpoints.get(&key(container)).await? else {
        return Ok(None);
    };
    let mut round: Round = decode(&stored.doc, now)?;
    Ok(round.accesses.remove(account.as_str()))
}

/// Notes that a log of accesses was read to its end.
pub(super) async fn note_read(checkpoints: &dyn Checkpoints, log: &BlobAddress, now: Timestamp) -> Result<(), Fault> {
    let Some(place) = LogPlace::parse(log.name.as_str()) else { return Ok(()) };
    let latest = now.saturating_add(SLACK).unwrap_or(now);
    let Some(account) = place.account().filter(|_| place.hour_ends <= latest) else {
        return Ok(());
    };
    let key = &key(&log.container());
    let note = || async move {
        let stored = checkpoints.get(key).await?;
        let before: Option<Round> = stored.as_ref().map(|stored| decode(&stored.doc, now)).transpose()?;
        let mut round = before.unwrap_or_else(|| Round::after(None, now));
        round.note_accesses(account, place.hour_ends);
        checkpoints.save(key, stored.map(|stored| stored.version), &encode(&round)?).await
    };
    save_with_retry(|| format!("note that {log} was read"), || Box::pin(note())).await.map(drop)
}

fn key(container: &ContainerAddress) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Pass, name: format!("audit logs of {container}") }
}

impl FindAuditLogs {
    /// Opens logs of a container written since the previous round, of any day. Each pass reads one page, and a round
    /// over all pages starts at most once an hour. An old log costs only its row in a page.
    pub(super) async fn find_changed_logs(&self, container: &ContainerAddress) -> Result<(), Fault> {
        let key = key(container);
        let is_access = self.estate.bastions_of_access_logs(container).next().is_some();
        let every = if is_access { EVERY_ACCESS } else { EVERY };
        let (now, stored) = (self.time.now(), self.checkpoints.get(&key).await?);
        let before: Option<Round> = stored.as_ref().map(|stored| decode(&stored.doc, self.time.now())).transpose()?;
        if before.as_ref().is_some_and(|before| before.is_recent(now, every)) {
            return Ok(());
        }
        let mut round = Round::after(before, now);
        let since = round.since;
        let page = self.blobs.list(ListBlobs::first(container, PAGE).after(round.marker.as_deref())).await?;
        let BlobPage { blobs, next } = page.unwrap_or_default();
        for blob in blobs.into_iter().filter(|blob| blob.properties.last_modified >= since) {
            if self.is_ours(container, &blob) {
                let log = container.blob(blob.name);
                if self.log_positions.open_log(&log).await?.is_none() {
                    self.log_positions.reopen_log(&log, &blob.properties).await?;
                }
            }
        }
        (round.is_over, round.marker) = (next.is_none(), next);
        // If the save fails, another pass has listed the same page.
        self.checkpoints.save(&key, stored.map(|stored| stored.version), &encode(&round)?).await.map(drop)
    }

    /// Returns false for a log of an unconfigured bastion, or of another account than those of the recordings.
    fn is_ours(&self, container: &ContainerAddress, blob: &ListedBlob) -> bool {
        let Some(place) = LogPlace::parse(blob.name.as_str()) else { return true };
        let account = place.account();
        let mut logged = self.estate.bastions_of_access_logs(container).flat_map(|bastion| &bastion.recordings);
        self.estate.bastion_with_resource_id(place.resource_id).is_some()
            || logged.any(|recordings| account.is_some_and(|it| it.eq_ignore_ascii_case(recordings.account.as_str())))
    }
}
