//! Splits Rust source into code without comments and the texts of its literals.

/// One parsed Rust file.
pub struct Source {
    /// Code with unchanged line numbers, without comments and with empty literals.
    pub code: String,
    /// Texts of the string literals, each with the line it begins on, counted from 1; escapes are kept.
    pub literals: Vec<(usize, String)>,
}

impl Source {
    /// Parses a file.
    pub fn read(text: &str) -> Self {
        let mut source = Self { code: String::with_capacity(text.len()), literals: Vec::new() };
        let mut line = 1;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let token = Token::at(rest, first);
            let (taken, after) = rest.split_at(token.length());
            match token {
                Token::Code(_) => source.code.push_str(taken),
                Token::Comment(_) => {}
                Token::Char(_) => source.code.push_str("' '"),
                Token::Text { open, close, .. } => {
                    source.literals.push((line, taken[open..taken.len().saturating_sub(close).max(open)].to_owned()));
                    source.code.push_str("\"\"");
                }
            }
            if !matches!(token, Token::Code(_)) {
                source.code.extend(taken.chars().filter(|c| *c == '\n'));
            }
            line += taken.matches('\n').count();
            rest = after;
        }
        source
    }

    /// Returns line numbers, counted from 1, and lines of the code.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Returns the first line of the unit tests, or `usize::MAX` if there are none.
    pub fn tests_begin(&self) -> usize {
        self.lines().find(|(_, line)| line.trim() == "#[cfg(test)]").map_or(usize::MAX, |(number, _)| number)
    }
}

/// A piece of source with its length in bytes.
enum Token {
    Code(usize),
    Comment(usize),
    Char(usize),
    /// `open` and `close` are the lengths of the delimiters around the text.
    Text {
        length: usize,
        open: usize,
        close: usize,
    },
}

impl Token {
    fn at(rest: &str, first: char) -> Self {
        match first {
            '/' if rest.starts_with("//") => Self::Comment(rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => Self::Comment(block_comment(rest)),
            '"' => Self::Text { length: quoted(rest, '"'), open: 1, close: 1 },
            'r' => raw_text(rest).unwrap_or_else(|| Self::Code(word(rest))),
            '\'' => character(rest).map_or(Self::Code(1), Self::Char),
            // The prefix of a byte or C literal is code; the literal after it is a text.
            'b' | 'c' if rest[1..].starts_with(['"', '\'', 'r']) && word(rest) <= 2 => Self::Code(1),
            _ if first.is_alphanumeric() || first == '_' => Self::Code(word(rest)),
            _ => Self::Code(first.len_utf8()),
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Code(length) | Self::Comment(length) | Self::Char(length) | Self::Text { length, .. } => *length,
        }
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}

/// Returns the length of a block comment; block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Returns the length of a literal that ends at the next unescaped quote.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if !escaped && c == quote {
            return at + c.len_utf8();
        }
        escaped = !escaped && c == '\\';
    }
    rest.len()
}

/// Parses `r"…"`, `r#"…"#` and so on. Returns `None` for a raw identifier such as `r#type`.
fn raw_text(rest: &str) -> Option<Token> {
    let hashes = rest[1..].bytes().take_while(|b| *b == b'#').count();
    let open = hashes + 2;
    if rest.as_bytes().get(open - 1) != Some(&b'"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let close = end.len();
    let length = rest[open..].find(&end).map_or(rest.len(), |at| open + at + close);
    Some(Token::Text { length, open, close })
}

/// Returns the length of a character literal, or `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.chars().skip(1);
    let (first, second) = (chars.next()?, chars.next()?);
    (first == '\\' || second == '\'').then(|| quoted(rest, '\''))
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn literals(text: &str) -> Vec<(usize, String)> {
        Source::read(text).literals
    }

    #[test]
    fn comments_and_literals_leave_the_code() {
        let source = Source::read("let a = \"todo!()\"; // dbg!\n/* #[ignore]\n/* nested */ */ let b = 'x';\n");
        assert_eq!(source.code, "let a = \"\"; \n\n let b = ' ';\n");
    }

    #[test]
    fn literals_keep_their_line_and_text() {
        assert_eq!(
            literals("a(\"x\\\"y\");\nb(r#\"q\"u\"#, b\"z\");"),
            [(1, "x\\\"y".to_owned()), (2, "q\"u".to_owned()), (2, "z".to_owned())]
        );
    }

    #[test]
    fn quotes_in_characters_and_lifetimes_open_nothing() {
        let source = Source::read("fn f<'a>(x: &'a str) -> char { if x == \"s\" { '\"' } else { '\\'' } } // end");
        assert_eq!(source.code, "fn f<'a>(x: &'a str) -> char { if x == \"\" { ' ' } else { ' ' } } ");
    }

    #[test]
    fn a_word_that_ends_in_r_opens_nothing() {
        assert_eq!(literals("for_r\"x\"; r#type; br\"y\""), [(1, "x".to_owned()), (1, "y".to_owned())]);
    }

    #[test]
    fn an_unfinished_literal_or_comment_ends_with_the_file() {
        assert_eq!(literals("\""), [(1, String::new())]);
        assert_eq!(Source::read("a /* b").code, "a ");
    }

    #[test]
    fn unit_tests_begin_at_their_attribute() {
        assert_eq!(Source::read("fn f() {}\n#[cfg(test)]\nmod tests {}").tests_begin(), 2);
        assert_eq!(Source::read("// #[cfg(test)]").tests_begin(), usize::MAX);
    }
}
