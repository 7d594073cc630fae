//! Stored progress of a container's listing.

use domain::past::{is_ahead, past};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::losses::Loss;
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, is_zero};

/// Margin before the last complete listing, because storage clocks may differ.
const SEEN_BEFORE: SignedDuration = SignedDuration::from_hours(1);

/// Progress of a container's listings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContainerListing {
    schema: Schema,
    /// All blobs in the container at this time are known, limited by `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) listed_at: Option<Timestamp>,
    /// Lower limit of the known blobs by their last write; `None` if there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Timestamp>,
    /// Begin of the current listing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) begun_at: Option<Timestamp>,
    /// Lower limit of the current listing by last write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) begun_from: Option<Timestamp>,
    /// Continuation marker of the current listing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) marker: Option<String>,
    /// Blobs seen so far by the current listing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) seen: u64,
    /// Failed blobs of the current listing. A listing with a failure does not count as complete, however many passes it
    /// took.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) missed: u64,
    /// Number of blobs in the last complete listing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) counted: Option<u64>,
    /// Name of the bastion at the time of the listing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bastion: Option<String>,
    /// Last loss of most blobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lost: Option<Loss>,
}

impl CheckpointDocument for ContainerListing {
    const WHAT: &str = "listing of a container";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, listed_at, from, begun_at, begun_from, marker, seen, missed, counted, bastion, lost } = self;
        let (listed_at, begun_at) = (past(listed_at, now), past(begun_at, now));
        let lost = lost.filter(|loss| !is_ahead(loss.at(), now));
        Self { schema, listed_at, from, begun_at, begun_from, marker, seen, missed, counted, bastion, lost }
    }
}

impl ContainerListing {
    /// State of a never listed container.
    pub(crate) fn none() -> Self {
        Self {
            schema: Schema,
            listed_at: None,
            from: None,
            begun_at: None,
            begun_from: None,
            marker: None,
            seen: 0,
            missed: 0,
            counted: None,
            bastion: None,
            lost: None,
        }
    }

    /// Time of the last complete listing.
    pub(crate) fn listed_at(&self) -> Option<Timestamp> {
        self.listed_at
    }

    /// Returns true if the container was listed at `since` or later, including blobs last written at `of`.
    pub(crate) fn is_since(&self, since: Timestamp, of: Timestamp) -> bool {
        let is_left_out = self.from.is_some_and(|from| from.saturating_add(SEEN_BEFORE).is_ok_and(|from| of < from));
        !is_left_out && self.listed_at.is_some_and(|at| at >= since)
    }

    /// Continues the current listing, or starts one at `now` if the current one does not reach back far enough. A limit
    /// of `None` admits every blob and sorts before all times.
    pub(crate) fn begin(&mut self, depth: Depth, now: Timestamp) -> Begun {
        let known = self.listed_at.map(|_| self.from);
        let wanted = match depth {
            Depth::News => known.unwrap_or_default(),
            Depth::BackTo(from) => known.map_or(from, |known| known.min(from)),
        };
        if self.begun_at.is_none() || self.begun_from > wanted {
            (self.begun_at, self.begun_from, self.marker) = (Some(now), wanted, None);
            (self.seen, self.missed) = (0, 0);
        }
        let news = self.listed_at.and_then(|at| at.checked_sub(SEEN_BEFORE).ok());
        let from = self.begun_from;
        Begun { at: self.begun_at.unwrap_or(now), from, since: news.filter(|_| known == Some(from)).or(from) }
    }
}

/// Listing in progress.
pub(crate) struct Begun {
    pub(crate) at: Timestamp,
    pub(crate) from: Option<Timestamp>,
    /// Blobs last written before this time are known or not wanted.
    pub(crate) since: Option<Timestamp>,
}

/// Reach of a listing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Depth {
    /// Same reach as before.
    News,
    /// Back to blobs last written at this time; `None` for all.
    BackTo(Option<Timestamp>),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Builds the state of a container whose blobs since `from` were known at `listed_at`.
    fn listed(listed_at: i64, from: Option<i64>) -> ContainerListing {
        ContainerListing { listed_at: Some(at(listed_at)), from: from.map(at), ..ContainerListing::none() }
    }

    #[test]
    fn a_listing_without_skipped_blobs_reads_only_recent_ones() {
        for reach in [Depth::News, Depth::BackTo(None), Depth::BackTo(Some(at(50)))] {
            let begun = listed(10_000, None).begin(reach, at(20_000));
            assert_eq!((begun.since, begun.from), (Some(at(10_000 - 3600)), None), "{reach:?}");
        }
    }

    #[test]
    fn a_listing_with_skipped_blobs_reads_them_on_request() {
        let begun = listed(10_000, Some(500)).begin(Depth::BackTo(Some(at(50))), at(20_000));
        assert_eq!((begun.since, begun.from), (Some(at(50)), Some(at(50))));
        let begun = listed(10_000, Some(500)).begin(Depth::BackTo(None), at(20_000));
        assert_eq!((begun.since, begun.from), (None, None));
        let begun = listed(10_000, Some(500)).begin(Depth::News, at(20_000));
        assert_eq!((begun.since, begun.from), (Some(at(10_000 - 3600)), Some(at(500))));
    }

    #[test]
    fn a_running_listing_continues_unless_a_deeper_one_is_requested() {
        let mut listing = ContainerListing::none();
        listing.begin(Depth::BackTo(Some(at(50))), at(1));
        listing.marker = Some("vm-5".to_owned());
        let begun = listing.begin(Depth::BackTo(Some(at(50))), at(2));
        assert_eq!((begun.at, listing.marker.as_deref()), (at(1), Some("vm-5")));
        let begun = listing.begin(Depth::BackTo(None), at(3));
        assert_eq!((begun.at, listing.marker.as_deref()), (at(3), None));
        listing.marker = Some("vm-7".to_owned());
        let begun = listing.begin(Depth::News, at(4));
        assert_eq!((begun.at, begun.since, listing.marker.as_deref()), (at(3), None, Some("vm-7")));
    }
}
