//! Follows one recording from its blob to its notification.
//!
//! [`chain`] is a function of the [`FollowFacts`] that storage and the catalogue show, and of the time. It returns every link
//! with its state. A fact that could not be read makes its link unknown, never broken.

mod audit;
mod event;
mod notified;
mod tagged;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use strum::{IntoStaticStr, VariantArray};

use crate::decide::posture::MaybeKnown;
use crate::named;
use crate::record::blob::BlobProperties;
use crate::record::catalogue::{Entry, EntryChangeKind};
use crate::record::delivery::Delivery;
use crate::record::tags::TagSet;

/// Time after which an event, an entry, tags or a first attempt to deliver is late.
const LATE: SignedDuration = SignedDuration::from_mins(10);

/// One link of the chain. The order is that of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum LinkName {
    /// The blob in its container.
    Blob,
    /// The event of storage that reached the app.
    Event,
    /// The entry of the catalogue.
    Entry,
    /// Our tags on the blob.
    Tags,
    /// The audit log of the bastion, read by the app.
    AuditLog,
    /// The session of the recording.
    Session,
    /// The notification that the recording is ready.
    Notification,
}

named!(LinkName: ALL, name);

/// Link with its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The link.
    pub name: LinkName,
    /// State of the link.
    pub state: LinkState,
}

/// State of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// Not reached yet, and not late.
    Waiting(String),
    /// Reached.
    Done {
        /// Time at which it was reached. `None` if storage and catalogue keep no time of it.
        at: Option<Timestamp>,
        /// Details.
        note: String,
    },
    /// Not part of this setup.
    NotUsed(String),
    /// Not known, for this reason.
    Unknown(String),
    /// Late or failed.
    Broken {
        /// Observation.
        why: String,
        /// Command or action that mends it.
        fix: String,
    },
}

/// Facts about one recording at one time.
#[derive(Debug, Clone)]
pub struct FollowFacts {
    /// Properties of the blob. `None` if there is no blob.
    pub blob: MaybeKnown<Option<BlobProperties>>,
    /// Entry of this blob. `None` if there is none.
    pub entry: MaybeKnown<Option<Box<Entry>>>,
    /// Places where its event may be. `None` if not asked.
    pub path: Option<EventPath>,
    /// Tags of the blob. `None` if there is no blob.
    pub tags: MaybeKnown<Option<TagSet>>,
    /// Position in the audit log of its bastion. `None` if no log was read yet.
    pub log: MaybeKnown<Option<LogPosition>>,
    /// True if the configuration names an audit log of its bastion.
    pub has_log: bool,
    /// True if a channel is configured.
    pub has_channels: bool,
    /// Deliveries of its notification by channel. `None` if it is not stored.
    pub deliveries: MaybeKnown<Option<BTreeMap<String, Delivery>>>,
}

/// Places on the way of an event to the app.
#[derive(Debug, Clone)]
pub struct EventPath {
    /// Length of the queue, and the time of its oldest visible message.
    pub queue: MaybeKnown<(usize, Option<Timestamp>)>,
    /// Messages in the poison queue.
    pub poison: MaybeKnown<usize>,
    /// Files of dead letters.
    pub dead_letters: MaybeKnown<usize>,
    /// Inputs of the function in quarantine since the blob was created.
    pub quarantine: MaybeKnown<usize>,
    /// Last known pass of a timer function. `None` if there was none.
    pub last_pass: MaybeKnown<Option<Timestamp>>,
    /// Reason why the container counts as another store. `None` if it does not.
    pub strange: MaybeKnown<Option<String>>,
}

/// Position in the audit log of a bastion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogPosition {
    /// All records in the log at this time have been read.
    pub read_to: Option<Timestamp>,
    /// Time of the newest record.
    pub newest_record: Option<Timestamp>,
}

