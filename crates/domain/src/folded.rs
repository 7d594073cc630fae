//! Normalises the spellings of texts from people and logs.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Returns the text in the form used for comparison: Unicode compatibility form without invisible characters, every
/// dash a hyphen, no case, no surrounding blanks.
pub(crate) fn fold(text: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let visible = normal.chars().filter(|letter| !is_invisible(*letter)).map(hyphen);
    // Converting to upper case first unites letters with several lower-case forms.
    visible.collect::<String>().trim().to_uppercase().to_lowercase()
}

/// Invisible characters in text copied from a document.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn hyphen(letter: char) -> char {
    if matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}') {
        '-'
    } else {
        letter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_text_ignores_encoding_and_typing_variants() {
        assert_eq!(fold(" \u{feff}J\u{f6}rg@Contoso.Example\u{a0}"), fold("Jo\u{308}rg@contoso.example"));
        assert_eq!(fold("VM\u{2011}1\u{200b}"), "vm-1");
        assert_eq!(fold("ｖｍ-1"), "vm-1");
        assert_eq!(fold("STRASSE"), fold("straße"));
    }
}
