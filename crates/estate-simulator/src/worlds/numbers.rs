//! Gives blobs their names: the account's and machine's, and the lowest number that is free.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use super::world::Millis;

/// The names in use in all containers.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    free_after: Option<Millis>,
    used: BTreeMap<(usize, &'a str), Used>,
}

#[derive(Debug, Default)]
struct Used {
    next: u32,
    freed: BinaryHeap<Reverse<u32>>,
    /// Numbers in use, with the time at which each becomes free, in the order of these times.
    taken: VecDeque<(Millis, u32)>,
}

impl<'a> Numbers<'a> {
    /// Names become free again after that time, or never.
    pub(crate) fn new(free_after: Option<Millis>) -> Self {
        Self { free_after, used: BTreeMap::new() }
    }

    /// The name of a blob that is created then. Calls must be in the order of time.
    pub(crate) fn name(&mut self, container: usize, base: &'a str, created: Millis) -> String {
        let used = self.used.entry((container, base)).or_default();
        while let Some((_, number)) = used.taken.pop_front_if(|(free_at, _)| *free_at <= created) {
            used.freed.push(Reverse(number));
        }
        let number = used.freed.pop().map_or(used.next, |Reverse(number)| number);
        used.next = used.next.max(number + 1);
        if let Some(free_after) = self.free_after {
            used.taken.push_back((created + free_after, number));
        }
        if number == 0 { base.to_owned() } else { format!("{base}.{number}") }
    }
}
