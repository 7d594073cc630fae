//! Plays the sample weeks into a folder.

use adapters_local::folder::Folder;
use async_trait::async_trait;
use domain::address::{AddressError, ContainerAddress};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::Archivist;
use pipeline::ports::Fault;

use super::acts::{PersonsAct, acts};
use super::{Addition, BASTIONS, ChangeKind, OfBastion, RecordingChange, SampleWeeks};
use crate::driven::{OutsideEvents, ScriptProgress};
use crate::folder_events::FolderEvents;

/// Time between two looks at the folder before the last day, and on it. Each look reads all files.
const LOOK_EVERY: [SignedDuration; 2] = [SignedDuration::from_mins(60), SignedDuration::from_mins(5)];
/// Time from a look at the recordings to that at the audit logs. Their events would otherwise be processed at once, in an
/// order that differs between runs.
const LOGS_AFTER: SignedDuration = SignedDuration::from_secs(150);
/// Time in an hour at which the timers wake: between two of their scheduled runs.
const WAKE: SignedDuration = SignedDuration::from_secs(31);
/// Time for which the timers fire on schedule after they have slept.
const AWAKE: SignedDuration = SignedDuration::from_secs(27);
/// Hours of the day, in UTC, at which the timers wake before the last day.
const HOURS: [i8; 2] = [13, 22];
/// Time after the begin of the last day from which the timers wake as before it.
const LAST_DAY: SignedDuration = SignedDuration::from_hours(18);

/// Sample weeks as [`OutsideEvents`]: writes and deletes files in the containers of a folder, dated as in the weeks,
/// and lets people act.
pub struct SamplePlayer {
    weeks: SampleWeeks,
    done: usize,
    added: usize,
    acts: Vec<PersonsAct>,
    folder: Folder,
    containers: Vec<SampleContainers>,
    archivist: Archivist,
}

/// Containers that a bastion writes to.
#[derive(Debug, Clone)]
struct SampleContainers {
    recordings: ContainerAddress,
    audit_logs: ContainerAddress,
}

/// Returns the containers of each of [`BASTIONS`].
fn containers() -> Result<Vec<SampleContainers>, AddressError> {
    let of = |one: &super::SampleBastion| {
        Ok(SampleContainers { recordings: one.recordings()?, audit_logs: one.audit_logs()? })
    };
    BASTIONS.iter().map(of).collect()
}

impl SamplePlayer {
    /// Starts before the first action; the containers exist. People act through `archivist`.
    pub fn new(weeks: SampleWeeks, folder: Folder, archivist: Archivist) -> Result<Self, AddressError> {
        let acts = acts(&weeks);
        Ok(Self { weeks, done: 0, added: 0, acts, folder, containers: containers()?, archivist })
    }

    fn next(&self) -> Option<&OfBastion<RecordingChange>> {
        self.weeks.actions().get(self.done)
    }

    fn next_addition(&self) -> Option<&OfBastion<Addition>> {
        self.weeks.additions().get(self.added)
    }

    /// Returns the time of the look at the folder that shows a change.
    fn look(&self, at: Timestamp) -> Timestamp {
        let every = LOOK_EVERY[usize::from(at >= self.weeks.last_day())].as_secs();
        Timestamp::from_second((at.as_second() + every - 1) / every * every).unwrap_or(at)
    }

    /// Returns the time of the look at the folder that shows an addition to an audit log.
    fn look_at_logs(&self, at: Timestamp) -> Timestamp {
        self.look(at) + LOGS_AFTER
    }

    /// Blocks for one file operation, which is harmless because nothing else is in flight.
    fn perform(&self, OfBastion { bastion, what }: &OfBastion<RecordingChange>) -> Result<(), Fault> {
        let Some(containers) = self.containers.get(*bastion) else { return Ok(()) };
        let address = containers.recordings.blob(what.name.clone());
        match what.deed {
            ChangeKind::Write { size } => self.folder.write(&address, size, what.at),
            ChangeKind::Delete => self.folder.remove(&address).map(|_| ()),
        }
    }

    fn append(&self, OfBastion { bastion, what }: &OfBastion<Addition>) -> Result<(), Fault> {
        let Some(containers) = self.containers.get(*bastion) else { return Ok(()) };
        let log = containers.audit_logs.blob(what.log.clone());
        self.folder.append(&log, what.text.as_bytes(), what.at)
    }

    /// Returns true if the timers fire every hour.
    fn is_last_day(&self, at: Timestamp) -> bool {
        let begins = self.weeks.last_day();
        (begins..begins + LAST_DAY).contains(&at)
    }
}

#[async_trait]
impl OutsideEvents for SamplePlayer {
    fn next_at(&self) -> Option<Timestamp> {
        let action = self.next().map(|next| self.look(next.what.at));
        let addition = self.next_addition().map(|next| self.look_at_logs(next.what.at));
        let act = self.acts.first().map(|act| self.look(act.at));
        action.into_iter().chain(addition).chain(act).min()
    }

    fn progress(&self) -> ScriptProgress {
        let total = self.weeks.actions().len() + self.weeks.additions().len();
        ScriptProgress { done: self.done + self.added, total }
    }

    fn timers_sleep_until(&self, now: Timestamp) -> Option<Timestamp> {
        let is_awake = |woke: Timestamp| now.duration_since(woke) < AWAKE;
        let hour = SignedDuration::from_hours(1);
        let hours = (now - WAKE).as_second() / hour.as_secs();
        let this = Timestamp::UNIX_EPOCH + hour * i32::try_from(hours).unwrap_or_default() + WAKE;
        let wakes = |at: &Timestamp| self.is_last_day(*at) || HOURS.contains(&TimeZone::UTC.to_datetime(*at).hour());
        if wakes(&this) && is_awake(this) {
            return None;
        }
        (1..=24).map(|hours| this + hour * hours).find(wakes)
    }

    fn ends_at(&self) -> Option<Timestamp> {
        Some(self.weeks.end())
    }

    async fn play(&mut self, now: Timestamp, events: &mut FolderEvents) -> Result<(), Fault> {
        while let Some(action) = self.next().filter(|action| self.look(action.what.at) <= now) {
            self.perform(action)?;
            let RecordingChange { name, event_delay, .. } = &action.what;
            if !event_delay.is_zero() {
                events.hold_back(name.clone(), *event_delay);
            }
            self.done += 1;
        }
        while let Some(addition) = self.next_addition().filter(|addition| self.look_at_logs(addition.what.at) <= now) {
            self.append(addition)?;
            self.added += 1;
        }
        while self.acts.first().is_some_and(|act| self.look(act.at) <= now) {
            self.acts.remove(0).act(&self.archivist).await?;
        }
        Ok(())
    }
}
