//! Unwraps a value encoded on its way: JSON inside a JSON string, base64 inside that.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Maximum number of nested JSON strings. The host adds up to two layers and a producer that encodes twice a third;
/// the parser of the request body removes the outermost.
const INNER_STRINGS: usize = 2;

/// JSON string, borrowed if it has no escapes.
#[derive(Deserialize)]
pub(crate) struct JsonText<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// Returns the innermost JSON text, or the text itself if it contains none.
pub(crate) fn unwrap(mut text: Cow<'_, str>) -> Cow<'_, [u8]> {
    let mut base64_left = true;
    let mut strings_left = INNER_STRINGS;
    loop {
        if strings_left > 0 && starts_string(text.as_bytes()) {
            let Some(inner) = unquote(&text) else { break };
            text = inner;
            strings_left -= 1;
        } else if base64_left && !starts_json(text.as_bytes()) {
            let Some(inner) = json_in_base64(&text) else { break };
            text = Cow::Owned(inner);
            base64_left = false;
        } else {
            break;
        }
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

fn starts_string(text: &[u8]) -> bool {
    text.trim_ascii_start().first() == Some(&b'"')
}

fn starts_json(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}

/// Returns the content of a JSON string, or `None` if the text only starts like one or contains half a surrogate pair.
fn unquote<'a>(text: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    match text {
        Cow::Borrowed(text) => serde_json::from_str::<JsonText<'a>>(text).ok().map(|text| text.0),
        Cow::Owned(text) => serde_json::from_str(text).ok().map(Cow::Owned),
    }
}

/// Accepts only complete JSON inside base64, because an ordinary word can be valid base64 by chance.
fn json_in_base64(text: &str) -> Option<String> {
    let inner = String::from_utf8(STANDARD.decode(text.trim_ascii()).ok()?).ok()?;
    let json = inner.strip_prefix('\u{FEFF}').unwrap_or(&inner);
    (starts_json(json.as_bytes()) && serde_json::from_str::<IgnoredAny>(json).is_ok()).then_some(inner)
}
