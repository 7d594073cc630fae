//! Ids of connections and sessions.

use std::fmt;
use std::sync::Arc;

use crate::digest;
use crate::record::estate::BastionName;

/// Maximum length of a tunnel id in bytes; real ones are GUIDs.
const LONGEST: usize = 128;
/// Prefix of a generated id.
const UNNAMED: &str = "unnamed-";

/// The bastion's internal id of a connection, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TunnelId(Arc<str>);

impl TunnelId {
    /// Parses an id from a record, ignoring case. Returns `None` if it is blank, too long, or contains control
    /// characters.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let is_possible = !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control);
        is_possible.then(|| Self(text.into()))
    }

    /// Derives an id for a record without one; equal records get equal ids.
    pub fn of_unnamed(record: &[u8]) -> Self {
        let hash = digest::hash_parts(&[record]);
        let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
        Self(format!("{UNNAMED}{}", digest::base32(u128::from_be_bytes(first))).into())
    }

    /// True if the id was generated because no record had one.
    pub fn is_unnamed(&self) -> bool {
        self.0.starts_with(UNNAMED)
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TunnelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Id of one connection through one bastion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId {
    /// Name of the bastion.
    pub bastion: BastionName,
    /// Id of the connection.
    pub tunnel: TunnelId,
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of bastion {}", self.tunnel, self.bastion.as_str())
    }
}
