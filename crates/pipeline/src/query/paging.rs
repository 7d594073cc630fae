//! Reading until a page is full, and no longer than a call may take.

/// How often one call reads, at most.
const READS_PER_CALL: usize = 20;
/// How many things one read asks for where some of them may be dropped.
const PER_READ: usize = 100;

/// A page that is being filled with what is read in falling order of a place.
pub(super) struct Filling<T, P> {
    limit: usize,
    at_once: usize,
    reads_left: usize,
    items: Vec<T>,
    below: Option<P>,
    is_done: bool,
}

impl<T, P: Clone> Filling<T, P> {
    /// An empty page of at most `limit` things, below a place; `drops` says whether some of what is read may not fit.
    pub(super) fn new(limit: usize, drops: bool, below: Option<P>) -> Self {
        // One more than the page holds tells whether another page follows.
        let at_once = if drops { PER_READ } else { limit + 1 };
        Self { limit, at_once, reads_left: READS_PER_CALL, items: Vec::new(), below, is_done: false }
    }

    /// Below what to read next, and how many. `None` once the page is full, nothing is left, or enough was read.
    pub(super) fn wants(&mut self) -> Option<(Option<P>, usize)> {
        let reads_left = self.reads_left.checked_sub(1).filter(|_| !self.is_done)?;
        self.reads_left = reads_left;
        Some((self.below.clone(), self.at_once))
    }

    /// Takes what fits of what was read.
    pub(super) fn take(&mut self, read: Vec<T>, place: impl Fn(&T) -> P, fits: impl Fn(&T) -> bool) {
        let last = read.last().map(&place).filter(|_| read.len() == self.at_once);
        for one in read {
            if self.items.len() == self.limit {
                (self.below, self.is_done) = (self.items.last().map(&place), true);
                return;
            }
            if fits(&one) {
                self.items.push(one);
            }
        }
        self.is_done = last.is_none();
        self.below = last;
    }

    /// The page, and where to go on.
    pub(super) fn end(self) -> (Vec<T>, Option<P>) {
        (self.items, self.below)
    }
}
