//! Fills a page with a limited number of reads.

/// Maximum number of reads per call.
const READS_PER_CALL: usize = 20;
/// Items per read if a filter may drop some.
pub(super) const PER_READ: usize = 100;
/// Maximum number of items read per call if a filter may drop some.
pub(super) const MOST_READ: usize = READS_PER_CALL * PER_READ;

/// Page under construction, filled from reads by descending position.
pub(super) struct PageBuilder<T, P> {
    limit: usize,
    at_once: usize,
    reads_left: usize,
    items: Vec<T>,
    below: Option<P>,
    is_done: bool,
}

impl<T, P: Clone> PageBuilder<T, P> {
    /// Returns an empty page of at most `limit` items below a position. Set `drops` if a filter may drop items.
    pub(super) fn new(limit: usize, drops: bool, below: Option<P>) -> Self {
        // One item more than the page holds shows if another page follows.
        let at_once = if drops { PER_READ } else { limit + 1 };
        Self { limit, at_once, reads_left: READS_PER_CALL, items: Vec::new(), below, is_done: false }
    }

    /// Returns the position and size of the next read. `None` if the page is full, nothing is left, or the read limit
    /// is reached.
    pub(super) fn wants(&mut self) -> Option<(Option<P>, usize)> {
        let reads_left = self.reads_left.checked_sub(1).filter(|_| !self.is_done)?;
        self.reads_left = reads_left;
        Some((self.below.clone(), self.at_once))
    }

    /// Adds the items of a read for which `fit` returns one.
    pub(super) fn take(&mut self, read: Vec<T>, place: impl Fn(&T) -> P, fit: impl Fn(T) -> Option<T>) {
        let last = read.last().map(&place).filter(|_| read.len() == self.at_once);
        for one in read {
            if self.items.len() == self.limit {
                (self.below, self.is_done) = (self.items.last().map(&place), true);
                return;
            }
            self.items.extend(fit(one));
        }
        self.is_done = last.is_none();
        self.below = last;
    }

    /// Returns the items, and the position of the next page.
    pub(super) fn end(self) -> (Vec<T>, Option<P>) {
        (self.items, self.below)
    }
}
