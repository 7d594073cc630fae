//! The text behind the question mark, part by part.

use percent_encoding::percent_decode_str;

/// Names and values, decoded; `None` for one that is no UTF-8. Empty parts say nothing.
pub(crate) fn parts(query: &str) -> impl Iterator<Item = (Option<String>, Option<String>)> {
    let filled = query.split('&').filter(|part| !part.is_empty());
    filled.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value))
    })
}

/// A part of a path, decoded. `None` for one that is no UTF-8.
pub(crate) fn in_path(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// Forms write a blank as `+`.
fn decoded(text: &str) -> Option<String> {
    in_path(&text.replace('+', " "))
}
