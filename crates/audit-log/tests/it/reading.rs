//! Reads whole logs into comparable values.

use std::ops::Range;

use audit_log::{Item, Reader, Record, Rejected};

/// An item and the checkpoint directly behind it.
pub type Found = (Kind, u64);

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Record(Box<Record<'static>>),
    Foreign(Range<u64>),
    Rejected(Rejected),
}

/// Feeds a chunk and collects its items.
pub fn feed(reader: &mut Reader, chunk: &[u8], found: &mut Vec<Found>) {
    let mut feed = reader.feed(chunk);
    while let Some(item) = feed.next_item() {
        let kind = kind(item);
        found.push((kind, feed.consumed()));
    }
}

fn kind(item: Item<'_>) -> Kind {
    match item {
        Item::Record(record) => Kind::Record(Box::new(record.into_owned())),
        Item::Foreign { range } => Kind::Foreign(range),
        Item::Rejected(rejected) => Kind::Rejected(rejected),
    }
}

/// Reads a log as one chunk. Returns its items and its unfinished end.
pub fn whole(log: &[u8], limit: usize) -> (Vec<Found>, Option<Rejected>) {
    in_chunks(log, log.len().max(1), limit)
}

/// Like [`whole`], but in chunks of `size` bytes.
pub fn in_chunks(log: &[u8], size: usize, limit: usize) -> (Vec<Found>, Option<Rejected>) {
    let (mut reader, mut found) = (Reader::at(0).with_limit(limit), Vec::new());
    for chunk in log.chunks(size) {
        feed(&mut reader, chunk, &mut found);
    }
    (found, reader.finish())
}

pub fn records(found: &[Found]) -> Vec<Record<'static>> {
    let record = |(kind, _): &Found| match kind {
        Kind::Record(record) => Some((**record).clone()),
        _ => None,
    };
    found.iter().filter_map(record).collect()
}

pub fn rejected(found: &[Found]) -> Vec<Rejected> {
    let rejected = |(kind, _): &Found| match kind {
        Kind::Rejected(rejected) => Some(rejected.clone()),
        _ => None,
    };
    found.iter().filter_map(rejected).collect()
}
