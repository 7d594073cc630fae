//! Recordings about to be deleted, as a digest lists them: by retention class.

use jiff::Timestamp;

use super::SUBJECT;
use crate::record::notification::{NotificationId, NotificationKey};
use crate::record::retention::Then;

/// Maximum number of recordings of one class listed individually.
pub const OF_CLASS: usize = 10;
/// Maximum number of recordings of all classes listed individually.
pub const OF_ALL: usize = 40;

/// Recording about to be deleted, as its notification `recording.expiring` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiringRecording {
    /// Id of the notification.
    pub id: NotificationId,
    /// Key of the notification.
    pub key: NotificationKey,
    /// Id of the recording.
    pub recording: String,
    /// Name of the recording.
    pub name: String,
    /// Person on the recording. `None` unless its match is certain, or if the privacy setting hides the person.
    pub person: Option<String>,
    /// Name of its bastion.
    pub bastion: String,
    /// End of its grace period.
    pub goes_at: Timestamp,
    /// What happens then: it is deleted, or a person decides.
    pub then: Then,
}

/// Recordings of one retention class that are about to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiringClass {
    /// Name of the class.
    pub class: String,
    /// Number of its recordings in the digest.
    pub total: u64,
    /// Listed recordings, the soonest first; at most [`OF_CLASS`].
    pub recordings: Vec<ExpiringRecording>,
}

/// Adds a recording to the list of its class. The lists are in order of their classes.
pub(super) fn add(classes: &mut Vec<ExpiringClass>, class: &str, recording: ExpiringRecording) {
    let class: String = class.chars().take(SUBJECT).collect();
    let at = classes.binary_search_by(|known| known.class.cmp(&class)).unwrap_or_else(|at| {
        classes.insert(at, ExpiringClass { class, total: 0, recordings: Vec::new() });
        at
    });
    if let Some(list) = classes.get_mut(at) {
        list.total += 1;
        list.recordings.push(recording.cut());
        list.recordings.sort_by(|one, other| (one.goes_at, &one.name).cmp(&(other.goes_at, &other.name)));
        list.recordings.truncate(OF_CLASS);
    }
    if classes.iter().map(|list| list.recordings.len()).sum::<usize>() > OF_ALL
        && let Some(longest) = classes.iter_mut().rev().max_by_key(|list| list.recordings.len())
    {
        longest.recordings.pop();
    }
}

impl ExpiringRecording {
    /// Cuts texts that are too long to be stored.
    fn cut(self) -> Self {
        let cut = |text: String| text.chars().take(SUBJECT).collect();
        Self {
            recording: cut(self.recording),
            name: cut(self.name),
            person: self.person.map(cut),
            bastion: cut(self.bastion),
            ..self
        }
    }
}
