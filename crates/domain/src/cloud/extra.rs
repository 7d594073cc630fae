//! Parses additional host suffixes from an app setting.

use thiserror::Error;

use super::is_label;

/// Additional suffixes of hosts permitted to receive tokens: private DNS zones, Azure Stack.
///
/// They come only from an app setting. Write access to the shared configuration is not enough to add one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtraSuffixes(Vec<String>);

/// Error in a host suffix.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not a host suffix; write names such as blob.corp.example, separated by commas")]
pub struct SuffixError(String);

impl ExtraSuffixes {
    /// Parses suffixes separated by commas or blanks. Each needs at least two labels, so that none covers a whole
    /// top-level domain, and must not be an IP address. Returns an error for the first invalid suffix.
    pub fn parse(text: &str) -> Result<Self, SuffixError> {
        let texts = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|text| !text.is_empty());
        texts.map(suffix).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the single label before one of the suffixes. `None` for any other host.
    pub(super) fn name_in<'h>(&self, host: &'h str) -> Option<&'h str> {
        let (name, rest) = host.split_once('.')?;
        self.0.iter().any(|suffix| suffix == rest).then_some(name)
    }
}

fn suffix(text: &str) -> Result<String, SuffixError> {
    let suffix = text.to_ascii_lowercase();
    let mut labels = suffix.split('.');
    let last_is_name = suffix.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()));
    let right = suffix.len() <= 200 && suffix.contains('.') && last_is_name && labels.all(is_label);
    if right { Ok(suffix) } else { Err(SuffixError(text.to_owned())) }
}
