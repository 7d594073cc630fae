//! Facts that were told before.

use std::collections::{BTreeMap, VecDeque};

use super::fact::FactId;
use super::sha256::Sha256;

/// How many facts are remembered, some 10 MB. Whoever tells a fact twice does so because they did not hear that it was
/// taken, so the two are near each other.
const REMEMBERED: usize = 100_000;

/// The facts of the last lines, by id.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    contents: BTreeMap<FactId, u64>,
    order: VecDeque<FactId>,
}

/// What is known of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It is new, as far as is remembered.
    New,
    /// The very same was told before.
    Repeated,
    /// Something else was told under its id.
    Other,
}

impl Seen {
    /// Takes a fact.
    pub fn take(&mut self, id: FactId, text: &str) -> Known {
        let content = Sha256::of(text.as_bytes()).first_bits();
        match self.contents.get(&id) {
            Some(known) if *known == content => Known::Repeated,
            Some(_) => Known::Other,
            None => {
                self.contents.insert(id, content);
                self.order.push_back(id);
                if self.order.len() > REMEMBERED
                    && let Some(oldest) = self.order.pop_front()
                {
                    self.contents.remove(&oldest);
                }
                Known::New
            }
        }
    }
}
