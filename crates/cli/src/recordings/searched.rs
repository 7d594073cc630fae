//! Notes about a search.

use std::io::{self, Write};

use pipeline::query::{Search, UnknownWord};

use crate::output::human;

/// Writes the meaning of each word of a search.
pub(super) fn understood(err: &mut dyn Write, search: &Search) -> io::Result<()> {
    let words: Vec<String> = search.words().iter().map(|word| human::text(&word.explained())).collect();
    if words.is_empty() {
        Ok(())
    } else {
        writeln!(err, "search: {}", words.join("; "))
    }
}

/// Writes the words that no name has, with similar ones.
pub(super) fn unknown(err: &mut dyn Write, words: &[UnknownWord]) -> io::Result<()> {
    for word in words {
        let text = human::text(&word.text);
        let nearest: Vec<String> = word.nearest.iter().map(|word| human::text(word)).collect();
        match nearest.as_slice() {
            [] => writeln!(err, "no name has {text}")?,
            nearest => writeln!(err, "no name has {text}; did you mean {}?", nearest.join(", "))?,
        }
    }
    Ok(())
}
