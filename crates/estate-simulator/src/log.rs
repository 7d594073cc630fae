//! Distributes audit records to hourly log blobs and splits the blobs into appends.

use std::collections::BTreeMap;

use domain::address::{AddressError, BlobName};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use crate::arrival::{Arrival, Arriving};
use crate::estate::{SimulatedBastion, SimulatedEstate};
use crate::json::Json;
use crate::notice::Notice;

/// Layout of the records in a blob.
#[derive(Debug, Clone, Copy)]
enum Layout {
    /// One record per line.
    Lines,
    /// One record per line, with a leading byte order mark and CRLF.
    LinesOfWindows,
    /// Objects over several lines.
    Pretty,
    /// Objects without a separator.
    RunTogether,
    /// An array, closed after the last record.
    Array,
    /// `{"records":[…]}`, closed after the last record.
    Wrapped,
}

const LAYOUTS: [Layout; 12] = [
    Layout::Lines,
    Layout::Lines,
    Layout::Lines,
    Layout::Lines,
    Layout::Lines,
    Layout::Lines,
    Layout::Lines,
    Layout::LinesOfWindows,
    Layout::Pretty,
    Layout::RunTogether,
    Layout::Array,
    Layout::Wrapped,
];

/// Puts each record into the blob of the hour in which it arrives.
pub(crate) fn appends(
    mut notices: Vec<Notice>,
    estate: &SimulatedEstate,
    random: &mut SplitMix,
) -> Result<Vec<Arrival>, AddressError> {
    notices.sort_by_key(|notice| notice.arrives_at);
    let mut blobs: BTreeMap<String, Vec<Notice>> = BTreeMap::new();
    for notice in notices {
        let path = path(&estate.bastions[notice.bastion], notice.arrives_at);
        blobs.entry(path).or_default().push(notice);
    }
    let mut arrivals = Vec::new();
    for (path, notices) in blobs {
        let address = estate.audit_logs.blob(BlobName::parse(&path)?);
        for (at, bytes) in grow(&notices, random) {
            arrivals.push(Arrival { at, what: Arriving::LogAppended { address: address.clone(), bytes } });
        }
    }
    Ok(arrivals)
}

/// Returns the appends of one blob with their times. About one record in twenty is split into two appends.
fn grow(notices: &[Notice], random: &mut SplitMix) -> Vec<(Timestamp, Vec<u8>)> {
    let layout = random.pick(&LAYOUTS);
    let mut pieces = Vec::new();
    for (number, notice) in notices.iter().enumerate() {
        let next = notices.get(number + 1).map(|next| next.arrives_at);
        let bytes = layout.piece(&notice.record, number == 0, next.is_none()).into_bytes();
        let at = notice.arrives_at;
        if random.happens(5) {
            let cut = random.between(1, bytes.len() as i64 - 1) as usize;
            let later = at + SignedDuration::from_secs(5);
            pieces.push((at, bytes[..cut].to_vec()));
            pieces.push((next.map_or(later, |next| later.min(next)), bytes[cut..].to_vec()));
        } else {
            pieces.push((at, bytes));
        }
    }
    pieces
}

impl Layout {
    fn piece(self, record: &Json, is_first: bool, is_last: bool) -> String {
        let (head, between, tail) = match self {
            Self::Lines | Self::LinesOfWindows | Self::Pretty | Self::RunTogether => ("", "", ""),
            Self::Array => ("[\n  ", ",\n  ", "\n]\n"),
            Self::Wrapped => ("{\"records\":[", ",", "]}\n"),
        };
        let text = match self {
            Self::Lines => format!("{}\n", record.compact()),
            Self::LinesOfWindows if is_first => format!("\u{feff}{}\r\n", record.compact()),
            Self::LinesOfWindows => format!("{}\r\n", record.compact()),
            Self::Pretty => format!("{}\n", record.pretty(0)),
            Self::Array => record.pretty(2),
            Self::RunTogether | Self::Wrapped => record.compact(),
        };
        let before = if is_first { head } else { between };
        format!("{before}{text}{}", if is_last { tail } else { "" })
    }
}

/// Returns the blob name of a bastion's log of an hour, as diagnostic settings write it.
fn path(bastion: &SimulatedBastion, at: Timestamp) -> String {
    let id = bastion.resource_id.to_ascii_uppercase();
    let hour = Offset::UTC.to_datetime(at);
    let (year, month, day, hour) = (hour.year(), hour.month(), hour.day(), hour.hour());
    format!("resourceId={id}/y={year}/m={month:02}/d={day:02}/h={hour:02}/m=00/PT1H.json")
}

#[cfg(test)]
mod tests {
    use audit_log::{LogItem, Reader};
    use jiff::Timestamp;

    use super::*;

    fn notices(random: &mut SplitMix) -> Vec<Notice> {
        let notice = |number: i64| Notice {
            bastion: number as usize % 2,
            arrives_at: Timestamp::from_second(1_772_431_200 + number * 40).unwrap(),
            record: Json::Object(vec![("tunnelId", format!("tunnel-{number}").into())]),
        };
        (0..random.between(1, 400)).map(notice).collect()
    }

    fn read(blobs: &BTreeMap<String, Vec<u8>>) -> usize {
        let mut records = 0;
        for bytes in blobs.values() {
            let mut reader = Reader::at(0);
            let mut feed = reader.feed(bytes);
            while let Some(item) = feed.next_item() {
                assert!(matches!(item, LogItem::Record(_)), "{item:?}");
                records += 1;
            }
            drop(feed);
            assert_eq!(reader.finish(), None);
        }
        records
    }

    #[test]
    fn every_written_record_is_readable_in_any_layout() {
        let estate = SimulatedEstate::new().unwrap();
        for seed in 0..100 {
            let random = &mut SplitMix::new(seed);
            let notices = notices(random);
            let written = notices.len();
            let mut blobs: BTreeMap<String, Vec<u8>> = BTreeMap::new();
            for arrival in appends(notices, &estate, random).unwrap() {
                let Arriving::LogAppended { address, bytes } = arrival.what else {
                    unreachable!()
                };
                blobs.entry(address.to_string()).or_default().extend(bytes);
            }
            assert_eq!(read(&blobs), written, "seed {seed}");
        }
    }
}
