use crate::card::PlainText;

/// Escapes `&`, `<` and `>`, which start all special syntax of Slack, and returns at most `limit` characters. A cut
/// text ends in `…`; an escape is never split.
pub(super) fn escape_within(text: &PlainText, limit: usize) -> String {
    let mut escaped = String::with_capacity(text.as_str().len());
    // Length in bytes of the part before `…`, and length of the whole in characters.
    let (mut kept, mut length) = (0, 0);
    for c in text.as_str().chars() {
        match escape_of(c) {
            Some(escape) => escaped.push_str(escape),
            None => escaped.push(c),
        }
        length += escape_of(c).map_or(1, str::len);
        if length < limit {
            kept = escaped.len();
        }
    }
    if length > limit {
        escaped.truncate(kept);
        escaped.push('…');
    }
    escaped
}

/// Like [`escape_within`], but replaces an `@` that could start a mention, for compatible servers that interpret it.
pub(super) fn uncalling(text: &PlainText, limit: usize) -> String {
    let mut uncalling = String::new();
    for c in text.as_str().chars() {
        let begins = !uncalling.ends_with(|last: char| last.is_ascii_alphanumeric());
        uncalling.push(if c == '@' && begins { '＠' } else { c });
    }
    escape_within(&PlainText::from_text(&uncalling), limit)
}

/// Counts characters as Slack does.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

fn escape_of(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn within(text: &str, limit: usize) -> String {
        escape_within(&PlainText::from_text(text), limit)
    }

    #[test]
    fn a_mention_or_link_is_escaped() {
        assert_eq!(within("<!channel> & <@U1> a>b", 100), "&lt;!channel&gt; &amp; &lt;@U1&gt; a&gt;b");
    }

    #[test]
    fn a_long_text_is_cut_between_escapes() {
        assert_eq!(within("日本語&", 8), "日本語&amp;");
        assert_eq!(within("日本語&", 7), "日本語…");
        assert_eq!(within("日本語&", 3), "日本…");
    }

    #[test]
    fn a_mention_in_a_name_is_neutralised() {
        let uncalling = |text: &str| uncalling(&PlainText::from_text(text), 100);
        assert_eq!(uncalling("@channel (@here) a@b.example"), "＠channel (＠here) a@b.example");
    }

    proptest! {
        #[test]
        fn an_escaped_text_respects_limit_and_special_characters(text: String, limit in 1usize..60) {
            let escaped = within(&text, limit);
            prop_assert!(length(&escaped) <= limit);
            prop_assert!(!escaped.contains(['<', '>']));
            let whole = escaped.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "");
            prop_assert!(!whole.contains('&'), "{escaped}");
        }
    }
}
