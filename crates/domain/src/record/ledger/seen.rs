//! Detects repeated facts.

use std::collections::{BTreeMap, VecDeque};

use super::fact::FactId;
use super::sha256::Sha256;

/// Number of remembered facts, about 10 MB. A writer repeats a fact only if it did not learn of its first success, so
/// repetitions are close together.
const REMEMBERED: usize = 100_000;

/// Most recent facts by id, with the first bits of their hash.
#[derive(Debug, Clone, Default)]
pub struct RecentFacts {
    contents: BTreeMap<FactId, u64>,
    order: VecDeque<FactId>,
}

/// Relation of a fact to the remembered ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The id is not among the remembered ones.
    New,
    /// The same fact was recorded before.
    Repeated,
    /// A fact with this id and other content was recorded before.
    Other,
}

impl RecentFacts {
    /// Remembers a fact and compares it with earlier ones.
    pub fn take(&mut self, id: FactId, text: &str) -> Relation {
        let content = Sha256::hash(text.as_bytes()).first_bits();
        match self.contents.get(&id) {
            Some(known) if *known == content => Relation::Repeated,
            Some(_) => Relation::Other,
            None => {
                self.contents.insert(id, content);
                self.order.push_back(id);
                if self.order.len() > REMEMBERED
                    && let Some(oldest) = self.order.pop_front()
                {
                    self.contents.remove(&oldest);
                }
                Relation::New
            }
        }
    }
}
