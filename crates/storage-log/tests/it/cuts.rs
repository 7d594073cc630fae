//! Tests that no cut and no restart changes what is read.

use proptest::prelude::{prop_assert_eq, proptest};
use storage_log::StorageLogReader;

use crate::reading::{Found, feed, sample, whole};

fn cut(log: &[u8], at: usize, restarts: bool) -> (Found, Option<audit_log::Rejected>) {
    let (mut reader, mut found) = (StorageLogReader::of_format(0), Vec::new());
    feed(&mut reader, &log[..at], &mut found);
    let from = if restarts { reader.consumed() } else { at as u64 };
    if restarts {
        reader = StorageLogReader::of_format(from);
    }
    feed(&mut reader, &log[usize::try_from(from).unwrap()..], &mut found);
    (found, reader.finish())
}

#[test]
fn a_sample_cut_or_resumed_at_any_byte_gives_the_same_records() {
    for name in ["made-broken", "doc-operation"] {
        let log = sample(name);
        let expected = whole(&log);
        for at in 0..=log.len() {
            assert_eq!(cut(&log, at, false), expected, "{name} cut at {at}");
            assert_eq!(cut(&log, at, true), expected, "{name} restarted at {at}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_alike_from_any_checkpoint(
        pieces in proptest::collection::vec("[{}\\[\\]\",:\\\\ \n]|category|\"time\":\"2026\"|StorageRead|1|é", 0..60),
        at in 0_usize..200,
    ) {
        let log = pieces.concat().into_bytes();
        let expected = whole(&log);
        prop_assert_eq!(cut(&log, at.min(log.len()), true), expected);
    }
}
