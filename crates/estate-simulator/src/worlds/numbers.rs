//! Names blobs by machine, account and the lowest free number.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use super::world::Millis;

/// Used names of all containers.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    free_after: Option<Millis>,
    used: BTreeMap<(usize, &'a str), Used>,
}

#[derive(Debug, Default)]
struct Used {
    next: u32,
    freed: BinaryHeap<Reverse<u32>>,
    /// Used numbers in order of the time at which each becomes free.
    taken: VecDeque<(Millis, u32)>,
}

impl<'a> Numbers<'a> {
    /// Creates an empty set of names. A name becomes free `free_after` milliseconds after its creation,
    /// or never if `None`.
    pub(crate) fn new(free_after: Option<Millis>) -> Self {
        Self { free_after, used: BTreeMap::new() }
    }

    /// Returns the name of a blob created at this time. Calls must be in order of time.
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
