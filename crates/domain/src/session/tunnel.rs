//! What the records of one connection share.

use std::fmt;
use std::sync::Arc;

use crate::digest;
use crate::estate::BastionName;

/// How many bytes of a tunnel id count; real ones are GUIDs.
const LONGEST: usize = 128;
/// What a made-up id begins with.
const UNNAMED: &str = "unnamed-";

/// The bastion's internal id of a connection, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TunnelId(Arc<str>);

impl TunnelId {
    /// Reads an id as a record has it; case does not count. `None` for a blank one, and for one that no bastion would give.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let is_possible = !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control);
        is_possible.then(|| Self(text.into()))
    }

    /// An id for a record that has none: the same for the same text.
    pub fn of_unnamed(record: &[u8]) -> Self {
        let hash = digest::of(&[record]);
        let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
        Self(format!("{UNNAMED}{}", digest::base32(u128::from_be_bytes(first))).into())
    }

    /// True if no record gave an id and this one was made up.
    pub fn is_unnamed(&self) -> bool {
        self.0.starts_with(UNNAMED)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TunnelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One connection through one bastion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId {
    /// The bastion.
    pub bastion: BastionName,
    /// The connection.
    pub tunnel: TunnelId,
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of bastion {}", self.tunnel, self.bastion.as_str())
    }
}
