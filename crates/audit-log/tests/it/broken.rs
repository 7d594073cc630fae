//! Tests malformed pieces between valid records, and the cost of hostile input.

use audit_log::{MAX_DEPTH, OBJECT_LIMIT, PIECE_LIMIT, RECORD_LIMIT, Reader, RejectReason, Rejected};
use proptest::collection::vec;
use proptest::prelude::{any, proptest};

use crate::reading::{feed, in_chunks, records, rejected, whole};

const GOOD: &str = concat!(
    r#"{"time":"2025-11-05T09:12:44.210Z","a":{"b":[1,null,"\u00e9{"]},"#,
    r#""properties":{"userName":"x","clientPort":5,"tunnelId":"first"}}"#
);

fn tunnels(log: &str) -> Vec<String> {
    let found = whole(log.as_bytes(), RECORD_LIMIT).0;
    records(&found).into_iter().filter_map(|record| Some(record.tunnel_id?.into_owned())).collect()
}

fn reasons(log: &[u8]) -> Vec<(&str, RejectReason)> {
    let found = whole(log, RECORD_LIMIT).0;
    let text = |range: std::ops::Range<u64>| {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        str::from_utf8(&log[range]).unwrap_or("no text")
    };
    rejected(&found).into_iter().map(|rejected| (text(rejected.range), rejected.reason)).collect()
}

#[test]
fn a_truncated_line_spoils_no_other_line() {
    let [second, third] = ["second", "third"].map(|name| GOOD.replace("first", name));
    for cut in 0..GOOD.len() {
        let log = format!("{}\n{second}\r\n{third}\n", &GOOD[..cut].trim_end());
        assert_eq!(tunnels(&log), ["second", "third"], "{log}");
        let rejected = reasons(log.as_bytes());
        assert_eq!(rejected.len(), usize::from(cut > 0), "{rejected:?}");
    }
}

/// Behind a colon, the next record is an ordinary value until the end of its own line.
#[test]
fn a_truncated_record_spoils_at_most_the_next_one() {
    let [second, third] = ["second", "third"].map(|name| GOOD.replace("first", name));
    for cut in 1..GOOD.len() {
        let found = tunnels(&format!("{}{second}\n{third}\n", &GOOD[..cut]));
        let ends_before_a_value = GOOD[..cut].ends_with([':', '[', ',']);
        assert!(
            found == ["second", "third"] || (ends_before_a_value && found == ["third"]),
            "{found:?} {}",
            &GOOD[..cut]
        );
    }
}

#[test]
fn a_blank_outside_json_is_a_rejected_piece() {
    for junk in ["\u{c}", "\u{b}", "\u{a0}"] {
        for log in [format!("{junk}\n{GOOD}"), format!("{GOOD}{junk}\n"), format!("{{\"a\":{junk}\n{GOOD}")] {
            let rejected = reasons(log.as_bytes());
            assert!(rejected.len() == 1 && !rejected[0].0.is_empty(), "{log:?}: {rejected:?}");
            assert_eq!(tunnels(&log), ["first"], "{log:?}");
        }
    }
}

#[test]
fn nul_bytes_and_other_junk_are_rejected_pieces() {
    let log = format!("\0\0\0{GOOD} tail\n \"a\": {{\"b\": 1}} ,\n\n[1, 2]\n{GOOD}\0{GOOD}");
    let syntax = |text| (text, RejectReason::Syntax);
    let expected = ["\0\0\0", "tail", "\"a\": {\"b\": 1} ,", "1, 2]", "\0"].map(syntax);
    assert_eq!(reasons(log.as_bytes()), expected);
    assert_eq!(tunnels(&log).len(), 3);
}

