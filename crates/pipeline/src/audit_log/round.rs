//! Finds logs that changed, however old they are.

use domain::address::ContainerAddress;
use domain::past::is_ahead;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::place::LogPlace;
use crate::archivist::Archivist;
use crate::ports::{BlobPage, CheckpointKey, CheckpointKind, Fault, ListedBlob};
use crate::stored::checkpoint::{Document, decode, encode};

/// How many blobs one page of the listing has: as many as storage gives.
const PAGE: usize = 5000;
/// How often a container is listed as a whole.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How far the clocks of storage and of ours may be apart.
const SLACK: SignedDuration = SignedDuration::from_hours(1);
/// How far back the first round looks; what is older is a matter for a backfill.
const FIRST: SignedDuration = SignedDuration::from_hours(24);
/// How far back a round looks behind one that began in the future, of which nothing is known.
const UNKNOWN: SignedDuration = SignedDuration::from_hours(31 * 24);

/// A walk over all logs of a container, a page in each pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Round {
    schema: u32,
    begun_at: Timestamp,
    /// Logs that were written earlier were seen by the round before.
    since: Timestamp,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
    #[serde(default)]
    is_over: bool,
}

impl Document for Round {
    const WHAT: &str = "round over the audit logs of a container";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, begun_at, since, marker, is_over } = self;
        if is_ahead(begun_at, now) {
            // When it began is not known, so the next one looks far back.
            return Self { begun_at: back(now, UNKNOWN), marker: None, is_over: true, ..Self::after(None, now) };
        }
        Self { schema, begun_at, since, marker, is_over }
    }
}

fn back(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

impl Round {
    fn after(before: Option<Self>, now: Timestamp) -> Self {
        let since = match before {
            None => back(now, FIRST),
            Some(before) if before.is_over => back(before.begun_at, SLACK),
            Some(before) => return before,
        };
        Self { schema: Self::SCHEMA, begun_at: now, since, marker: None, is_over: false }
    }

    fn is_recent(&self, now: Timestamp) -> bool {
        self.is_over && now.duration_since(self.begun_at) < EVERY
    }
}

impl Archivist {
    /// Opens logs of a container that were written since they were last seen, of whatever day: a page of the listing in
    /// each pass, and one round over all pages an hour. What a log of a year ago costs is its line in a page.
    pub(super) async fn find_changed_logs(&self, container: &ContainerAddress) -> Result<(), Fault> {
        let key = CheckpointKey { kind: CheckpointKind::Pass, name: format!("audit logs of {container}") };
        let (now, stored) = (self.now(), self.ports.checkpoints.get(&key).await?);
        let before: Option<Round> = stored.as_ref().map(|stored| decode(&stored.doc, self.now())).transpose()?;
        if before.as_ref().is_some_and(|before| before.is_recent(now)) {
            return Ok(());
        }
        let mut round = Round::after(before, now);
        let page = self.ports.blobs.list(container, "", round.marker.as_deref(), PAGE).await?;
        let BlobPage { blobs, next } = page.unwrap_or_default();
        for blob in blobs.into_iter().filter(|blob| blob.properties.last_modified >= round.since) {
            if self.is_ours(&blob) {
                let log = container.blob(blob.name);
                if self.open_log(&log).await?.is_none() {
                    self.reopen_log(&log, &blob.properties).await?;
                }
            }
        }
        (round.is_over, round.marker) = (next.is_none(), next);
        // Whoever saved meanwhile has listed the same page.
        self.ports.checkpoints.save(&key, stored.map(|stored| stored.version), &encode(&round)?).await.map(drop)
    }

    /// False for the log of a bastion that is not configured.
    fn is_ours(&self, blob: &ListedBlob) -> bool {
        let place = LogPlace::parse(blob.name.as_str());
        place.is_none_or(|place| self.settings.estate.bastion_with_resource_id(place.resource_id).is_some())
    }
}
