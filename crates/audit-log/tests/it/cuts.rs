//! Tests generated logs of all layouts, with malformed pieces, cut and restarted at any byte.

use audit_log::{RECORD_LIMIT, Reader};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};

use crate::reading::{Found, ReadKind, feed, in_chunks, whole};

const GOOD: &[&str] = &[
    r#"{"time":"2025-11-05T09:12:44.210Z","properties":{"userName":"é\u00e9","clientPort":1}}"#,
    "{\n  \"Time\": \"2025-11-5\",\n  \"properties\":\n{\n    \"message\": \"a b\"\n  }\n}",
    r#"{"category":"Other","time":"x"}"#,
    r#"{"properties":"{\"tunnelId\":\"t\"}","x":[1,{"y":null}]}"#,
    r#"{"properties":"{","time":"2025"}"#,
    r#"{"neither":[-1.5e3,true]}"#,
    r"{}",
    "{\"message\":\"\u{1F600}\"}",
];

const MARKS: &[&str] = &[
    "\n", "\r\n", ",", "", " ", "[", "]", "]}", "{\"records\":[", "{ \"Records\" :\n[\n", "\u{FEFF}", "\0\0", "\0\n",
    "junk", "\"a\": ", "\"", "{", "}", ":", "\\", "{\"", "{\"a\":", "{\"a\":[", "1.2", "nul",
];

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let good = proptest::sample::select(GOOD).prop_map(|good| good.as_bytes().to_vec());
    let mark = proptest::sample::select(MARKS).prop_map(|mark| mark.as_bytes().to_vec());
    let torn = (good.clone(), any::<proptest::sample::Index>()).prop_map(|(mut good, at)| {
        good.truncate(at.index(good.len()));
        good
    });
    let deep = Just([b"{\"time\":\"x\",\"a\":".to_vec(), b"[".repeat(70)].concat());
    prop_oneof![6 => good, 8 => mark, 2 => torn, 1 => vec(any::<u8>(), 1..4), 1 => deep]
}

fn log() -> impl Strategy<Value = Vec<u8>> {
    vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

fn limit() -> impl Strategy<Value = usize> {
    prop_oneof![2 => Just(RECORD_LIMIT), 1 => 0_usize..120]
}

/// Reads up to the cut, then continues from the checkpoint with a new reader.
fn restarted(log: &[u8], cut: usize, limit: usize) -> (Vec<Found>, Option<audit_log::Rejected>) {
    let (mut reader, mut found) = (Reader::at(0).with_limit(limit), Vec::new());
    feed(&mut reader, &log[..cut], &mut found);
    let checkpoint = reader.consumed();
    let mut reader = Reader::at(checkpoint).with_limit(limit);
    feed(&mut reader, &log[usize::try_from(checkpoint).unwrap()..], &mut found);
    (found, reader.finish())
}

proptest! {
    #[test]
    fn a_log_resumed_from_any_checkpoint_gives_the_same_records(log in log(), limit in limit()) {
        let expected = whole(&log, limit);
        for cut in 0..=log.len() {
            prop_assert_eq!(&restarted(&log, cut, limit), &expected, "cut at {}", cut);
        }
    }

    #[test]
    fn a_log_in_chunks_of_any_size_gives_the_same_records(log in log(), limit in limit(), size in 1_usize..80) {
        let expected = whole(&log, limit);
        prop_assert_eq!(&in_chunks(&log, 1, limit), &expected);
        prop_assert_eq!(&in_chunks(&log, size, limit), &expected);
    }

    #[test]
    fn pieces_are_in_order_and_the_checkpoint_behind_each(log in log(), limit in limit()) {
        let (mut reader, mut found) = (Reader::at(7).with_limit(limit), Vec::new());
        feed(&mut reader, &log, &mut found);
        let mut before = 7;
        for (kind, checkpoint) in found {
            let range = match kind {
                ReadKind::Record(_) => before..checkpoint,
                ReadKind::Foreign(range) => range,
                ReadKind::Rejected(rejected) => rejected.range,
            };
            assert!(before <= range.start && range.start < range.end && range.end <= checkpoint, "{range:?}");
            before = checkpoint;
        }
        assert!(before <= reader.consumed() && reader.consumed() <= 7 + log.len() as u64);
    }
}
