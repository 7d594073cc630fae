//! Groups unreadable parts of a log into few pieces for quarantine.

use std::collections::BTreeMap;
use std::ops::Range;

use audit_log::{RejectReason, Rejected};

/// Maximum length of a piece in bytes, unless a single broken record is longer.
const LONGEST: u64 = 4 << 20;
/// Number of pieces per log with an end at the next good record. Later pieces include the good records in between, so a
/// log of `n` bytes has at most this many pieces plus `n` / [`LONGEST`].
pub(super) const EXACT_PIECES: u64 = 32;

/// Part of a log that goes into quarantine with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Junk {
    /// Byte offsets into the log.
    pub range: Range<u64>,
    reasons: BTreeMap<RejectReason, u64>,
}

/// Groups neighbouring rejects. The result depends on the log after the start offset, not on how the log was split into
/// chunks.
#[derive(Debug, Default)]
pub(super) struct Rejects {
    /// Open piece, which may still grow.
    open: Option<Junk>,
    whole: Vec<Junk>,
    /// Pieces of the log so far.
    pieces: u64,
}

impl Rejects {
    /// Starts for a log with this many pieces already.
    pub fn starting_at(pieces: u64) -> Self {
        Self { pieces, ..Self::default() }
    }

    /// Adds a reject, which must follow all earlier ones.
    pub fn take(&mut self, rejected: Rejected) {
        let Rejected { range, reason } = rejected;
        if self.open.as_ref().is_some_and(|junk| range.end - junk.range.start > LONGEST) {
            self.end();
        }
        let open = self.open.get_or_insert_with(|| Junk { range: range.clone(), reasons: BTreeMap::new() });
        open.range.end = range.end;
        *open.reasons.entry(reason).or_default() += 1;
    }

    /// Notes a readable record.
    pub fn pass(&mut self) {
        if self.is_exact() {
            self.end();
        }
    }

    /// Notes the current end of the log. Beyond the limit, a piece stays open until the log grows.
    pub fn pause(&mut self) {
        self.pass();
    }

    /// Takes the finished pieces.
    pub fn whole(&mut self) -> Vec<Junk> {
        std::mem::take(&mut self.whole)
    }

    /// Returns the number of pieces so far.
    pub fn pieces(&self) -> u64 {
        self.pieces
    }

    /// Returns the start offset of the open piece.
    pub fn open_from(&self) -> Option<u64> {
        self.open.as_ref().map(|junk| junk.range.start)
    }

    fn is_exact(&self) -> bool {
        self.pieces < EXACT_PIECES
    }

    fn end(&mut self) {
        if let Some(junk) = self.open.take() {
            self.pieces += 1;
            self.whole.push(junk);
        }
    }
}

impl Junk {
    /// Returns the reasons for the quarantine. Each reason has its count if above one.
    pub fn reason(&self) -> String {
        let reasons = self.reasons.iter().map(|(reason, count)| match count {
            1 => reason.to_string(),
            count => format!("{reason} ({count} times)"),
        });
        reasons.collect::<Vec<_>>().join(", ")
    }

    /// Builds the piece for an incomplete record at the end of a log.
    pub fn unfinished(range: Range<u64>) -> Self {
        Self { range, reasons: [(RejectReason::Unfinished, 1)].into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reject(range: Range<u64>) -> Rejected {
        Rejected { range, reason: RejectReason::Syntax }
    }

    fn ranges(rejects: &mut Rejects) -> Vec<Range<u64>> {
        rejects.whole().into_iter().map(|junk| junk.range).collect()
    }

    #[test]
    fn adjacent_rejects_are_one_piece_with_counted_reasons() {
        let mut rejects = Rejects::default();
        rejects.take(reject(3..5));
        rejects.take(reject(6..8));
        rejects.take(Rejected { range: 9..12, reason: RejectReason::NotARecord });
        assert_eq!((rejects.open_from(), ranges(&mut rejects)), (Some(3), vec![]));
        rejects.pass();
        let [junk] = rejects.whole().try_into().unwrap();
        assert_eq!(junk.range, 3..12);
        assert_eq!(junk.reason(), "the text is not a JSON object (2 times), the object has no field of a record");
    }

    #[test]
    fn a_long_piece_is_divided_between_rejects() {
        let mut rejects = Rejects::default();
        (0..3).for_each(|n| rejects.take(reject(n * LONGEST / 2..(n + 1) * LONGEST / 2)));
        rejects.pause();
        assert_eq!(ranges(&mut rejects), [0..LONGEST, LONGEST..LONGEST / 2 * 3]);
    }

    #[test]
    fn beyond_the_limit_pieces_continue_over_good_records() {
        let mut rejects = Rejects::starting_at(EXACT_PIECES - 1);
        for n in 0..1000 {
            rejects.take(reject(n * 10..n * 10 + 5));
            rejects.pass();
        }
        rejects.pause();
        assert_eq!((ranges(&mut rejects).first(), rejects.open_from()), (Some(&(0..5)), Some(10)));
        rejects.take(reject(LONGEST..LONGEST + 20));
        assert_eq!((ranges(&mut rejects).first(), rejects.open_from()), (Some(&(10..9995)), Some(LONGEST)));
    }
}
