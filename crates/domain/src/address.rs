//! Addresses blobs by storage account, container and name.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use thiserror::Error;

/// Longest blob name accepted by storage, in characters.
pub const LONGEST_BLOB_NAME: usize = 1024;

/// Error in a part of an address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// An account name has 3 to 24 lower-case letters and digits; `local` stands for a folder.
    #[error("storage account name {0:?} is not 3 to 24 lower-case letters and digits")]
    Account(String),
    /// A container name has 3 to 63 lower-case letters, digits and single hyphens, or is a system name such as `$root`,
    /// `$logs` or `$web`.
    #[error("container name {0:?} is not 3 to 63 lower-case letters, digits and single hyphens")]
    Container(String),
    /// A blob name has 1 to 1024 characters.
    #[error("a blob name has 1 to {LONGEST_BLOB_NAME} characters, this one has {0}")]
    Name(usize),
}

/// Name of a storage account, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(Arc<str>);

impl AccountName {
    /// Parses an account name and converts it to lower case, because resource ids may contain upper case. Returns an
    /// error if length or characters are not allowed.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let plain = (3..=24).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain {
            Ok(Self(text.to_ascii_lowercase().into()))
        } else {
            Err(AddressError::Account(text.to_owned()))
        }
    }

    /// Name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Name of a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerName(Arc<str>);

impl ContainerName {
    /// Parses a container name. Returns an error if length or characters are not allowed.
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

    /// Name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Name of a blob: any 1 to 1024 characters, kept as they are.
///
/// Names are data. `..`, `%`, control and bidirectional characters are legal in storage; code must escape a name when
/// turning it into a path, a URL or terminal output.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(Arc<str>);

impl BlobName {
    /// Parses a blob name. Returns an error if it is empty or too long.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        match text.chars().count() {
            1..=LONGEST_BLOB_NAME => Ok(Self(text.into())),
            count => Err(AddressError::Name(count)),
        }
    }

    /// Name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Address of a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerAddress {
    /// Storage account.
    pub account: AccountName,
    /// Container in the account.
    pub container: ContainerName,
}

/// Address of a blob name, which may have several lives one after the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobAddress {
    /// Storage account.
    pub account: AccountName,
    /// Container in the account.
    pub container: ContainerName,
    /// Name of the blob.
    pub name: BlobName,
}

impl ContainerAddress {
    /// Parses both parts. Returns an error for the first invalid one.
    pub fn parse(account: &str, container: &str) -> Result<Self, AddressError> {
        Ok(Self { account: AccountName::parse(account)?, container: ContainerName::parse(container)? })
    }

    /// Returns the address of the blob with this name in the container.
    pub fn blob(&self, name: BlobName) -> BlobAddress {
        BlobAddress { account: self.account.clone(), container: self.container.clone(), name }
    }
}

impl BlobAddress {
    /// Parses all three parts. Returns an error for the first invalid one.
    pub fn parse(account: &str, container: &str, name: &str) -> Result<Self, AddressError> {
        Ok(ContainerAddress::parse(account, container)?.blob(BlobName::parse(name)?))
    }

    /// Address of the blob's container.
    pub fn container(&self) -> ContainerAddress {
        ContainerAddress { account: self.account.clone(), container: self.container.clone() }
    }
}

impl fmt::Display for ContainerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account.as_str(), self.container.as_str())
    }
}

/// Writes `account/container/name` with control and bidirectional characters escaped: safe in a log line.
impl fmt::Display for BlobAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.account.as_str(), self.container.as_str(), Printable(self.name.as_str()))
    }
}

/// Displays untrusted text without letting it act on the reader's terminal or log.
///
/// Escapes control characters, and characters with effect on the direction or the visibility of text.
#[derive(Debug, Clone, Copy)]
pub struct Printable<'a>(pub &'a str);

impl<'a> Printable<'a> {
    /// Returns the displayed text, borrowed if nothing needs escaping.
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

/// Most characters are printable ASCII, so these are checked first.
fn is_shown(c: char) -> bool {
    matches!(c, ' '..='~') || !(c.is_control() || is_unseen(c))
}

/// Returns true if the character changes the direction of text or is invisible.
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
    fn invisible_characters_are_escaped_and_visible_ones_kept() {
        let shown = |text: &str| Printable(text).to_string();
        assert_eq!(shown("a\u{ad}\u{200d}\u{3164}\u{e0041}"), "a\\u{ad}\\u{200d}\\u{3164}\\u{e0041}");
        for text in ["Zoë", "日本語", "🚨", "⚠\u{fe0f}", "שלום"] {
            assert_eq!(shown(text), text);
        }
    }
}
