//! Catalogue: one [`Entry`] per life of a blob name.

mod entry;
mod history;
mod joined;
mod life;
mod lives;
mod marks;
mod reviewed;

pub use entry::{EarlierTags, Entry, RecordingState, Tagged};
pub(crate) use history::note;
pub use history::{EntryChange, EntryChangeKind};
pub use joined::{Confirmed, Contradicted, Contradiction, Joined, JudgedTimes, NotifiedVerdict};
pub use life::{Life, Observation};
pub use lives::Lives;
pub(crate) use marks::order;
pub use marks::{BlobEvents, Folded, WRITES_KEPT};
