//! Verifies the chain of a ledger.

use domain::record::ledger::{Break, ChainBreak, Flaw, LONGEST_LINE};
use pipeline::ledger::{LedgerFinding, VerificationStep, Verify};

use crate::ledger::world::{LedgerWorld, facts, segment, told};
use pipeline::testing::schedule::now;

fn breaks(findings: Vec<LedgerFinding>) -> Vec<Break> {
    let broken = findings.into_iter().map(|finding| match finding {
        LedgerFinding::Broken(broken) => broken,
        other => panic!("{other:?} in a chain"),
    });
    broken.collect()
}

#[test]
fn a_ledger_that_does_not_exist_is_sound() {
    let (verified, findings) = LedgerWorld::default().verify();
    assert_eq!((verified.segments, verified.lines, findings.len(), verified.is_sound()), (0, 0, 0, true));
}

#[test]
fn verification_counts_segments_lines_and_facts() {
    let world = LedgerWorld::default();
    world.append(&facts(0..500)).unwrap();
    world.set_clock("2026-04-01T00:00:00Z");
    world.append(&facts(500..1_500)).unwrap();
    world.append(&[told(0)]).unwrap();
    let (verified, findings) = world.verify();
    assert_eq!(findings, []);
    assert_eq!((verified.segments, verified.lines, verified.facts, verified.repeated), (2, 1_504, 1_501, 1));
}

#[test]
fn verification_progress_ends_at_the_announced_total() {
    let world = LedgerWorld::default();
    world.append(&facts(0..3_000)).unwrap();
    let (mut whole, mut read) = (0, 0);
    let verify = Verify { ledger: world.ledger.as_ref(), recordings: None, from_start: false, head: None };
    now(verify.run(&mut |step| match step {
        VerificationStep::Lines(bytes) => whole = bytes,
        VerificationStep::LineBytes(bytes) => read += bytes,
        other => panic!("{other:?}"),
    }))
    .unwrap();
    assert!(whole > 1 << 20, "lines cross the edges of the blocks read");
    assert_eq!(read, whole);
}

#[test]
fn every_change_of_a_single_byte_of_a_segment_is_found() {
    let world = LedgerWorld::default();
    world.append(&facts(0..2)).unwrap();
    world.set_clock("2026-04-01T00:00:00Z");
    world.append(&facts(2..3)).unwrap();
    for number in [1, 2] {
        for at in 0..world.content(number).len() {
            for change in [1, 0x20] {
                let turn = |bytes: &mut Vec<u8>| bytes[at] ^= change;
                world.ledger.tamper(segment(number), turn);
                assert!(!world.verify().0.is_sound(), "segment {number}, byte {at}, change {change}");
                world.ledger.tamper(segment(number), turn);
            }
        }
    }
    assert!(world.verify().0.is_sound());
}

#[test]
fn a_line_of_any_length_is_one_break() {
    for length in [0, 1, LONGEST_LINE - 1, LONGEST_LINE, LONGEST_LINE + 1, 3 << 20] {
        let world = LedgerWorld::default();
        world.append(&facts(0..10)).unwrap();
        let offset = world.content(1).lines().take(4).map(|line| line.len() + 1).sum::<usize>();
        let line = "x".repeat(length) + "\n";
        world.ledger.tamper(segment(1), |bytes| drop(bytes.splice(offset..offset, line.bytes())));
        world.ledger.tamper(segment(1), |bytes| bytes.pop().map_or((), drop));
        let found = breaks(world.verify().1);
        let inserted =
            Break { segment: segment(1), line: 5, offset: offset as u64, reason: ChainBreak::Flaw(Flaw::Form) };
        let last = world.content(1).rfind('\n').unwrap() as u64 + 1;
        let torn = Break { segment: segment(1), line: 12, offset: last, reason: ChainBreak::Torn };
        assert_eq!(found, [inserted, torn], "{length} bytes");
    }
}

#[test]
fn a_chained_fact_in_a_non_canonical_form_is_found() {
    use domain::record::ledger::{LedgerLine, LineContent, Sha256};
    let world = LedgerWorld::default();
    world.append(&facts(0..1)).unwrap();
    let content = world.content(1);
    let last = LedgerLine::parse(content.lines().last().unwrap().as_bytes()).unwrap();
    let LineContent::Fact { text, .. } = last.body else {
        panic!("{last:?} is no fact")
    };
    let odd = text.replace("\"by\"", "\"and\":1,\"by\"").replacen("fct_", "fct_0", 0);
    let line = LedgerLine::new(last.seq + 1, last.at, last.hash, LineContent::fact(&odd).unwrap());
    assert_ne!(line.hash, Sha256::NOTHING);
    world.ledger.tamper(segment(1), |bytes| bytes.extend(line.text().bytes()));
    let reasons: Vec<ChainBreak> = breaks(world.verify().1).into_iter().map(|broken| broken.reason).collect();
    assert_eq!(reasons, [ChainBreak::Contradiction], "it has the id of another one as well");
}
