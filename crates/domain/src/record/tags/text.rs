//! Checks the alphabet and lengths of tags.

use thiserror::Error;

/// Reason why a text cannot be a tag key or value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TagError {
    /// A key has 1 to 128 characters.
    #[error("a tag key has 1 to 128 characters, {0:?} has {len}", len = .0.len())]
    KeyLength(String),
    /// A value has at most 256 characters.
    #[error("a tag value has at most 256 characters, {0:?} has {len}", len = .0.len())]
    ValueLength(String),
    /// Only ASCII letters, digits, space and `+ - . : = _ /` are allowed.
    #[error("{text:?} holds {character:?}, and tags hold only letters, digits, space and + - . : = _ /")]
    Alphabet {
        /// The complete text.
        text: String,
        /// First forbidden character.
        character: char,
    },
}

/// Key of a tag; case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagKey(String);

/// Value of a tag; case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagValue(String);

impl TagKey {
    /// Parses a key. Returns an error if its length or a character is not allowed.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        check_alphabet(text)?;
        match text.len() {
            1..=128 => Ok(Self(text.to_owned())),
            _ => Err(TagError::KeyLength(text.to_owned())),
        }
    }

    /// Key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TagValue {
    /// Parses a value. Returns an error if its length or a character is not allowed.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        check_alphabet(text)?;
        match text.len() {
            0..=LONGEST_VALUE => Ok(Self(text.to_owned())),
            _ => Err(TagError::ValueLength(text.to_owned())),
        }
    }

    /// Replaces every forbidden character by `_` and cuts the text to the longest value.
    pub fn sanitised(text: &str) -> Self {
        Self(text.chars().take(LONGEST_VALUE).map(|c| if is_allowed(c) { c } else { '_' }).collect())
    }

    /// Value as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Longest value, in characters.
const LONGEST_VALUE: usize = 256;

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || " +-.:=_/".contains(c)
}

fn check_alphabet(text: &str) -> Result<(), TagError> {
    match text.chars().find(|&c| !is_allowed(c)) {
        None => Ok(()),
        Some(character) => Err(TagError::Alphabet { text: text.to_owned(), character }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_alphabet_is_accepted() {
        assert!(TagValue::parse("2026-03-02T09:12:44Z a+b=c_d/e.f").is_ok());
        assert!(TagValue::parse("").is_ok());
    }

    #[test]
    fn a_character_that_storage_refuses_is_named() {
        for character in ['@', '\\', ',', ';', '&', '%', '#', '\'', '"', '(', ')', 'ü', '\n'] {
            let text = format!("a{character}b");
            assert_eq!(TagValue::parse(&text), Err(TagError::Alphabet { text, character }));
        }
    }

    #[test]
    fn invalid_tag_characters_become_underscores_and_long_values_are_cut() {
        assert_eq!(TagValue::sanitised("a@b ü\u{1b}-1.x").as_str(), "a_b __-1.x");
        let long = "é".repeat(300);
        assert_eq!(TagValue::sanitised(&long).as_str(), "_".repeat(256));
    }

    #[test]
    fn lengths_are_kept() {
        assert!(TagKey::parse(&"k".repeat(128)).is_ok() && TagKey::parse(&"k".repeat(129)).is_err());
        assert!(TagKey::parse("").is_err());
        assert!(TagValue::parse(&"v".repeat(256)).is_ok() && TagValue::parse(&"v".repeat(257)).is_err());
    }
}
