//! Catalogue: one [`Entry`] per life of a blob name.

mod blob_events;
mod entry;
mod history;
mod life;
mod lives;
mod match_state;
mod reviewed;

pub(crate) use blob_events::order;
pub use blob_events::{BlobEvents, Folded, WRITES_KEPT};
pub use entry::{EarlierTags, Entry, RecordingState, Tagged};
pub(crate) use history::note;
pub use history::{EntryChange, EntryChangeKind};
pub use life::{Life, Observation};
pub use lives::Lives;
pub use match_state::{Confirmed, Contradicted, Contradiction, JudgedTimes, MatchState, NotifiedVerdict};
