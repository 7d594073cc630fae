//! Plays a sample day into a folder.

use adapters_local::folder::Folder;
use async_trait::async_trait;
use domain::address::ContainerAddress;
use jiff::Timestamp;
use pipeline::ports::Fault;

use super::{Addition, ChangeKind, RecordingChange, SampleDay};
use crate::driven::{OutsideEvents, ScriptProgress};
use crate::folder_events::FolderEvents;

/// Sample day as a [`OutsideEvents`]: writes and deletes files in two containers of a folder, dated as in the day.
#[derive(Debug)]
pub struct SamplePlayer {
    day: SampleDay,
    done: usize,
    added: usize,
    folder: Folder,
    containers: SampleContainers,
}

/// Containers that the bastion of a sample day writes to.
#[derive(Debug, Clone)]
pub struct SampleContainers {
    /// Container of the recordings.
    pub recordings: ContainerAddress,
    /// Container of the audit log.
    pub audit_logs: ContainerAddress,
}

impl SamplePlayer {
    /// Creates the containers and starts before the first action.
    pub fn new(day: SampleDay, folder: Folder, containers: SampleContainers) -> Result<Self, Fault> {
        folder.create_container(&containers.recordings)?;
        folder.create_container(&containers.audit_logs)?;
        Ok(Self { day, done: 0, added: 0, folder, containers })
    }

    fn next(&self) -> Option<&RecordingChange> {
        self.day.actions().get(self.done)
    }

    fn next_addition(&self) -> Option<&Addition> {
        self.day.additions().get(self.added)
    }

    /// Blocks for one file operation, which is harmless because nothing else is in flight.
    fn perform(&self, action: &RecordingChange) -> Result<(), Fault> {
        let address = self.containers.recordings.blob(action.name.clone());
        match action.deed {
            ChangeKind::Write { size } => self.folder.write(&address, size, action.at),
            ChangeKind::Delete => self.folder.remove(&address).map(|_| ()),
        }
    }
}

#[async_trait]
impl OutsideEvents for SamplePlayer {
    fn next_at(&self) -> Option<Timestamp> {
        let (action, addition) = (self.next().map(|next| next.at), self.next_addition().map(|next| next.at));
        action.into_iter().chain(addition).min()
    }

    fn progress(&self) -> ScriptProgress {
        let total = self.day.actions().len() + self.day.additions().len();
        ScriptProgress { done: self.done + self.added, total }
    }

    async fn play(&mut self, now: Timestamp, events: &mut FolderEvents) -> Result<(), Fault> {
        while let Some(action) = self.next().filter(|action| action.at <= now) {
            self.perform(action)?;
            if !action.event_delay.is_zero() {
                events.hold_back(action.name.clone(), action.event_delay);
            }
            self.done += 1;
        }
        while let Some(addition) = self.next_addition().filter(|addition| addition.at <= now) {
            let log = self.containers.audit_logs.blob(addition.log.clone());
            self.folder.append(&log, addition.text.as_bytes(), addition.at)?;
            self.added += 1;
        }
        Ok(())
    }
}
