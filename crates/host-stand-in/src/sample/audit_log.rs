//! Audit log of the sample day: records and their arrival.

use std::collections::BTreeMap;

use domain::address::{AddressError, BlobName};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use super::bastion::SampleBastion;
use super::record::{SampleRecord, of_end, of_start};
use super::session::{LoggedRecords, SampleConnectionKind};
use super::visit::SampleVisit;

/// Interval at which records arrive in one batch.
const TOGETHER: SignedDuration = SignedDuration::from_mins(5);

/// Text appended to an audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Time of the addition.
    pub at: Timestamp,
    /// Log of the hour in which the text arrives.
    pub log: BlobName,
    /// Whole records, one per line.
    pub text: String,
}

/// Returns all additions by time. Records arrive minutes after they were written, sometimes hours later, sometimes
/// twice.
pub(super) fn additions(
    bastion: &SampleBastion,
    visits: &[SampleVisit],
    random: &mut SplitMix,
) -> Result<Vec<Addition>, AddressError> {
    let mut arriving: BTreeMap<Timestamp, String> = BTreeMap::new();
    for visit in visits {
        for record in records(bastion, visit, random) {
            let times = if random.happens(5) { 2 } else { 1 };
            for _ in 0..times {
                arriving.entry(arrival(&record, random)).or_default().push_str(&record.line);
            }
        }
    }
    let addition =
        |(at, text): (Timestamp, String)| Ok(Addition { at, log: BlobName::parse(&log_of(bastion, at))?, text });
    arriving.into_iter().map(addition).collect()
}

fn records(bastion: &SampleBastion, visit: &SampleVisit, random: &mut SplitMix) -> Vec<SampleRecord> {
    let (start, end) = (of_start(bastion, visit, random), of_end(bastion, visit, random));
    match (visit.kind, visit.told) {
        (SampleConnectionKind::FailedLogin, _) | (_, LoggedRecords::Start) => vec![start],
        (_, LoggedRecords::Both) => vec![start, end],
        (_, LoggedRecords::End) => vec![end],
        (_, LoggedRecords::Nothing) => Vec::new(),
    }
}

/// Returns when storage receives a record, batched with others of the same minutes.
fn arrival(record: &SampleRecord, random: &mut SplitMix) -> Timestamp {
    let delay = if random.happens(8) {
        random.whole_seconds(3_600, 7 * 3_600)
    } else {
        random.whole_seconds(60, 600)
    };
    let (at, together) = ((record.at + delay).as_second(), TOGETHER.as_secs());
    Timestamp::from_second((at / together + 1) * together).unwrap_or(record.at)
}

fn log_of(bastion: &SampleBastion, at: Timestamp) -> String {
    let hour = at.to_zoned(TimeZone::UTC).strftime("y=%Y/m=%m/d=%d/h=%H/m=00");
    format!("resourceId={}/{hour}/PT1H.json", bastion.resource_id().to_uppercase())
}
