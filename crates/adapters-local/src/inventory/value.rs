//! Parses the values of a report.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::record::tags::TagSet;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use percent_encoding::percent_decode_str;

/// Parses a time: RFC 3339, RFC 1123, or milliseconds since 1970.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Timestamp::from_millisecond(text.parse().ok()?).ok();
    }
    let as_rfc_1123 = || rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
    text.parse().ok().or_else(as_rfc_1123)
}

/// Parses tags: a JSON object of texts, or `key=value&key=value`; an empty text means no tags.
pub(super) fn tags(text: &str) -> Option<TagSet> {
    if text.is_empty() || text == "null" {
        return Some(TagSet::default());
    }
    if text.starts_with('{') {
        return serde_json::from_str::<BTreeMap<String, String>>(text).ok().map(TagSet);
    }
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(Cow::into_owned);
    let pairs = text.split('&').map(|pair| {
        let (key, value) = pair.split_once('=')?;
        Some((decoded(key)?, decoded(value)?))
    });
    pairs.collect::<Option<BTreeMap<_, _>>>().map(TagSet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_each_of_three_forms() {
        let expected: Timestamp = "2026-03-02T09:12:44Z".parse().unwrap();
        for text in [
            "2026-03-02T09:12:44Z",
            "2026-03-02T10:12:44.0000000+01:00",
            "Mon, 02 Mar 2026 09:12:44 GMT",
            "1772442764000",
        ] {
            assert_eq!(time(text), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "2026-03-02", "-5", "99999999999999999999", "02.03.2026 09:12"] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn tags_are_read_in_both_forms() {
        let read = |text: &str| tags(text).map(|TagSet(tags)| tags.into_iter().collect::<Vec<_>>());
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read(""), Some(Vec::new()));
        assert_eq!(
            read(r#"{"team":"red","bsr-hold":"none"}"#),
            Some(vec![pair("bsr-hold", "none"), pair("team", "red")])
        );
        assert_eq!(read("team=red+1&a%3Db="), Some(vec![pair("a=b", ""), pair("team", "red 1")]));
        for text in ["{", r#"{"a":1}"#, "team", "a=%ff"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
