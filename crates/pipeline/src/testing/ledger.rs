//! Conformance suite of [`Ledger`].

use domain::record::ledger::SegmentNumber;
use futures_util::future::join_all;

use crate::ports::{Appended, Extent, Ledger};

/// Generates one test per case. `$make` returns an empty ledger and a guard kept alive by the test:
/// `ledger_conformance!(make)` with `async fn make() -> (impl Ledger, impl Sized)`.
#[macro_export]
macro_rules! ledger_conformance {
    ($make:path) => {
        $crate::conformance_tests! { ledger, $make;
            a_missing_segment_is_not_found,
            a_segment_is_created_once_and_empty,
            segments_are_ordered_by_number,
            a_block_is_appended_only_at_the_end,
            one_of_many_concurrent_appends_wins,
            a_segment_is_read_in_pieces,
            a_block_of_four_mebibytes_is_appended_whole,
            segments_are_separate,
        }
    };
}

/// A missing segment is no error for lookups, but for appends.
pub async fn a_missing_segment_is_not_found(ledger: &impl Ledger) {
    let first = SegmentNumber::FIRST;
    assert_eq!(ledger.segments().await.unwrap(), []);
    assert_eq!(ledger.extent(first).await.unwrap(), None);
    assert_eq!(ledger.read(first, 0, 10).await.unwrap(), None);
    assert!(ledger.append(first, 0, b"x\n").await.is_err());
    assert_eq!(ledger.segments().await.unwrap(), []);
}

/// Creating it again leaves its content unchanged.
pub async fn a_segment_is_created_once_and_empty(ledger: &impl Ledger) {
    let first = SegmentNumber::FIRST;
    ledger.create(first).await.unwrap();
    assert_eq!(ledger.extent(first).await.unwrap(), Some(Extent { size: 0, blocks: 0 }));
    for (from, limit) in [(0, 10), (10, 10), (0, 0)] {
        assert_eq!(ledger.read(first, from, limit).await.unwrap(), Some(Vec::new()));
    }
    add(ledger, first, 0, b"one\n").await;
    ledger.create(first).await.unwrap();
    assert_eq!(content(ledger, first).await, b"one\n");
}

/// The order of creation does not matter.
pub async fn segments_are_ordered_by_number(ledger: &impl Ledger) {
    let numbers = ["000001", "000002", "000009", "000010", "000123"].map(|text| SegmentNumber::parse(text).unwrap());
    for segment in [4, 1, 0, 3, 2] {
        ledger.create(numbers[segment]).await.unwrap();
    }
    assert_eq!(ledger.segments().await.unwrap(), numbers);
}

/// An append at another offset changes nothing.
pub async fn a_block_is_appended_only_at_the_end(ledger: &impl Ledger) {
    let first = SegmentNumber::FIRST;
    ledger.create(first).await.unwrap();
    let every: Vec<u8> = (0..=255).chain([b'\n']).collect();
    let mut whole = Vec::new();
    for (n, block) in [&b"one\n"[..], b"two\nthree\n", &every].into_iter().enumerate() {
        let end = whole.len() as u64;
        for wrong in (0..end).chain([end + 1]).filter(|wrong| *wrong != end) {
            assert_eq!(ledger.append(first, wrong, b"wrong\n").await.unwrap(), Appended::Moved, "at {wrong}");
        }
        add(ledger, first, end, block).await;
        whole.extend_from_slice(block);
        assert_eq!(content(ledger, first).await, whole);
        let extent = ledger.extent(first).await.unwrap().unwrap();
        assert_eq!(extent.size, whole.len() as u64);
        assert!([0, n as u64 + 1].contains(&extent.blocks), "blocks are counted, or without limit");
    }
}

/// Holds for overlapping appends.
pub async fn one_of_many_concurrent_appends_wins(ledger: &impl Ledger) {
    let first = SegmentNumber::FIRST;
    ledger.create(first).await.unwrap();
    let mut end = 0;
    for round in 0..3 {
        let adds = (0..16).map(|n| async move {
            let block = format!("{round} {n:02}\n");
            (ledger.append(first, end, block.as_bytes()).await.ok(), block)
        });
        let done = join_all(adds).await.into_iter().filter(|(added, _)| *added == Some(Appended::Done));
        let won: Vec<String> = done.map(|(_, block)| block).collect();
        let [block] = &won[..] else { panic!("{won:?} were added in round {round}") };
        assert_eq!(ledger.read(first, end, 100).await.unwrap().unwrap(), block.as_bytes());
        end += block.len() as u64;
    }
}

/// A read starts at any byte and returns nothing past the end.
pub async fn a_segment_is_read_in_pieces(ledger: &impl Ledger) {
    let first = SegmentNumber::FIRST;
    ledger.create(first).await.unwrap();
    add(ledger, first, 0, b"0123456\n").await;
    add(ledger, first, 8, b"89\n").await;
    let pieces: [(u64, usize, &[u8]); 6] =
        [(0, 3, b"012"), (6, 4, b"6\n89"), (8, 100, b"89\n"), (10, 1, b"\n"), (11, 5, b""), (1_000, 5, b"")];
    for (from, limit, expected) in pieces {
        assert_eq!(ledger.read(first, from, limit).await.unwrap().as_deref(), Some(expected), "{from}+{limit}");
    }
}

/// The largest block ever written.
pub async fn a_block_of_four_mebibytes_is_appended_whole(ledger: &impl Ledger) {
    let first = SegmentNumber::FIRST;
    ledger.create(first).await.unwrap();
    let mut block = vec![b'x'; 4 << 20];
    block[(4 << 20) - 1] = b'\n';
    add(ledger, first, 0, &block).await;
    add(ledger, first, 4 << 20, b"more\n").await;
    assert_eq!(ledger.extent(first).await.unwrap().unwrap().size, (4 << 20) + 5);
    assert_eq!(ledger.read(first, (4 << 20) - 3, 100).await.unwrap().unwrap(), b"xx\nmore\n");
}

/// Content of one segment never appears in another.
pub async fn segments_are_separate(ledger: &impl Ledger) {
    let (first, second) = (SegmentNumber::FIRST, SegmentNumber::FIRST.next().unwrap());
    for (segment, block) in [(first, b"one\n"), (second, b"two\n")] {
        ledger.create(segment).await.unwrap();
        add(ledger, segment, 0, block).await;
    }
    assert_eq!(content(ledger, first).await, b"one\n");
    assert_eq!(content(ledger, second).await, b"two\n");
}

async fn add(ledger: &impl Ledger, segment: SegmentNumber, at: u64, block: &[u8]) {
    assert_eq!(ledger.append(segment, at, block).await.unwrap(), Appended::Done, "at {at}");
}

async fn content(ledger: &impl Ledger, segment: SegmentNumber) -> Vec<u8> {
    ledger.read(segment, 0, 1 << 20).await.unwrap().unwrap()
}
