/// Characters of Markdown, mentions (`<at>`) and the date function (`{{DATE(…)}}`).
const SPECIAL: &str = r"\`*_[](){}<>#~&|";

/// Escapes one line of text so that rendering its Markdown yields the same text.
pub(super) fn escape(text: &str) -> String {
    let list = list_marker(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        if SPECIAL.contains(c) || list == Some(at) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Returns the position of the character that would start a list or a rule: `- a`, `+ a`, `1. a`, `---`.
fn list_marker(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = text[digits..].chars();
    let marker = rest.next()?;
    let is_marker = if digits == 0 { matches!(marker, '-' | '+') } else { marker == '.' };
    let ends = rest.next().is_none_or(|next| next.is_whitespace() || next == '-');
    (is_marker && ends).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn common_names_stay_readable() {
        for text in [
            "bas-hub-01", "203.0.113.7", "+34 more", "-1", "2026-03-02 09:12 UTC", "ada@contoso.example",
            "48.2 MB · a, b: c",
        ] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn markdown_is_text() {
        assert_eq!(escape("**a** [b](c) `d` _e_"), r"\*\*a\*\* \[b\]\(c\) \`d\` \_e\_");
        assert_eq!(escape("&lt; # > ~~a~~ |"), r"\&lt; \# \> \~\~a\~\~ \|");
    }

    #[test]
    fn no_mention_or_function_remains() {
        assert_eq!(escape("<at>Ada</at>"), r"\<at\>Ada\</at\>");
        assert_eq!(escape("{{DATE(2026-03-02T09:12:44Z,SHORT)}}"), r"\{\{DATE\(2026-03-02T09:12:44Z,SHORT\)\}\}");
    }

    #[test]
    fn a_text_starting_like_a_list_is_escaped() {
        assert_eq!(escape("- a"), r"\- a");
        assert_eq!(escape("---"), r"\---");
        assert_eq!(escape("-"), r"\-");
        assert_eq!(escape("+ a"), r"\+ a");
        assert_eq!(escape("12. a"), r"12\. a");
        assert_eq!(escape("1) a"), r"1\) a");
    }
}
