//! Legal holds: what one covers never goes.

mod folded;
mod machine;
mod person;
mod scope;
mod tunnel;

use jiff::Timestamp;

use crate::catalogue::Entry;
use crate::digest;
use crate::matcher::Truth;

pub use scope::{Scope, ScopeError};

/// The id of a hold: `hold_` and 26 base-32 digits, the same for the same case and scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldId(String);

impl HoldId {
    /// The id of the hold of this case on this scope.
    pub fn derive(case: &str, scope: &Scope) -> Self {
        // Part by part: a name that reads like another part must not make two holds one.
        let said = scope.parts();
        let mut parts = vec![b"hold".as_slice(), case.as_bytes()];
        parts.extend(said.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]));
        let digest = digest::of(&parts);
        let first: [u8; 16] = std::array::from_fn(|at| digest[at]);
        Self(format!("hold_{}", digest::base32(u128::from_be_bytes(first))))
    }

    /// Reads an id that was given earlier. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("hold_").and_then(digest::from_base32).map(|_| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who did something, as far as that can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The name: of the signed-in identity, or of the operating system's user.
    pub name: String,
    /// Whether somebody vouches for it.
    pub is_verified: bool,
}

impl Actor {
    /// The name, with a word where nobody vouches for it.
    pub fn shown(&self) -> String {
        if self.is_verified {
            self.name.clone()
        } else {
            format!("{} (unverified)", self.name)
        }
    }
}

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// The case that it belongs to; whoever releases it names the same.
    pub case: String,
    /// Why.
    pub reason: String,
    /// What it covers, also of what comes later.
    pub scope: Scope,
    /// Who placed it.
    pub placed_by: Actor,
    /// When.
    pub placed_at: Timestamp,
}

impl Hold {
    /// A hold of this case on this scope.
    pub fn new(case: &str, reason: &str, scope: Scope, placed_by: Actor, placed_at: Timestamp) -> Self {
        let id = HoldId::derive(case, &scope);
        Self { id, case: case.to_owned(), reason: reason.to_owned(), scope, placed_by, placed_at }
    }

    /// Whether it covers a recording. Where that is unknown, the recording must be treated as covered.
    pub fn covers(&self, entry: &Entry) -> Truth {
        self.scope.covers(entry)
    }

    /// Those of these holds that cover a recording or may, and whether that is certain.
    pub fn covering<'h>(holds: &'h [Self], entry: &Entry) -> impl Iterator<Item = (&'h Self, bool)> {
        holds.iter().filter_map(|hold| match hold.covers(entry) {
            Truth::False => None,
            covers => Some((hold, covers == Truth::True)),
        })
    }

    /// Returns what an entry carries if exactly these holds count, in the order of their ids. One that it carries already
    /// keeps its time; of the others `since` tells it.
    pub fn carried_by(entry: &Entry, holds: &[Self], since: impl Fn(&Self) -> Timestamp) -> Vec<Held> {
        let mut held: Vec<Held> = Self::covering(holds, entry)
            .map(|(hold, is_certain)| {
                let known = entry.custody.holds.iter().find(|known| known.hold == hold.id);
                let since = known.map_or_else(|| since(hold), |known| known.since);
                Held { hold: hold.id.clone(), case: hold.case.clone(), since, is_certain }
            })
            .collect();
        held.sort_by(|one, other| one.hold.cmp(&other.hold));
        held
    }
}

/// A hold, as an entry carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The hold.
    pub hold: HoldId,
    /// Its case.
    pub case: String,
    /// Since when the entry carries it.
    pub since: Timestamp,
    /// Whether it is certain that the hold means this recording; else nobody can rule it out.
    pub is_certain: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_reads_like_another_part_makes_another_hold() {
        let of = |machine: &str, bastion: Option<&str>| Scope {
            machine: Some(machine.to_owned()),
            bastion: bastion.map(str::to_owned),
            ..Scope::default()
        };
        let (one, other) = (of("a, bastion b", None), of("a", Some("b")));
        assert_eq!(one.to_string(), other.to_string());
        assert_ne!(HoldId::derive("case", &one), HoldId::derive("case", &other));
        assert_eq!(HoldId::derive("case", &of(" A", None)), HoldId::derive("case", &of("a", None)));
    }
}
