//! Tests the detection of breaks in a ledger.

mod written;

use domain::record::ledger::{Break, Chain, ChainBreak, LedgerLine, LineContent, Mark, Passed, SegmentNumber, Sha256};
use proptest::prelude::{any, proptest};
use written::{WrittenLedger, breaks, facts};

fn number(text: &str) -> SegmentNumber {
    SegmentNumber::parse(text).unwrap()
}

fn reasons(found: &[Break]) -> Vec<(String, u64, ChainBreak)> {
    found.iter().map(|found| (found.segment.to_string(), found.line, found.reason)).collect()
}

/// Two segments with two facts each, the first segment closed.
fn two_segments() -> WrittenLedger {
    let mut ledger = WrittenLedger::default();
    ledger.open(None);
    ledger.tell("one", "1");
    ledger.tell("two", "2");
    ledger.close();
    ledger.open(None);
    ledger.tell("three", "3");
    ledger.tell("four", "4");
    ledger
}

#[test]
fn an_unchanged_ledger_is_intact() {
    let ledger = two_segments();
    assert_eq!(breaks(&ledger.segments), []);
    assert_eq!(facts(&ledger.segments).len(), 4);
}

#[test]
fn every_change_of_a_single_byte_is_found() {
    let ledger = two_segments();
    for segment in 0..2 {
        for at in 0..ledger.segments[segment].1.len() {
            for change in [1, 0x20, 0x80, b'\n', 0xff] {
                let mut segments = ledger.segments.clone();
                let byte = &mut segments[segment].1[at];
                *byte = if change == b'\n' { change } else { *byte ^ change };
                if segments != ledger.segments {
                    assert_ne!(breaks(&segments), [], "segment {segment}, byte {at}, change {change}");
                }
            }
        }
    }
}

#[test]
fn every_removed_or_inserted_byte_is_found() {
    let ledger = two_segments();
    for segment in 0..2 {
        for at in 0..ledger.segments[segment].1.len() {
            let (mut less, mut more) = (ledger.segments.clone(), ledger.segments.clone());
            less[segment].1.remove(at);
            more[segment].1.insert(at, b' ');
            assert_ne!(breaks(&less), [], "segment {segment}, byte {at} taken away");
            assert_ne!(breaks(&more), [], "segment {segment}, byte {at} added");
        }
    }
}

#[test]
fn a_changed_line_is_found_once_with_its_place() {
    let mut ledger = two_segments();
    let offset = ledger.offset_of(0, 1);
    let at = offset + 20;
    ledger.segments[0].1[at] ^= 1;
    let [found] = breaks(&ledger.segments).try_into().unwrap();
    assert_eq!((found.segment, found.line, found.offset), (SegmentNumber::FIRST, 2, offset as u64));
    assert!(found.to_string().starts_with("segment 000001, line 2 (byte "), "{found}");
}

#[test]
fn a_rewritten_line_with_a_valid_hash_breaks_the_next_one() {
    let ledger = two_segments();
    let mut segments = ledger.segments.clone();
    let lines: Vec<&[u8]> = ledger.lines(0);
    let old = LedgerLine::parse(lines[1]).unwrap();
    let text = old.text().replace("\"says\":\"1\"", "\"says\":\"9\"");
    let (fact, _) = text.split_once(",\"hash\"").unwrap();
    let fact = fact.split_once("\"fact\":").unwrap().1;
    let forged = LedgerLine::new(old.seq, old.at, old.prev, LineContent::fact(fact).unwrap()).text();
    segments[0].1.splice(ledger.offset_of(0, 1)..ledger.offset_of(0, 2), forged.bytes());
    assert_eq!(reasons(&breaks(&segments)), [("000001".to_owned(), 3, ChainBreak::Predecessor)]);
}

/// Reads a ledger with a new chain after every line and every segment.
fn breaks_in_pieces(segments: &[(SegmentNumber, Vec<u8>)]) -> Vec<Break> {
    let (mut chain, mut found) = (Chain::new(), Vec::new());
    for (segment, content) in segments {
        found.extend(chain.begin(*segment));
        let mut at = 0;
        while let Some(length) = content[at..].iter().position(|byte| *byte == b'\n') {
            chain = Chain::behind(chain.seam().unwrap());
            found.extend(chain.take(at as u64, &content[at..at + length]).broken);
            at += length + 1;
        }
        found.extend(chain.end(at as u64, &content[at..]));
        chain = Chain::behind(chain.seam().unwrap());
    }
    found.extend(chain.finish());
    found
}

#[test]
fn a_chain_resumed_at_any_line_finds_the_same_breaks() {
    let mut ledger = two_segments();
    ledger.close();
    ledger.tell("late", "5");
    ledger.open(None);
    for segment in 0..3 {
        for at in 0..ledger.segments[segment].1.len() {
            let (mut changed, mut less) = (ledger.segments.clone(), ledger.segments.clone());
            changed[segment].1[at] ^= 1;
            less[segment].1.truncate(at);
            for segments in [changed, less] {
                assert_eq!(breaks_in_pieces(&segments), breaks(&segments), "segment {segment}, byte {at}");
            }
        }
    }
}

