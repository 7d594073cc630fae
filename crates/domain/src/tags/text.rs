//! The alphabet and the lengths that storage allows in tags.

use thiserror::Error;

/// Why a text cannot be a tag key or value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TagError {
    /// Keys hold 1 to 128 characters.
    #[error("a tag key has 1 to 128 characters, {0:?} has {len}", len = .0.len())]
    KeyLength(String),
    /// Values hold at most 256 characters.
    #[error("a tag value has at most 256 characters, {0:?} has {len}", len = .0.len())]
    ValueLength(String),
    /// Only letters, digits, space and `+ - . : = _ /` are allowed, all of them ASCII.
    #[error("{text:?} holds {character:?}, and tags hold only letters, digits, space and + - . : = _ /")]
    Alphabet {
        /// The whole text.
        text: String,
        /// The first character that is not allowed.
        character: char,
    },
}

/// The key of a tag; case counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagKey(String);

/// The value of a tag; case counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagValue(String);

impl TagKey {
    /// Reads a key.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        check_alphabet(text)?;
        match text.len() {
            1..=128 => Ok(Self(text.to_owned())),
            _ => Err(TagError::KeyLength(text.to_owned())),
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TagValue {
    /// Reads a value.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        check_alphabet(text)?;
        match text.len() {
            0..=LONGEST_VALUE => Ok(Self(text.to_owned())),
            _ => Err(TagError::ValueLength(text.to_owned())),
        }
    }

    /// The text with every character that a value cannot carry as `_`, cut to the longest value.
    pub fn sanitised(text: &str) -> Self {
        Self(text.chars().take(LONGEST_VALUE).map(|c| if is_allowed(c) { c } else { '_' }).collect())
    }

    /// The value as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The longest value, in characters.
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
    fn what_a_value_cannot_carry_becomes_a_line_and_the_rest_is_cut() {
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
