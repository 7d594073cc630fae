//! Reads logs as a caller does, with owned results.

use std::fs;

use audit_log::{LogItem, Rejected};
use storage_log::StorageLogReader;

/// What was found in a log, in order.
pub type Found = Vec<String>;

pub fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/storage-logs");
    fs::read(format!("{folder}/{name}.json")).unwrap()
}

pub fn feed(reader: &mut StorageLogReader, chunk: &[u8], found: &mut Found) {
    let mut feed = reader.feed(chunk);
    while let Some(item) = feed.next_item() {
        found.push(match item {
            LogItem::Record(record) => format!("{record:?} {:?}", record.object()),
            other => format!("{other:?}"),
        });
    }
}

pub fn whole(log: &[u8]) -> (Found, Option<Rejected>) {
    let (mut reader, mut found) = (StorageLogReader::of_format(0), Vec::new());
    feed(&mut reader, log, &mut found);
    (found, reader.finish())
}
