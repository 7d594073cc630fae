//! Reads any bytes as an audit log, with arbitrary chunks and restarts.

#![no_main]

use audit_log::{LogItem, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [size, cut, limit, log @ ..] = bytes else { return };
    let limit = usize::from(*limit) * 8;
    let expected = read(Reader::at(0).with_limit(limit), log, log.len().max(1));
    assert_eq!(
        read(Reader::at(0).with_limit(limit), log, usize::from(*size) + 1),
        expected,
        "chunks make no difference"
    );

    let cut = usize::from(*cut) * log.len() / 255;
    let mut reader = Reader::at(0).with_limit(limit);
    let mut found = Vec::new();
    feed(&mut reader, &log[..cut], &mut found);
    let checkpoint = reader.consumed();
    let rest = &log[usize::try_from(checkpoint).expect("no log here is longer")..];
    let (after, unfinished) = read(Reader::at(checkpoint).with_limit(limit), rest, rest.len().max(1));
    found.extend(after);
    assert_eq!((found, unfinished), expected, "a restart makes no difference");
});

type Found = Vec<(String, u64)>;

fn read(mut reader: Reader, log: &[u8], size: usize) -> (Found, String) {
    let (mut found, limit) = (Vec::new(), 255 * 8);
    for chunk in log.chunks(size) {
        feed(&mut reader, chunk, &mut found);
        assert!(reader.held() <= limit + 8192);
    }
    assert!(reader.scanned() <= 8 * log.len() as u64 + 64, "a byte is looked at a bounded number of times");
    (found, format!("{:?}", reader.finish()))
}

fn feed(reader: &mut Reader, chunk: &[u8], found: &mut Found) {
    let mut feed = reader.feed(chunk);
    while let Some(item) = feed.next_item() {
        if let LogItem::Rejected(rejected) = &item {
            assert!(rejected.range.start < rejected.range.end && !rejected.reason.to_string().is_empty());
        }
        let item = format!("{item:?}");
        found.push((item, feed.consumed()));
    }
}
