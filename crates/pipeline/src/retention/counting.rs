//! Stored progress of counting a plan over several runs.

use std::collections::BTreeMap;

use domain::address::ContainerAddress;
use domain::past::is_ahead;
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::plan::{DeletionPlan, Planned};
use crate::ports::Due;

/// Progress of counting the due recordings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counting {
    /// Reference time: later due recordings are not counted.
    as_of: Timestamp,
    /// Due time and id of the last counted recording.
    last: (Timestamp, String),
    delete: Counted,
    review: Counted,
}

/// Partially counted plan. Its hash continues from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    digest: String,
    count: u64,
    bytes: u64,
    /// Account, container and count.
    by_container: Vec<(String, String, u64)>,
}

impl Counting {
    /// Creates the progress after this recording.
    pub(super) fn at(as_of: Timestamp, last: Due, planned: &Planned) -> Self {
        let (delete, review) = (Counted::from_plan(&planned.delete), Counted::from_plan(&planned.review));
        Self { as_of, last: (last.at, last.id.to_string()), delete, review }
    }

    /// Returns true if the reference time is in the future.
    pub(super) fn is_ahead(&self, now: Timestamp) -> bool {
        is_ahead(self.as_of, now)
    }

    /// Returns reference time, plan so far and last recording. Returns `None` if the stored form is invalid, and
    /// counting starts again.
    pub(super) fn read(&self) -> Option<(Timestamp, Planned, Due)> {
        let (at, id) = (self.last.0, RecordingId::parse(&self.last.1).ok()?);
        let (delete, review) = (self.delete.read()?, self.review.read()?);
        Some((self.as_of, Planned { delete, review, ..Planned::default() }, Due { at, id }))
    }
}

impl Counted {
    fn from_plan(plan: &DeletionPlan) -> Self {
        let by_container = plan.by_container.iter().map(|(container, count)| {
            (container.account.as_str().to_owned(), container.container.as_str().to_owned(), *count)
        });
        Self { digest: plan.digest.clone(), count: plan.count, bytes: plan.bytes, by_container: by_container.collect() }
    }

    fn read(&self) -> Option<DeletionPlan> {
        let of = |(account, container, count): &(String, String, u64)| {
            Some((ContainerAddress::parse(account, container).ok()?, *count))
        };
        let by_container: BTreeMap<_, _> = self.by_container.iter().map(of).collect::<Option<_>>()?;
        Some(DeletionPlan {
            digest: self.digest.clone(),
            count: self.count,
            bytes: self.bytes,
            by_container,
            first: Vec::new(),
        })
    }
}
