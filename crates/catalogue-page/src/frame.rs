//! Frame of every page: navigation, time and reader.

use domain::address::Printable;
use jiff::Timestamp;

use crate::own::Own;
use crate::text;

/// Entry of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NavigationEntry {
    /// Counts and findings.
    Overview,
    /// Search of recordings.
    Recordings,
    /// Search of sessions.
    Sessions,
    /// Missing recordings and sessions.
    Gaps,
    /// Coming deletions.
    Deletions,
    /// Legal holds.
    Holds,
    /// Status and habits of the bastions.
    Bastions,
    /// Results of the posture check.
    Health,
}

/// Data around the content of a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Current entry of the navigation; `None` if the page belongs to no entry.
    pub place: Option<NavigationEntry>,
    /// Current time.
    pub now: Timestamp,
    /// Name of the signed-in reader, if the platform provides it.
    pub reader: Option<String>,
}

impl NavigationEntry {
    /// All entries, in the order of the navigation.
    pub const ALL: [Self; 8] = [
        Self::Overview,
        Self::Recordings,
        Self::Sessions,
        Self::Gaps,
        Self::Deletions,
        Self::Holds,
        Self::Bastions,
        Self::Health,
    ];

    pub(crate) fn name(self) -> Own {
        Own::new(match self {
            Self::Overview => "Overview",
            Self::Recordings => "Recordings",
            Self::Sessions => "Sessions",
            Self::Gaps => "Gaps",
            Self::Deletions => "Deletions",
            Self::Holds => "Holds",
            Self::Bastions => "Bastions",
            Self::Health => "Health",
        })
    }

    /// Path of the entry's page.
    pub fn path(self) -> &'static str {
        match self {
            Self::Overview => "/ui/",
            Self::Recordings => "/ui/recordings",
            Self::Sessions => "/ui/sessions",
            Self::Gaps => "/ui/gaps",
            Self::Deletions => "/ui/deletions",
            Self::Holds => "/ui/holds",
            Self::Bastions => "/ui/bastions",
            Self::Health => "/ui/health",
        }
    }
}

impl Frame {
    pub(crate) fn is_at(&self, place: NavigationEntry) -> bool {
        self.place == Some(place)
    }

    pub(crate) fn at(&self) -> String {
        text::minute(self.now)
    }

    pub(crate) fn reader(&self) -> Option<Printable<'_>> {
        self.reader.as_deref().map(Printable)
    }

    #[expect(clippy::unused_self, reason = "the template reads every value through the frame")]
    pub(crate) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
