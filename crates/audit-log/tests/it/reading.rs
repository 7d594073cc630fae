//! Reads whole logs into comparable values.

use std::ops::Range;

use audit_log::{AuditRecord, LogItem, Reader, Rejected};

/// An item and the checkpoint directly behind it.
pub type Found = (ReadKind, u64);

#[derive(Debug, Clone, PartialEq)]
pub enum ReadKind {
    Record(Box<AuditRecord<'static>>),
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

fn kind(item: LogItem<AuditRecord<'_>>) -> ReadKind {
    match item {
        LogItem::Record(record) => ReadKind::Record(Box::new(record.into_owned())),
        LogItem::Foreign { range } => ReadKind::Foreign(range),
        LogItem::Rejected(rejected) => ReadKind::Rejected(rejected),
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

pub fn records(found: &[Found]) -> Vec<AuditRecord<'static>> {
    let record = |(kind, _): &Found| match kind {
        ReadKind::Record(record) => Some((**record).clone()),
        _ => None,
    };
    found.iter().filter_map(record).collect()
}

pub fn rejected(found: &[Found]) -> Vec<Rejected> {
    let rejected = |(kind, _): &Found| match kind {
        ReadKind::Rejected(rejected) => Some(rejected.clone()),
        _ => None,
    };
    found.iter().filter_map(rejected).collect()
}
