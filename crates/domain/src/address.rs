//! Where a blob lives: storage account, container, name.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use thiserror::Error;

/// The longest blob name that storage accepts, in characters.
pub const LONGEST_BLOB_NAME: usize = 1024;

/// Why a text is not an address part.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// Storage account names hold 3 to 24 lower-case letters and digits; `local` stands for a folder.
    #[error("storage account name {0:?} is not 3 to 24 lower-case letters and digits")]
    Account(String),
    /// Container names hold 3 to 63 lower-case letters, digits and single hyphens, or are `$root`, `$logs`, `$web`.
    #[error("container name {0:?} is not 3 to 63 lower-case letters, digits and single hyphens")]
    Container(String),
    /// Blob names hold 1 to 1024 characters.
    #[error("a blob name has 1 to {LONGEST_BLOB_NAME} characters, this one has {0}")]
    Name(usize),
}

/// The name of a storage account, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(Arc<str>);

impl AccountName {
    /// Reads an account name; upper case is folded, because resource ids may carry it.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let plain = (3..=24).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain {
            Ok(Self(text.to_ascii_lowercase().into()))
        } else {
            Err(AddressError::Account(text.to_owned()))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerName(Arc<str>);

impl ContainerName {
    /// Reads a container name.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let system = matches!(text, "$root" | "$logs" | "$web" | "$blobchangefeed");
        let plain = (3..=63).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if system || plain {
            Ok(Self(text.into()))
        } else {
            Err(AddressError::Container(text.to_owned()))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a blob: any 1 to 1024 characters, kept as they are.
///
/// Names are data here. `..`, `%`, control and bidirectional characters are legal names in storage;
/// whoever turns a name into a path, a URL or a line on a terminal escapes it there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(Arc<str>);

impl BlobName {
    /// Reads a blob name.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        match text.chars().count() {
            1..=LONGEST_BLOB_NAME => Ok(Self(text.into())),
            count => Err(AddressError::Name(count)),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One container of one storage account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerAddress {
    /// The storage account.
    pub account: AccountName,
    /// The container.
    pub container: ContainerName,
}

/// One blob name in one container: several lives may follow each other under it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobAddress {
    /// The storage account.
    pub account: AccountName,
    /// The container.
    pub container: ContainerName,
    /// The blob's name.
    pub name: BlobName,
}

impl ContainerAddress {
    /// Reads both parts.
    pub fn parse(account: &str, container: &str) -> Result<Self, AddressError> {
        Ok(Self { account: AccountName::parse(account)?, container: ContainerName::parse(container)? })
    }

    /// The address of the blob with this name in this container.
    pub fn blob(&self, name: BlobName) -> BlobAddress {
        BlobAddress { account: self.account.clone(), container: self.container.clone(), name }
    }
}

impl BlobAddress {
    /// Reads all three parts.
    pub fn parse(account: &str, container: &str, name: &str) -> Result<Self, AddressError> {
        Ok(ContainerAddress::parse(account, container)?.blob(BlobName::parse(name)?))
    }

    /// The container that holds the blob.
    pub fn container(&self) -> ContainerAddress {
        ContainerAddress { account: self.account.clone(), container: self.container.clone() }
    }
}

impl fmt::Display for ContainerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account.as_str(), self.container.as_str())
    }
}

/// `account/container/name`, with control and bidirectional characters escaped: safe in a log line.
impl fmt::Display for BlobAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.account.as_str(), self.container.as_str(), Printable(self.name.as_str()))
    }
}

/// Shows a text that somebody else chose without letting it act on the reader's terminal or log.
///
/// Control characters and those that change the direction or the visibility of text are escaped.
#[derive(Debug, Clone, Copy)]
pub struct Printable<'a>(pub &'a str);

impl<'a> Printable<'a> {
    /// The text as it is shown, which is mostly the text itself.
    pub fn text(self) -> Cow<'a, str> {
        if self.0.chars().all(is_shown) {
            Cow::Borrowed(self.0)
        } else {
            Cow::Owned(self.to_string())
        }
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| !is_shown(*c)) {
            write!(f, "{}{}", &rest[..at], c.escape_unicode())?;
            rest = &rest[at + c.len_utf8()..];
        }
        f.write_str(rest)
    }
}

/// Most are ASCII, where that is seen at once.
fn is_shown(c: char) -> bool {
    matches!(c, ' '..='~') || !(c.is_control() || is_unseen(c))
}

/// Whether a character changes the direction of text, or stands in it without being seen.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_name_is_folded_to_lower_case() {
        assert_eq!(AccountName::parse("StBastionRec01").unwrap().as_str(), "stbastionrec01");
    }

    #[test]
    fn a_name_that_no_account_can_have_is_refused() {
        for text in ["", "ab", "has-hyphen", "a/b", "..", "toolongtoolongtoolongtoolong", "ümlaut"] {
            assert!(AccountName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_that_no_container_can_have_is_refused() {
        for text in ["", "ab", "-abc", "abc-", "a--b", "Recordings", "a/b", "..", "a_b"] {
            assert!(ContainerName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hostile_blob_names_are_data() {
        for text in [
            ".", "..", "/", "a/../b", "%2e%2e", "50%off+more", "CONTOSO\\jdoe", "jörg müller", "\u{202E}gpj.exe",
            "a\u{0}b",
        ] {
            assert_eq!(BlobName::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_blob_name_has_1_to_1024_characters() {
        assert_eq!(BlobName::parse(""), Err(AddressError::Name(0)));
        assert!(BlobName::parse(&"ü".repeat(1024)).is_ok());
        assert_eq!(BlobName::parse(&"x".repeat(1025)), Err(AddressError::Name(1025)));
    }

    #[test]
    fn an_address_shown_in_a_log_cannot_act_on_the_terminal() {
        let address = BlobAddress::parse("stbastionrec01", "recordings", "a\u{1b}[2Jb\u{202e}c").unwrap();
        assert_eq!(address.to_string(), "stbastionrec01/recordings/a\\u{1b}[2Jb\\u{202e}c");
    }

    #[test]
    fn what_is_not_seen_is_spelled_out_and_what_is_seen_is_not() {
        let shown = |text: &str| Printable(text).to_string();
        assert_eq!(shown("a\u{ad}\u{200d}\u{3164}\u{e0041}"), "a\\u{ad}\\u{200d}\\u{3164}\\u{e0041}");
        for text in ["Zoë", "日本語", "🚨", "⚠\u{fe0f}", "שלום"] {
            assert_eq!(shown(text), text);
        }
    }
}
