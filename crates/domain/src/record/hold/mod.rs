//! Legal holds: a recording covered by a hold is never deleted.

mod scope;

pub use scope::HoldScope;

use jiff::Timestamp;

use crate::digest;

/// Id of a hold: `hold_` and 26 base-32 digits, derived from case and scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldId(String);

impl HoldId {
    /// Derives the id from case and scope.
    pub fn derive(case: &str, scope: &HoldScope) -> Self {
        // Hashed part by part: otherwise a name that looks like another part could make two holds equal.
        let named_parts = scope.parts();
        let mut parts = vec![b"hold".as_slice(), case.as_bytes()];
        parts.extend(named_parts.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]));
        let digest = digest::hash_parts(&parts);
        let first: [u8; 16] = std::array::from_fn(|at| digest[at]);
        Self(format!("hold_{}", digest::base32(u128::from_be_bytes(first))))
    }

    /// Parses an id. `None` if the text is not the id of a hold.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("hold_").and_then(digest::from_base32).map(|_| Self(text.to_owned()))
    }

    /// Id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Author of a change, as far as known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Name of the signed-in identity, or of the user in the operating system.
    pub name: String,
    /// True if the name is authenticated.
    pub is_verified: bool,
}

impl Actor {
    /// Returns the name, marked if it is not verified.
    pub fn shown(&self) -> String {
        if self.is_verified {
            self.name.clone()
        } else {
            format!("{} (unverified)", self.name)
        }
    }
}

/// Legal hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Id of the hold.
    pub id: HoldId,
    /// Case of the hold; a release must name the same case.
    pub case: String,
    /// Reason of the hold.
    pub reason: String,
    /// Covered recordings, including future ones.
    pub scope: HoldScope,
    /// Author of the hold.
    pub placed_by: Actor,
    /// Time of the placement.
    pub placed_at: Timestamp,
}

impl Hold {
    /// Creates a hold; its id follows from case and scope.
    pub fn new(case: &str, reason: &str, scope: HoldScope, placed_by: Actor, placed_at: Timestamp) -> Self {
        let id = HoldId::derive(case, &scope);
        Self { id, case: case.to_owned(), reason: reason.to_owned(), scope, placed_by, placed_at }
    }
}

/// Hold as carried by an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedHold {
    /// Id of the hold.
    pub hold: HoldId,
    /// Case of the hold.
    pub case: String,
    /// Time from which the entry carries the hold.
    pub since: Timestamp,
    /// True if the hold certainly covers this recording; false if it only may.
    pub is_certain: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_value_imitating_another_part_gives_another_hold() {
        let of = |machine: &str, bastion: Option<&str>| HoldScope {
            machine: Some(machine.to_owned()),
            bastion: bastion.map(str::to_owned),
            ..HoldScope::default()
        };
        let (one, other) = (of("a, bastion b", None), of("a", Some("b")));
        assert_eq!(one.to_string(), other.to_string());
        assert_ne!(HoldId::derive("case", &one), HoldId::derive("case", &other));
        assert_eq!(HoldId::derive("case", &of(" A", None)), HoldId::derive("case", &of("a", None)));
    }
}
