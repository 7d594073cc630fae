//! Delimits and decodes JSON strings and scalars.

use std::borrow::Cow;

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Returns the offset of the first quote, backslash or control character at or after `at`, or the length of `bytes`.
#[inline]
pub fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        // In each byte: flipping bit 1 moves the quote next to the control characters, so one comparison finds both.
        let quote_or_control = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        // Non-ASCII bytes never match: masking with `!word` clears them.
        let found = (quote_or_control | backslash) & !word & HIGHS;
        if found != 0 {
            // A borrow only propagates to higher bytes, so the lowest match is exact.
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

/// Returns the length in bytes of the escape sequence at the start of `bytes`, or `None` if the sequence is invalid.
pub fn escape(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => bytes.get(2..6)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}

/// Decodes the text between the quotes of a string. Its escapes must be valid. A lone surrogate becomes `U+FFFD`, so
/// the rest of the record can still be read.
pub fn unescape(raw: &str) -> Cow<'_, str> {
    let Some(mut at) = raw.find('\\') else { return Cow::Borrowed(raw) };
    let mut decoded = String::with_capacity(raw.len());
    decoded.push_str(&raw[..at]);
    while let Some(code) = raw.as_bytes().get(at + 1) {
        at += 2;
        match code {
            b'b' => decoded.push('\u{8}'),
            b'f' => decoded.push('\u{c}'),
            b'n' => decoded.push('\n'),
            b'r' => decoded.push('\r'),
            b't' => decoded.push('\t'),
            b'u' => at = unit(raw, at, &mut decoded),
            other => decoded.push(char::from(*other)),
        }
        let plain = raw[at..].find('\\').unwrap_or(raw.len() - at);
        decoded.push_str(&raw[at..at + plain]);
        at += plain;
    }
    Cow::Owned(decoded)
}

/// Appends the character whose first UTF-16 code unit has its hex digits at `at`. Returns the offset behind it.
fn unit(raw: &str, at: usize, decoded: &mut String) -> usize {
    let digits = |at: usize| raw.get(at..at + 4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let first = digits(at).unwrap_or(0xFFFD);
    let second = raw.get(at + 4..at + 6).filter(|next| *next == "\\u").and_then(|_| digits(at + 6));
    if let Some(second) = second
        && let Some(Ok(pair)) = char::decode_utf16([first, second]).next()
        && pair.len_utf16() == 2
    {
        decoded.push(pair);
        return at + 10;
    }
    decoded.push(char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER));
    at + 4
}

/// True for bytes that occur in a number, `true`, `false` or `null`.
pub fn is_scalar_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// True if `text` is a valid number, `true`, `false` or `null`.
pub fn is_scalar(text: &[u8]) -> bool {
    if matches!(text, b"null" | b"true" | b"false") {
        return true;
    }
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text[0] == b'0') {
        return false;
    }
    let mut text = &text[whole..];
    if let Some(fraction) = text.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        text = &fraction[count..];
    }
    let [b'e' | b'E', exponent @ ..] = text else { return text.is_empty() };
    let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent) == exponent.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::{is_scalar, special, unescape};

    proptest! {
        #[test]
        fn the_first_special_byte_is_found_wherever_it_stands(bytes in any::<Vec<u8>>(), plain in 0_usize..40) {
            let bytes = [vec![b'\x7f'; plain], bytes].concat();
            let expected = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            prop_assert_eq!(special(&bytes, 0), expected.unwrap_or(bytes.len()));
        }

        #[test]
        fn an_escaped_text_has_the_same_value(text in any::<String>()) {
            let raw = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(unescape(&raw[1..raw.len() - 1]), text);
        }

        #[test]
        fn scalars_are_those_of_json(text in "[-+.0-9eE]{1,8}|true|null|nul|falsey") {
            prop_assert_eq!(is_scalar(text.as_bytes()), serde_json::from_str::<Box<serde_json::value::RawValue>>(&text).is_ok());
        }
    }

    #[test]
    fn characters_beyond_the_first_plane_are_two_units() {
        assert_eq!(unescape(r"a\ud83d\ude00\u00e9\/b"), "a😀é/b");
        assert_eq!(unescape(r"a\ud83dx\ud83d\u0041\ude00"), "a\u{fffd}x\u{fffd}A\u{fffd}");
    }
}