#[test]
fn a_fully_read_segment_is_recognised_by_its_mark() {
    let ledger = two_segments();
    let (segment, content) = &ledger.segments[1];
    let end = content.len() as u64;
    let hash = LedgerLine::parse(ledger.lines(1)[2]).unwrap().hash;
    let mark = Mark { segment: *segment, bytes: end, hash: Some(hash) };
    assert_eq!(mark.at(SegmentNumber::FIRST, end, Some(hash)), Passed::NotYet);
    assert_eq!(mark.at(*segment, end - 1, Some(hash)), Passed::NotYet);
    assert_eq!(mark.end(*segment, end, Some(hash)), Passed::Intact);
    assert_eq!(mark.at(*segment, end, Some(Sha256::NOTHING)), Passed::Lost(ChainBreak::Anew));
    assert_eq!(mark.at(*segment, end + 1, Some(hash)), Passed::Lost(ChainBreak::Anew));
    assert_eq!(mark.end(*segment, end - 1, Some(hash)), Passed::Lost(ChainBreak::CutOff));
    assert_eq!(mark.at(*segment, end, None), Passed::Intact, "an unreadable line is reported by itself");
    let gone = |last| mark.gone(last).map(|gone| (gone.segment, gone.reason));
    assert_eq!(gone(None), Some((SegmentNumber::FIRST, ChainBreak::CutOff)));
    assert_eq!(gone(Some(SegmentNumber::FIRST)), Some((*segment, ChainBreak::CutOff)));
    assert_eq!(gone(Some(*segment)), None);
    let nothing = Mark { bytes: 0, ..mark };
    assert_eq!(nothing.end(*segment, 0, None), Passed::NotYet, "there was no line before");
}

#[test]
fn a_removed_line_is_found() {
    let ledger = two_segments();
    let mut segments = ledger.segments.clone();
    segments[0].1.drain(ledger.offset_of(0, 1)..ledger.offset_of(0, 2));
    assert_eq!(reasons(&breaks(&segments)), [("000001".to_owned(), 2, ChainBreak::Predecessor)]);
}

#[test]
fn a_removed_segment_is_found() {
    let mut ledger = two_segments();
    ledger.close();
    ledger.open(None);
    for taken in 0..2 {
        let mut segments = ledger.segments.clone();
        let (segment, _) = segments.remove(taken);
        let expected = [(segment.to_string(), 1, ChainBreak::MissingSegment)];
        assert_eq!(reasons(&breaks(&segments)), expected);
    }
}

#[test]
fn a_line_after_the_closing_one_is_found() {
    let mut ledger = two_segments();
    ledger.close();
    ledger.tell("late", "5");
    assert_eq!(reasons(&breaks(&ledger.segments)), [("000002".to_owned(), 5, ChainBreak::AfterClosing)]);
}

#[test]
fn an_opening_is_only_the_first_line() {
    let mut ledger = WrittenLedger::default();
    ledger.begin(number("000001"));
    ledger.tell("one", "1");
    ledger.write(LineContent::Opening { segment: number("000001"), torn: None });
    let found = reasons(&breaks(&ledger.segments));
    assert_eq!(found, [1, 2].map(|line| ("000001".to_owned(), line, ChainBreak::Opening)));
}

#[test]
fn a_repeated_fact_is_accepted_and_a_contradicting_one_is_not() {
    let mut ledger = two_segments();
    ledger.tell("one", "1");
    assert_eq!(breaks(&ledger.segments), []);
    ledger.tell("one", "something else");
    assert_eq!(reasons(&breaks(&ledger.segments)), [("000002".to_owned(), 5, ChainBreak::Contradiction)]);
}

#[test]
fn an_incomplete_line_is_found_unless_the_next_segment_notes_it() {
    let mut ledger = WrittenLedger::default();
    ledger.open(None);
    ledger.tell("one", "1");
    let half = b"{\"schema\":1,\"se";
    ledger.segments[0].1.extend(half);
    assert_eq!(reasons(&breaks(&ledger.segments)), [("000001".to_owned(), 3, ChainBreak::Torn)]);
    ledger.open(Some(Sha256::hash(half)));
    ledger.tell("two", "2");
    assert_eq!(breaks(&ledger.segments), []);
    *ledger.segments[0].1.last_mut().unwrap() ^= 1;
    assert_eq!(reasons(&breaks(&ledger.segments)), [("000001".to_owned(), 3, ChainBreak::Torn)]);
    let whole = ledger.segments[0].1.len() - half.len();
    ledger.segments[0].1.truncate(whole);
    assert_eq!(reasons(&breaks(&ledger.segments)), [("000002".to_owned(), 1, ChainBreak::Predecessor)]);
}

#[test]
fn a_line_of_a_newer_schema_is_reported_as_newer() {
    let taken = |text: &[u8]| Chain::new().take(0, text).broken.unwrap().reason.to_string();
    assert!(taken(br#"{"schema":2,"x":1}"#).contains("newer archivist"));
    assert!(taken(br#"{"schema":0,"x":1}"#).contains("not a line"));
}

proptest! {
    #[test]
    fn no_bytes_make_a_chain_panic(pieces in proptest::collection::vec(any::<Vec<u8>>(), 0..8)) {
        let mut chain = Chain::new();
        for piece in &pieces {
            let _ = (chain.begin(SegmentNumber::FIRST), chain.take(0, piece), chain.end(0, piece), chain.finish());
        }
    }
}
