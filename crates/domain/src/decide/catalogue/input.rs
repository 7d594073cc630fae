//! New information about a blob name, and what was read for the decision about it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::retain::EntryCommand;
use crate::decide::join::Neighbourhood;
use crate::record::blob::{BlobEvent, BlobObservation};
use crate::record::hold::Hold;
use crate::record::recording_id::RecordingId;

/// New information about a blob name. Everything in it was read after the lives were loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Received event; `None` if only time has passed.
    pub received: Option<BlobEvent>,
    /// State of the blob, read after the event was received.
    pub reading: BlobObservation,
    /// Earliest time of the next read of the blob, if one any sooner is pointless.
    pub look_again_at: Option<Timestamp>,
    /// Command for one of the entries.
    pub command: Option<(RecordingId, EntryCommand)>,
    /// Sessions and recordings near each entry in need of a session. An entry without a neighbourhood stays as it is.
    pub near: Answer<BTreeMap<RecordingId, Neighbourhood>>,
    /// All legal holds. If they could not be read, the holds stored in the entries count.
    pub holds: Answer<Vec<Hold>>,
    /// When most recordings of the container were found lost, with one notification for all; `None` if never.
    pub lost_at: Answer<Option<Timestamp>>,
}

/// Answer to a question of [`decide`](super::decide).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer<T> {
    /// Not asked yet.
    #[default]
    NotAsked,
    /// The read failed.
    NotRead,
    /// What was read.
    Read(T),
}

impl Input {
    /// Returns an input with an optional event and a state of the blob, and nothing else.
    pub fn new(received: Option<BlobEvent>, reading: BlobObservation) -> Self {
        Self {
            received,
            reading,
            look_again_at: None,
            command: None,
            near: Answer::NotAsked,
            holds: Answer::NotAsked,
            lost_at: Answer::NotAsked,
        }
    }

    /// Returns the command for this entry.
    pub(super) fn command_for(&self, id: RecordingId) -> Option<&EntryCommand> {
        self.command.as_ref().filter(|(of, _)| *of == id).map(|(_, command)| command)
    }
}

impl<T> Answer<T> {
    /// Returns what was read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(read) => Some(read),
            Self::NotAsked | Self::NotRead => None,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::NotAsked)
    }
}