#[test]
fn every_rejected_piece_has_its_reason() {
    let deep = format!(r#"{{"time":"x","a":{}}}"#, "[".repeat(MAX_DEPTH as usize));
    for (piece, reason) in [
        (r#"{"time":"x","a":01}"#, RejectReason::Syntax),
        (r#"{"time":"x","a":[nul]}"#, RejectReason::Syntax),
        (r#"{"time":"x",}"#, RejectReason::Syntax),
        (r#"{"time":"\x"}"#, RejectReason::Syntax),
        ("{\"time\":\"\t\"}", RejectReason::Syntax),
        (r#"{"properties":"{\"userName\":1"}"#, RejectReason::Properties),
        (r#"{"properties":"text"}"#, RejectReason::Properties),
        (r#"{"some":"thing","time":""}"#, RejectReason::NotARecord),
        ("{}", RejectReason::NotARecord),
        (deep.as_str(), RejectReason::TooDeep),
    ] {
        assert_eq!(reasons(format!("{GOOD}\n{piece}\n{GOOD}").as_bytes()), [(piece, reason)]);
        assert!(!reason.to_string().is_empty() && !reason.label().is_empty());
    }
    let not_utf8 = [b"{\"time\":\"\xFF\"}\n".as_slice(), GOOD.as_bytes()].concat();
    assert_eq!(reasons(&not_utf8), [("no text", RejectReason::NotUtf8)]);
    assert_eq!(records(&whole(&not_utf8, RECORD_LIMIT).0).len(), 1);
}

#[test]
fn objects_may_be_nested_to_the_documented_depth() {
    let arrays = MAX_DEPTH as usize - 1;
    let log = format!(r#"{{"time":"x","a":{}{}}}"#, "[".repeat(arrays), "]".repeat(arrays));
    assert_eq!(records(&whole(log.as_bytes(), RECORD_LIMIT).0).len(), 1);
    assert_eq!(records(&in_chunks(log.as_bytes(), 1, RECORD_LIMIT).0).len(), 1);
}

/// Asserts that the pieces are contiguous. Returns their start and end.
fn joined(pieces: &[Rejected]) -> (u64, u64) {
    assert!(pieces.windows(2).all(|two| two[0].range.end == two[1].range.start), "{pieces:?}");
    (pieces[0].range.start, pieces.last().unwrap().range.end)
}

#[test]
fn a_line_of_100_mb_is_rejected_in_parts_without_buffering() {
    const LENGTH: u64 = 100_000_000;
    let (mut reader, mut found) = (Reader::at(0), Vec::new());
    feed(&mut reader, b"{\"time\":\"", &mut found);
    let chunk = vec![b'x'; 1_000_000];
    for n in 1..=LENGTH / 1_000_000 {
        feed(&mut reader, &chunk, &mut found);
        assert!(reader.held() <= RECORD_LIMIT + 8192, "{} bytes are held", reader.held());
        assert!(reader.consumed() + OBJECT_LIMIT + PIECE_LIMIT >= n * 1_000_000, "the checkpoint advances");
    }
    let end = format!("\"}}\n{GOOD}\n");
    feed(&mut reader, end.as_bytes(), &mut found);
    let pieces = rejected(&found);
    assert_eq!((joined(&pieces), pieces[0].reason), ((0, LENGTH + 11), RejectReason::TooLong { limit: RECORD_LIMIT }));
    assert!(pieces.len() <= 100, "{} pieces", pieces.len());
    assert_eq!((records(&found).len(), reader.finish()), (1, None));
}

#[test]
fn an_endless_line_is_split_alike_from_any_resume_position() {
    for pattern in ["x", "{", "{\"a\":", "a:", ": {", "\"", "{\"a\":[{\"b\":\"c\"},"] {
        let line = pattern.repeat(3_200_000 / pattern.len());
        let log = format!("{line}\n{GOOD}\n");
        let (found, rest) = whole(log.as_bytes(), RECORD_LIMIT);
        let behind_junk = found.iter().filter(|(_, from)| *from <= line.len() as u64);
        for (_, from) in behind_junk.step_by(found.len() / 5 + 1) {
            let mut again = Vec::new();
            let mut reader = Reader::at(*from);
            feed(&mut reader, &log.as_bytes()[usize::try_from(*from).unwrap()..], &mut again);
            let behind: Vec<Rejected> =
                rejected(&found).into_iter().filter(|piece| piece.range.start >= *from).collect();
            assert!(rejected(&again) == behind, "{pattern:?} from {from}");
            assert_eq!((records(&again).len(), reader.finish()), (1, rest.clone()), "{pattern:?} from {from}");
        }
        assert_eq!(records(&found).len(), 1, "{pattern:?}");
    }
}

#[test]
fn a_record_over_the_size_limit_is_rejected() {
    let length = GOOD.len();
    for size in [1, 7, length, 10 * length] {
        assert_eq!(records(&in_chunks(GOOD.as_bytes(), size, length).0).len(), 1);
        let found = in_chunks(GOOD.as_bytes(), size, length - 1).0;
        assert_eq!(rejected(&found)[0].reason, RejectReason::TooLong { limit: length - 1 });
    }
}

#[test]
fn a_reader_with_unread_items_keeps_its_checkpoint() {
    let log = format!("{GOOD}\n{GOOD}\n");
    let mut reader = Reader::at(100);
    assert!(reader.feed(log.as_bytes()).next_item().is_some());
    let checkpoint = 100 + GOOD.len() as u64;
    assert_eq!(reader.consumed(), checkpoint);
    assert!(reader.feed(log.as_bytes()).next_item().is_none(), "what comes next does not follow");
    assert_eq!((reader.consumed(), reader.finish()), (checkpoint, None));
}

/// Patterns that make a naive reader restart again and again.
const HOSTILE: [&str; 14] = [
    "{", "{\"", "{\"a\":", "{\"a\":\n", "\n{\"a\":", "{\"a\":[\n", "[", "\0", "\"", "{}x", "{\"time\":\"\u{7}",
    "\u{FEFF}x", "{\"records\":[", "{\"a\":\"{\n",
];

/// Maximum reads per byte: three fast and three slow ones; chunks of one byte add one more.
const LOOKS: u64 = 8;

fn looks_in_proportion(log: &[u8], size: usize, limit: usize) {
    let (mut reader, mut found) = (Reader::at(0).with_limit(limit), Vec::new());
    for chunk in log.chunks(size) {
        feed(&mut reader, chunk, &mut found);
    }
    let (scanned, fed) = (reader.scanned(), log.len() as u64);
    assert!(scanned <= LOOKS * fed + 64, "{scanned} looks at {fed} bytes");
    assert!(reader.held() <= limit + 8192, "{} bytes are held", reader.held());
}

#[test]
fn hostile_patterns_cost_in_proportion_to_their_length() {
    for pattern in HOSTILE {
        let log = pattern.repeat(60_000 / pattern.len());
        for size in [1, 1000, log.len()] {
            for limit in [100, 20_000, RECORD_LIMIT] {
                looks_in_proportion(log.as_bytes(), size, limit);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_mixture_of_hostile_patterns_costs_in_proportion(
        parts in vec((proptest::sample::select(&HOSTILE[..]), 1_usize..200), 1..8),
        size in 1_usize..5000,
        limit in 0_usize..3000,
    ) {
        let log: Vec<u8> = parts.iter().flat_map(|(pattern, times)| pattern.as_bytes().repeat(*times)).collect();
        looks_in_proportion(&log, size, limit);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in any::<Vec<u8>>()) {
        looks_in_proportion(&bytes, 3, 40);
    }
}