impl FollowFacts {
    /// Facts before a recording is found. `found` is unreadable if the containers could not be searched.
    pub fn before(found: MaybeKnown<()>) -> Self {
        Self {
            blob: found.map(|()| None),
            entry: MaybeKnown::Read(None),
            path: None,
            tags: MaybeKnown::Read(None),
            log: MaybeKnown::Read(None),
            has_log: true,
            has_channels: true,
            deliveries: MaybeKnown::Read(None),
        }
    }

    fn entry(&self) -> Option<&Entry> {
        self.entry.read()?.as_deref()
    }

    /// Creation of the blob, in the words of storage, else of the catalogue.
    fn created_at(&self) -> Option<Timestamp> {
        let seen = self.blob.read().and_then(Option::as_ref).map(|blob| blob.created_at);
        seen.or_else(|| self.entry()?.created_at())
    }

    /// Last write of the blob, in the words of storage, else of the catalogue.
    fn last_modified(&self) -> Option<Timestamp> {
        let seen = self.blob.read().and_then(Option::as_ref).map(|blob| blob.last_modified);
        seen.or_else(|| self.entry()?.life.last_modified())
    }
}

/// Returns every link in the order of the chain.
pub fn chain(facts: &FollowFacts, now: Timestamp) -> Vec<Link> {
    let state = |name| match name {
        LinkName::Blob => blob(facts),
        LinkName::Event => event::event(facts, now),
        LinkName::Entry => entry(facts),
        LinkName::Tags => tagged::tags(facts, now),
        LinkName::AuditLog => audit::log(facts, now),
        LinkName::Session => audit::session(facts),
        LinkName::Notification => notified::notification(facts, now),
    };
    LinkName::ALL.into_iter().map(|name| Link { name, state: state(name) }).collect()
}

/// Returns true if every link of this setup is reached.
pub fn is_complete(links: &[Link]) -> bool {
    links.iter().all(|link| matches!(link.state, LinkState::Done { .. } | LinkState::NotUsed(_)))
}

fn blob(facts: &FollowFacts) -> LinkState {
    match &facts.blob {
        MaybeKnown::Read(Some(blob)) => {
            LinkState::done(blob.created_at, format!("{} bytes, last written {}", blob.size, blob.last_modified))
        }
        MaybeKnown::Read(None) => match facts.entry() {
            Some(entry) => LinkState::broken(
                format!("the catalogue has {}, but storage has no such blob", entry.id),
                "record another session, or name another blob",
            ),
            None => LinkState::waiting("the bastion writes it when a session is recorded"),
        },
        MaybeKnown::NotReadable(why) => LinkState::Unknown(why.clone()),
    }
}

fn entry(facts: &FollowFacts) -> LinkState {
    match &facts.entry {
        MaybeKnown::Read(Some(entry)) => {
            let made = entry.history.iter().find(|change| change.what == EntryChangeKind::Catalogued);
            let note = format!("{}, state {}", entry.id, entry.state.name());
            LinkState::Done { at: made.map(|change| change.at), note }
        }
        MaybeKnown::Read(None) => LinkState::waiting("an event or the hourly listing of the container makes it"),
        MaybeKnown::NotReadable(why) => LinkState::Unknown(why.clone()),
    }
}

/// Returns true if `since` is known and at least `limit` ago.
fn is_late(since: Option<Timestamp>, limit: SignedDuration, now: Timestamp) -> bool {
    since.is_some_and(|since| now.duration_since(since) >= limit)
}

impl LinkState {
    fn waiting(note: impl Into<String>) -> Self {
        Self::Waiting(note.into())
    }

    fn done(at: Timestamp, note: impl Into<String>) -> Self {
        Self::Done { at: Some(at), note: note.into() }
    }

    fn broken(why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::Broken { why: why.into(), fix: fix.into() }
    }

    /// Name of the state, for output.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting(_) => "waiting",
            Self::Done { .. } => "done",
            Self::NotUsed(_) => "not_used",
            Self::Unknown(_) => "unknown",
            Self::Broken { .. } => "broken",
        }
    }
}
