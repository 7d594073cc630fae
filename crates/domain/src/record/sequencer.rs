//! Order of the storage events of one blob name.

use std::cmp::Ordering;
use std::fmt;

/// Opaque text that orders the events of *one* blob name; not comparable across names.
///
/// Compared byte by byte, the shorter text padded with `0` on the left (lengths 32 and 48 occur). Equality follows the
/// same rule.
#[derive(Debug, Clone)]
pub struct Sequencer(String);

impl Sequencer {
    /// Takes the text unchanged. Returns `None` for an empty text, which has no order.
    pub fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// Returns the unchanged text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn significant(&self) -> &[u8] {
        self.0.trim_start_matches('0').as_bytes()
    }
}

impl Ord for Sequencer {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.significant(), other.significant());
        let width = a.len().max(b.len());
        let padded = |text: &'_ [u8], at: usize| {
            let pad = width - text.len();
            if at < pad { b'0' } else { text[at - pad] }
        };
        (0..width).map(|at| padded(a, at).cmp(&padded(b, at))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Sequencer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Sequencer {
    fn eq(&self, other: &Self) -> bool {
        self.significant() == other.significant()
    }
}

impl Eq for Sequencer {}

impl fmt::Display for Sequencer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequencer(text: &str) -> Sequencer {
        Sequencer::parse(text).unwrap()
    }

    #[test]
    fn equal_lengths_compare_as_text() {
        assert!(sequencer("0000000000000281000000000002F5CA") < sequencer("00000000000004420000000000028963"));
    }

    #[test]
    fn the_shorter_sequencer_is_padded_with_zeros() {
        let short = sequencer("00000000000004420000000000028963");
        let long = sequencer("000000000000000000000000000089A4000000000018d6ea");
        assert!(short > sequencer("0000000000000000000000000000000000000000000000ff"));
        assert_eq!(short, sequencer("000000000000000000000000000004420000000000028963"));
        assert!(long > short);
    }

    #[test]
    fn an_empty_text_is_not_a_sequencer() {
        assert!(Sequencer::parse("").is_none());
    }

    #[test]
    fn characters_below_zero_still_give_a_total_order() {
        let texts = ["-", "0-", "--", "/", "1", "01", "0", "00"];
        for a in texts {
            for b in texts {
                let (a, b) = (sequencer(a), sequencer(b));
                assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
                assert_eq!(a == b, a.cmp(&b).is_eq(), "{a} {b}");
            }
        }
    }
}
