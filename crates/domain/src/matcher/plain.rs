//! The common case of a pattern: it and the text are ASCII, so a character is a byte.

use memchr::{memchr_iter, memchr2_iter};

/// A pattern of ASCII characters, as the parts between its `*`. One part is the whole text.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Plain {
    /// In lower case where case does not count.
    parts: Vec<Box<[u8]>>,
    any_case: bool,
}

impl Plain {
    /// `None` for a pattern with other characters.
    pub(super) fn of(pattern: &str, any_case: bool) -> Option<Self> {
        let part = |part: &str| if any_case { part.to_ascii_lowercase() } else { part.to_owned() };
        let parts = || pattern.split('*').map(|text| part(text).into_bytes().into_boxed_slice()).collect();
        pattern.is_ascii().then(|| Self { parts: parts(), any_case })
    }

    /// Whether the whole of an ASCII text is meant.
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
        // The first place of a part is the best: it leaves the most to those behind it.
        is::<ANY_CASE>(begin, front)
            && is::<ANY_CASE>(end, back)
            && middle.iter().all(|part| take::<ANY_CASE>(part, &mut rest))
    }
}

/// Whether as many bytes of a text are meant by a part. Most texts differ from most parts early.
fn is<const ANY_CASE: bool>(part: &[u8], text: &[u8]) -> bool {
    let fits = |(want, is): (&u8, &u8)| {
        let is = if ANY_CASE { is.to_ascii_lowercase() } else { *is };
        *want == is || *want == b'?'
    };
    part.iter().zip(text).all(fits)
}

/// Leaves what stands behind the first place where a part is.
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
