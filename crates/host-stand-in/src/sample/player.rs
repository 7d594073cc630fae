//! Plays a sample day into a folder.

use adapters_local::folder::Folder;
use async_trait::async_trait;
use domain::address::ContainerAddress;
use jiff::Timestamp;
use pipeline::ports::Fault;

use super::{Action, Deed, SampleDay};
use crate::driven::{Progress, Script};
use crate::folder_events::FolderEvents;

/// A sample day as a [`Script`]: writes and deletes files in one container of a folder, with the day's own times.
#[derive(Debug)]
pub struct SamplePlayer {
    day: SampleDay,
    done: usize,
    folder: Folder,
    container: ContainerAddress,
}

impl SamplePlayer {
    /// Makes the container, and starts before the first action.
    pub fn new(day: SampleDay, folder: Folder, container: ContainerAddress) -> Result<Self, Fault> {
        folder.create_container(&container)?;
        Ok(Self { day, done: 0, folder, container })
    }

    fn next(&self) -> Option<&Action> {
        self.day.actions().get(self.done)
    }

    /// Blocks for the time of one file operation, which holds up nobody: nothing else is in flight.
    fn perform(&self, action: &Action) -> Result<(), Fault> {
        let address = self.container.blob(action.name.clone());
        match action.deed {
            Deed::Write { size } => self.folder.write(&address, size, action.at),
            Deed::Delete => self.folder.remove(&address).map(|_| ()),
        }
    }
}

#[async_trait]
impl Script for SamplePlayer {
    fn next_at(&self) -> Option<Timestamp> {
        self.next().map(|action| action.at)
    }

    fn progress(&self) -> Progress {
        Progress { done: self.done, total: self.day.actions().len() }
    }

    async fn play(&mut self, now: Timestamp, events: &mut FolderEvents) -> Result<(), Fault> {
        while let Some(action) = self.next().filter(|action| action.at <= now) {
            self.perform(action)?;
            if !action.event_delay.is_zero() {
                events.hold_back(action.name.clone(), action.event_delay);
            }
            self.done += 1;
        }
        Ok(())
    }
}
