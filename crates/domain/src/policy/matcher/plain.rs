//! Fast path of patterns: pattern and text are ASCII, so a character is a byte.

use memchr::{memchr_iter, memchr2_iter};

/// ASCII pattern, split at its `*`. A single part must match the whole text.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct AsciiPattern {
    /// In lower case if case is ignored.
    parts: Vec<Box<[u8]>>,
    any_case: bool,
}

impl AsciiPattern {
    /// Returns `None` if the pattern is not ASCII.
    pub(super) fn from_pattern(pattern: &str, any_case: bool) -> Option<Self> {
        let part = |part: &str| if any_case { part.to_ascii_lowercase() } else { part.to_owned() };
        let parts = || pattern.split('*').map(|text| part(text).into_bytes().into_boxed_slice()).collect();
        pattern.is_ascii().then(|| Self { parts: parts(), any_case })
    }

    /// True if the pattern matches the whole of an ASCII text.
    pub(super) fn fits(&self, text: &[u8]) -> bool {
        let fits = if self.any_case { Self::fits_bytes::<true> } else { Self::fits_bytes::<false> };
        fits(&self.parts, text)
    }

    fn fits_bytes<const ANY_CASE: bool>(parts: &[Box<[u8]>], text: &[u8]) -> bool {
        let [begin, middle @ .., end] = parts else {
            return parts.first().is_some_and(|whole| whole.len() == text.len() && is::<ANY_CASE>(whole, text));
        };
        let Some((front, rest)) = text.split_at_checked(begin.len()) else {
            return false;
        };
        let Some(last) = rest.len().checked_sub(end.len()) else { return false };
        let (mut rest, back) = rest.split_at(last);
        // The first position of a part is optimal: it leaves the most text for later parts.
        is::<ANY_CASE>(begin, front)
            && is::<ANY_CASE>(end, back)
            && middle.iter().all(|part| take::<ANY_CASE>(part, &mut rest))
    }
}

/// True if the part matches the beginning of the text. Most comparisons end early.
fn is<const ANY_CASE: bool>(part: &[u8], text: &[u8]) -> bool {
    let fits = |(want, is): (&u8, &u8)| {
        let is = if ANY_CASE { is.to_ascii_lowercase() } else { *is };
        *want == is || *want == b'?'
    };
    part.iter().zip(text).all(fits)
}

/// Finds the first match of a part and advances `text` behind it. Returns `false` if there is no match.
fn take<const ANY_CASE: bool>(part: &[u8], text: &mut &[u8]) -> bool {
    if part.is_empty() {
        return true;
    }
    let Some(last) = text.len().checked_sub(part.len()) else { return false };
    let places = &text[..=last];
    let at = |place: &usize| is::<ANY_CASE>(part, &text[*place..]);
    let found = match part[0] {
        b'?' => (0..=last).find(at),
        first if ANY_CASE => memchr2_iter(first, first.to_ascii_uppercase(), places).find(at),
        first => memchr_iter(first, places).find(at),
    };
    if let Some(place) = found {
        *text = &text[place + part.len()..];
    }
    found.is_some()
}
