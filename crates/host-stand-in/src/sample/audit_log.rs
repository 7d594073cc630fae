//! What the bastion writes into its audit log, and when it gets there.

use std::collections::BTreeMap;

use domain::address::{AddressError, BlobName};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::random::Random;
use super::record::{BASTION, Record, of_end, of_start};
use super::session::{Kind, Told};
use super::visit::Visit;

/// Records arrive together so often.
const TOGETHER: SignedDuration = SignedDuration::from_mins(5);

/// Something that is added at the end of an audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// When.
    pub at: Timestamp,
    /// To which log: the one of the hour in which it arrives.
    pub log: BlobName,
    /// Whole records, a line each.
    pub text: String,
}

/// All that arrives, in the order of time: minutes after it was written, hours later now and then, sometimes twice.
pub(super) fn additions(visits: &[Visit], random: &mut Random) -> Result<Vec<Addition>, AddressError> {
    let mut arriving: BTreeMap<Timestamp, String> = BTreeMap::new();
    for visit in visits {
        for record in records(visit, random) {
            let times = if random.happens(5) { 2 } else { 1 };
            for _ in 0..times {
                arriving.entry(arrival(&record, random)).or_default().push_str(&record.line);
            }
        }
    }
    let addition = |(at, text): (Timestamp, String)| Ok(Addition { at, log: BlobName::parse(&log_of(at))?, text });
    arriving.into_iter().map(addition).collect()
}

fn records(visit: &Visit, random: &mut Random) -> Vec<Record> {
    let (start, end) = (of_start(visit, random), of_end(visit, random));
    match (visit.kind, visit.told) {
        (Kind::FailedLogin, _) | (_, Told::Start) => vec![start],
        (_, Told::Both) => vec![start, end],
        (_, Told::End) => vec![end],
        (_, Told::Nothing) => Vec::new(),
    }
}

/// When storage gets a record, with others that were written in the same minutes.
fn arrival(record: &Record, random: &mut Random) -> Timestamp {
    let delay = if random.happens(8) {
        random.seconds(3_600, 7 * 3_600)
    } else {
        random.seconds(60, 600)
    };
    let (at, together) = ((record.at + delay).as_second(), TOGETHER.as_secs());
    Timestamp::from_second((at / together + 1) * together).unwrap_or(record.at)
}

fn log_of(at: Timestamp) -> String {
    let hour = at.to_zoned(TimeZone::UTC).strftime("y=%Y/m=%m/d=%d/h=%H/m=00");
    format!("resourceId={BASTION}/{hour}/PT1H.json")
}
