//! Predicts the next member name of a record. A bastion writes all records alike, so the previous record is the best
//! guess.

use crate::field::{NAMES, RecordField};

/// Length of the longest name, including quotes.
const LONGEST: usize = 24;

/// Position in a record: the member read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind(u8);

impl Behind {
    /// Beginning of a record.
    pub const START: Self = Self(NAMES.len() as u8);
    /// Beginning of `properties`.
    pub const PROPERTIES: Self = Self(NAMES.len() as u8 + 1);
    /// Behind a name that is not in [`NAMES`].
    const OTHER: Self = Self(NAMES.len() as u8 + 2);
    const ALL: usize = NAMES.len() + 3;
}

/// For each position, the index in [`NAMES`] of the name that followed when it was last read.
#[derive(Debug)]
pub struct MemberOrder([u8; Behind::ALL]);

impl Default for MemberOrder {
    fn default() -> Self {
        Self::unknown()
    }
}

impl MemberOrder {
    /// Returns an order that has learned nothing.
    pub fn unknown() -> Self {
        Self([0; Behind::ALL])
    }

    /// Compares the text at `at`, including quotes, with the name predicted for this position. Returns the new
    /// position, the field, and the length of the quoted name, or `None` if the prediction is wrong.
    #[inline(always)]
    pub fn expected(&self, behind: Behind, bytes: &[u8], at: usize) -> Option<(Behind, RecordField, usize)> {
        let next = *self.0.get(usize::from(behind.0))?;
        let quoted = QUOTED.get(usize::from(next))?;
        let here = bytes.get(at..)?.first_chunk::<LONGEST>()?;
        quoted.begins(here).then_some((Behind(next), quoted.field, quoted.length))
    }

    /// Records the name that was read at this position. Returns the new position and the field.
    pub fn learn(&mut self, behind: Behind, name: &str) -> (Behind, RecordField) {
        let known = NAMES.iter().zip(0..).find(|((known, _), _)| *known == name);
        let Some(((_, field), place)) = known else {
            return (Behind::OTHER, RecordField::from_name(name));
        };
        if let Some(next) = self.0.get_mut(usize::from(behind.0)) {
            *next = place;
        }
        (Behind(place), *field)
    }
}

/// Quoted name as words for a branch-free comparison; `masks` excludes the bytes behind its end.
struct Quoted {
    field: RecordField,
    length: usize,
    words: [u64; LONGEST / 8],
    masks: [u64; LONGEST / 8],
}

const QUOTED: [Quoted; NAMES.len()] = {
    let mut all =
        [const { Quoted { field: RecordField::Other, length: 0, words: [0; 3], masks: [0; 3] } }; NAMES.len()];
    let mut at = 0;
    while at < NAMES.len() {
        all[at] = Quoted::new(NAMES[at].0, NAMES[at].1);
        at += 1;
    }
    all
};

impl Quoted {
    const fn new(name: &str, field: RecordField) -> Self {
        let (name, length) = (name.as_bytes(), name.len() + 2);
        let mut quoted = Self { field, length, words: [0; 3], masks: [0; 3] };
        let mut at = 0;
        while at < length {
            let byte = if at == 0 || at == length - 1 { b'"' } else { name[at - 1] };
            quoted.words[at / 8] |= (byte as u64) << (at % 8 * 8);
            quoted.masks[at / 8] |= 0xFF << (at % 8 * 8);
            at += 1;
        }
        quoted
    }

    #[inline(always)]
    fn begins(&self, here: &[u8; LONGEST]) -> bool {
        let words = here.as_chunks::<8>().0.iter().zip(&self.words).zip(&self.masks);
        words.fold(0, |differ, ((eight, word), mask)| differ | (u64::from_le_bytes(*eight) ^ word) & mask) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &[u8] = br#""time":1,"level":2                        "#;

    #[test]
    fn a_learned_successor_of_a_name_is_expected_again() {
        let mut order = MemberOrder::unknown();
        let (behind, _) = order.learn(Behind::START, "time");
        assert_eq!(order.expected(behind, TWO, 9), None);
        let (last, _) = order.learn(behind, "level");
        assert_eq!(order.expected(behind, TWO, 9), Some((last, RecordField::Other, 7)));
        assert_eq!(order.expected(Behind::PROPERTIES, TWO, 9), None);
    }

    #[test]
    fn an_expected_name_must_match_completely() {
        for (name, field) in NAMES {
            let mut order = MemberOrder::unknown();
            let (known, _) = order.learn(Behind::PROPERTIES, name);
            let found = |text: String| order.expected(Behind::PROPERTIES, format!("{text:40}").as_bytes(), 0);
            assert_eq!(found(format!("\"{name}\":")), Some((known, field, name.len() + 2)));
            assert_eq!(found(format!("\"{name}s\":")), None);
            assert_eq!(found(format!("\"{}\":", name.to_uppercase())), None);
            assert_eq!(found(format!(" {name}\":")), None);
        }
    }

    #[test]
    fn an_unknown_name_changes_no_expectation() {
        let mut order = MemberOrder::unknown();
        let (known, _) = order.learn(Behind::START, "category");
        let other = order.learn(Behind::START, "Time");
        assert_eq!(
            order.expected(Behind::START, br#""category":"BastionAuditLogs""#, 0).map(|found| found.0),
            Some(known)
        );
        assert_eq!(other, (Behind::OTHER, RecordField::Time));
    }
}
