//! Sample day, shortened to a minute and to some of its recordings.

use std::collections::BTreeSet;
use std::time::Duration;

use adapters_local::SystemClock;
use domain::address::{AddressError, BlobName};
use host_stand_in::sample::{ChangeKind, RecordingChange, SampleDay};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::Clock;

use crate::error::DevError;
use crate::expected::ExpectedNotifications;
use crate::storage::DevStorage;

/// Time factor: 14 hours pass in one minute. The shortest relevant distance of 45 minutes becomes three seconds, which
/// suffices because storage dates blobs to the second.
pub const SHORTENED: i32 = 840;

pub struct WorkingDay {
    start: Timestamp,
    actions: Vec<RecordingChange>,
}

impl WorkingDay {
    /// Creates a day with this many recordings, preferring those with a deletion, a delayed event or no content.
    pub fn new(recordings: usize) -> Result<Self, AddressError> {
        let day = SampleDay::new()?;
        // Storage turns backslashes into slashes, so a name with one would denote another blob.
        let actions: Vec<&RecordingChange> =
            day.actions().iter().filter(|it| !it.name.as_str().contains('\\')).collect();
        let special = actions.iter().filter(|it| it.deed == ChangeKind::Delete || !it.event_delay.is_zero());
        let special = special.map(|it| &it.name).chain(empty(&actions));
        let mut names = BTreeSet::new();
        for name in special.chain(actions.iter().map(|it| &it.name)) {
            if names.len() < recordings {
                names.insert(name);
            }
        }
        let actions = actions.iter().filter(|it| names.contains(&it.name)).map(|it| (*it).clone()).collect();
        Ok(Self { start: day.start(), actions })
    }

    /// Returns the names of the recordings with content, and of those that stay empty.
    pub fn recordings(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let actions: Vec<&RecordingChange> = self.actions.iter().collect();
        let empty: BTreeSet<String> = empty(&actions).map(|name| name.as_str().to_owned()).collect();
        let all = self.actions.iter().map(|action| action.name.as_str().to_owned());
        (all.filter(|name| !empty.contains(name)).collect(), empty)
    }

    /// Performs all actions at their time.
    pub async fn play(&self, storage: &mut DevStorage, expected: &ExpectedNotifications) -> Result<(), DevError> {
        let began = SystemClock.now();
        for action in &self.actions {
            let at = began + (action.at.duration_since(self.start)) / SHORTENED;
            pause(at.duration_since(SystemClock.now())).await;
            match action.deed {
                ChangeKind::Write { size } => storage.write(&action.name, size, action.event_delay / SHORTENED).await?,
                ChangeKind::Delete => {
                    expected.deleted(action.name.as_str(), SystemClock.now());
                    storage.delete(&action.name).await?;
                }
            }
        }
        Ok(())
    }
}

/// Yields the names only ever written without content.
fn empty<'a>(actions: &[&'a RecordingChange]) -> impl Iterator<Item = &'a BlobName> {
    let filled = |name: &BlobName| {
        actions.iter().any(|it| it.name == *name && matches!(it.deed, ChangeKind::Write { size: 1.. }))
    };
    let names: BTreeSet<&BlobName> = actions.iter().map(|it| &it.name).collect();
    let empty: Vec<&BlobName> = names.into_iter().filter(|name| !filled(name)).collect();
    empty.into_iter()
}

/// Waits for `duration`; does not wait if it is negative.
#[expect(clippy::disallowed_methods, reason = "plays on the real clock, for people who watch")]
pub async fn pause(duration: SignedDuration) {
    tokio::time::sleep(Duration::try_from(duration).unwrap_or_default()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_has_as_many_recordings_as_asked_for() {
        for count in [1, 5, 40, 200] {
            let (filled, empty) = WorkingDay::new(count).unwrap().recordings();
            assert_eq!(filled.len() + empty.len(), count);
        }
    }

    #[test]
    fn a_short_day_has_a_deletion_late_event_and_empty_recording() {
        let day = WorkingDay::new(3).unwrap();
        assert!(day.actions.iter().any(|action| action.deed == ChangeKind::Delete));
        assert!(day.actions.iter().any(|action| !action.event_delay.is_zero()));
        assert_eq!(day.recordings().1.len(), 1);
    }
}
