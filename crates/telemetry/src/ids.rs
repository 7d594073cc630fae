//! Ids of traces and spans.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// Generates unpredictable ids that are unique across processes: a keyed hash of a counter, with a random key from the
/// system.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    key: RandomState,
    given: AtomicU64,
}

impl Ids {
    pub fn trace(&self) -> [u8; 16] {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.span());
        id[8..].copy_from_slice(&self.span());
        id
    }

    /// Never zero, since zero means "no span".
    pub fn span(&self) -> [u8; 8] {
        let hash = self.key.hash_one(self.given.fetch_add(1, Ordering::Relaxed));
        hash.max(1).to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_id_is_given_twice() {
        let (ids, others) = (Ids::default(), Ids::default());
        let given: BTreeSet<_> = (0..1_000).flat_map(|_| [ids.trace(), others.trace()]).collect();
        assert_eq!(given.len(), 2_000);
    }
}
