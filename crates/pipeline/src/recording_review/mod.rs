//! Reviews of recordings by people: the queue made by rules, and the marks.

mod mark;
mod prior;
mod queue;

pub use mark::{MarkReview, Marked, NotMarked};
pub use queue::{QueuePlace, ReviewQueue, ReviewQueueItem, ReviewQueueQuery, WALKED_PER_PAGE, review_queue};
