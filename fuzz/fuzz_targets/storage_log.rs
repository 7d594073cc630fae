//! Reads any bytes as a storage log, with arbitrary chunks and restarts.

#![no_main]

use audit_log::LogItem;
use libfuzzer_sys::fuzz_target;
use storage_log::StorageLogReader;

fuzz_target!(|bytes: &[u8]| {
    let [size, cut, limit, log @ ..] = bytes else { return };
    let limit = usize::from(*limit) * 8;
    let reader = |at: u64| StorageLogReader::of_format(at).with_limit(limit);
    let expected = read(reader(0), log, log.len().max(1));
    assert_eq!(read(reader(0), log, usize::from(*size) + 1), expected, "chunks make no difference");

    let cut = usize::from(*cut) * log.len() / 255;
    let (mut first, mut found) = (reader(0), Vec::new());
    feed(&mut first, &log[..cut], &mut found);
    let checkpoint = first.consumed();
    let rest = &log[usize::try_from(checkpoint).expect("no log here is longer")..];
    let (after, unfinished) = read(reader(checkpoint), rest, rest.len().max(1));
    found.extend(after);
    assert_eq!((found, unfinished), expected, "a restart makes no difference");
});

type Found = Vec<String>;

fn read(mut reader: StorageLogReader, log: &[u8], size: usize) -> (Found, String) {
    let mut found = Vec::new();
    for chunk in log.chunks(size) {
        feed(&mut reader, chunk, &mut found);
        assert!(reader.held() <= 255 * 8 + 8192);
    }
    (found, format!("{:?}", reader.finish()))
}

fn feed(reader: &mut StorageLogReader, chunk: &[u8], found: &mut Found) {
    let mut feed = reader.feed(chunk);
    while let Some(item) = feed.next_item() {
        if let LogItem::Record(record) = &item {
            assert!(record.address.as_deref().is_none_or(|address| !address.contains('?')), "no query is kept");
            drop(record.object());
        }
        found.push(format!("{item:?}"));
    }
}
