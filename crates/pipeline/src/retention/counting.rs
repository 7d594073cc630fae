//! A plan that takes several runs to count.

use std::collections::BTreeMap;

use domain::address::ContainerAddress;
use domain::past::is_ahead;
use domain::recording_id::RecordingId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::plan::{Plan, Planned};
use crate::ports::Due;

/// How far the counting of what is due has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counting {
    /// What is due by then is counted, whatever becomes due meanwhile.
    as_of: Timestamp,
    /// The last one that was looked at: since when it is due, and its id.
    last: (Timestamp, String),
    delete: Counted,
    review: Counted,
}

/// A plan as far as it has been counted. Its digest goes on from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    digest: String,
    count: u64,
    bytes: u64,
    /// Account, container, and how many of it.
    by_container: Vec<(String, String, u64)>,
}

impl Counting {
    /// It has come to this one.
    pub(super) fn at(as_of: Timestamp, last: Due, planned: &Planned) -> Self {
        let (delete, review) = (Counted::of(&planned.delete), Counted::of(&planned.review));
        Self { as_of, last: (last.at, last.id.to_string()), delete, review }
    }

    /// True if it counts what is due at a time that lies ahead.
    pub(super) fn is_ahead(&self, now: Timestamp) -> bool {
        is_ahead(self.as_of, now)
    }

    /// As of when is counted, what was, and the last one that was. `None` where it makes no sense: then it begins anew.
    pub(super) fn read(&self) -> Option<(Timestamp, Planned, Due)> {
        let (at, id) = (self.last.0, RecordingId::parse(&self.last.1).ok()?);
        let (delete, review) = (self.delete.read()?, self.review.read()?);
        Some((self.as_of, Planned { delete, review, ..Planned::default() }, Due { at, id }))
    }
}

impl Counted {
    fn of(plan: &Plan) -> Self {
        let by_container = plan.by_container.iter().map(|(container, count)| {
            (container.account.as_str().to_owned(), container.container.as_str().to_owned(), *count)
        });
        Self { digest: plan.digest.clone(), count: plan.count, bytes: plan.bytes, by_container: by_container.collect() }
    }

    fn read(&self) -> Option<Plan> {
        let of = |(account, container, count): &(String, String, u64)| {
            Some((ContainerAddress::parse(account, container).ok()?, *count))
        };
        let by_container: BTreeMap<_, _> = self.by_container.iter().map(of).collect::<Option<_>>()?;
        Some(Plan {
            digest: self.digest.clone(),
            count: self.count,
            bytes: self.bytes,
            by_container,
            first: Vec::new(),
        })
    }
}
