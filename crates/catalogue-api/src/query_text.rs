//! Splits a query string into decoded names and values.

use percent_encoding::percent_decode_str;

/// Yields decoded names and values, with `None` for a name or value that is not UTF-8. Empty parts are skipped.
pub(crate) fn parts(query: &str) -> impl Iterator<Item = (Option<String>, Option<String>)> {
    let filled = query.split('&').filter(|part| !part.is_empty());
    filled.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value))
    })
}

/// Percent-decodes a path segment. Returns `None` if the result is not UTF-8.
pub(crate) fn in_path(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// Decodes `+` as a blank, as HTML forms write it.
fn decoded(text: &str) -> Option<String> {
    in_path(&text.replace('+', " "))
}
