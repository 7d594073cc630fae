use std::fmt;

use domain::address::Printable;

/// Maximum number of characters read; no channel shows as many.
const LONGEST: usize = 4000;

/// One line of visible text that clients do not turn into links.
///
/// Every text of a card is a `Plain`, static and untrusted ones alike; the channel still has to escape it. Control,
/// bidirectional and invisible characters are spelled out. URLs are defanged as in incident reports, `https[:]//`,
/// because some clients link bare text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PlainText(String);

impl PlainText {
    /// Converts any text. A text of more than 4,000 characters is cut and ends in `…`.
    pub(crate) fn from_text(text: &str) -> Self {
        if is_plain(text) { Self(text.to_owned()) } else { Self::made(text) }
    }

    fn made(text: &str) -> Self {
        let (text, rest) = text.split_at(text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at));
        let words: Vec<&str> = text.split(char::is_whitespace).filter(|word| !word.is_empty()).collect();
        let seen = Printable(&words.join(" ")).to_string();
        Self(without_links(&seen) + if rest.is_empty() { "" } else { "…" })
    }

    /// Returns at most `longest` characters (at least 1); a cut text ends in `…`.
    pub(crate) fn cut(&self, longest: usize) -> Self {
        match self.0.char_indices().nth(longest) {
            None => self.clone(),
            Some(_) => {
                let kept: String = self.0.chars().take(longest.saturating_sub(1)).collect();
                Self(format!("{}…", kept.trim_end()))
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for PlainText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns true if the text needs no change, as most do.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_seen = |byte: &u8| byte.is_ascii_graphic() && *byte != b'\\' || *byte == b' ';
    let ends = [bytes.first(), bytes.last()];
    bytes.len() <= LONGEST
        && bytes.iter().all(is_seen)
        && !ends.contains(&Some(&b' '))
        && !text.contains("  ")
        && !text.contains("://")
        && find_www(text).is_none()
}

fn without_links(text: &str) -> String {
    let text = text.replace("://", "[:]//");
    // Clients also link `www.` without a scheme, in upper or lower case.
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = find_www(rest) {
        plain.push_str(&rest[..at + 3]);
        plain.push_str("[.]");
        rest = &rest[at + 4..];
    }
    plain + rest
}

fn find_www(text: &str) -> Option<usize> {
    text.as_bytes().windows(4).position(|bytes| bytes.eq_ignore_ascii_case(b"www."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, PlainText};

    fn plain(text: &str) -> String {
        PlainText::from_text(text).to_string()
    }

    #[test]
    fn any_white_space_becomes_single_inner_blanks() {
        assert_eq!(plain("\n a\r\n\t b\u{2028}c\u{a0}\u{85}d "), "a b c d");
    }

    #[test]
    fn invisible_and_bidirectional_characters_are_escaped() {
        assert_eq!(plain("a\u{1b}[2J\u{202e}b\u{2066}c\u{200b}d\u{feff}"), {
            "a\\u{1b}[2J\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}"
        });
        assert_eq!(plain("\u{ad}\u{3164}\u{e0041}"), "\\u{ad}\\u{3164}\\u{e0041}");
    }

    #[test]
    fn a_url_in_text_is_defanged() {
        assert_eq!(plain("https://a.example WwW.b.example"), "https[:]//a.example WwW[.]b.example");
        assert_eq!(plain("www.www.x"), "www[.]www[.]x");
    }

    #[test]
    fn a_truncated_text_shows_that_it_was_cut() {
        let text = PlainText::from_text("日本語テキスト");
        assert_eq!(text.cut(7).as_str(), "日本語テキスト");
        assert_eq!(text.cut(6).as_str(), "日本語テキ…");
        assert_eq!(text.cut(1).as_str(), "…");
        assert_eq!(PlainText::from_text("a bc").cut(3).as_str(), "a…", "no blank before the dots");
    }

    #[test]
    fn only_the_beginning_of_a_huge_text_is_read() {
        assert_eq!(plain(&"é".repeat(LONGEST)), "é".repeat(LONGEST));
        assert_eq!(plain(&"é".repeat(LONGEST + 1)), "é".repeat(LONGEST) + "…");
    }

    proptest! {
        #[test]
        fn recognising_plain_text_agrees_with_escaping_it(text in r"[ -~]{0,12}(www|://|  |\\\\|x)?[ -~é]{0,12}") {
            prop_assert_eq!(PlainText::from_text(&text), PlainText::made(&text));
        }

        #[test]
        fn plain_text_contains_no_invisible_characters_and_no_links(text in "(\\PC|[\\x00-\\x20\\u{200b}-\\u{2066}]|://|www\\.){0,40}") {
            let plain = plain(&text);
            prop_assert!(!plain.contains("://") && !plain.to_lowercase().contains("www."), "{plain}");
            prop_assert!(!plain.chars().any(|c| c.is_control() || ('\u{200b}'..='\u{200f}').contains(&c)), "{plain}");
            prop_assert!(!plain.chars().any(|c| ('\u{202a}'..='\u{202e}').contains(&c)), "{plain}");
            prop_assert!(!plain.chars().any(|c| ('\u{2066}'..='\u{2069}').contains(&c)), "{plain}");
        }

        #[test]
        fn a_cut_text_is_never_longer(text: String, longest in 1usize..50) {
            prop_assert!(PlainText::from_text(&text).cut(longest).as_str().chars().count() <= longest);
        }
    }
}
