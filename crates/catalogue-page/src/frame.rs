//! What is around every page.

use domain::address::Printable;
use jiff::Timestamp;

use crate::own::Own;
use crate::text;

/// A place that the navigation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What there is, in short.
    Overview,
    /// The recordings.
    Recordings,
    /// The sessions.
    Sessions,
    /// What is missing.
    Gaps,
    /// How bastions write recordings.
    Bastions,
    /// What is configured, and what is wrong with it.
    Health,
}

/// What is around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Where in the navigation it is. `None` where it is nowhere.
    pub place: Option<Place>,
    /// The time.
    pub now: Timestamp,
    /// Who reads it, where the platform says so.
    pub reader: Option<String>,
}

impl Place {
    /// All that there are, in the order of the navigation.
    pub const ALL: [Self; 6] =
        [Self::Overview, Self::Recordings, Self::Sessions, Self::Gaps, Self::Bastions, Self::Health];

    /// Its name.
    pub(crate) fn name(self) -> Own {
        Own::new(match self {
            Self::Overview => "Overview",
            Self::Recordings => "Recordings",
            Self::Sessions => "Sessions",
            Self::Gaps => "Gaps",
            Self::Bastions => "Bastions",
            Self::Health => "Health",
        })
    }

    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Overview => "/ui/",
            Self::Recordings => "/ui/recordings",
            Self::Sessions => "/ui/sessions",
            Self::Gaps => "/ui/gaps",
            Self::Bastions => "/ui/bastions",
            Self::Health => "/ui/health",
        }
    }
}

impl Frame {
    pub(crate) fn is_at(&self, place: Place) -> bool {
        self.place == Some(place)
    }

    pub(crate) fn at(&self) -> String {
        text::minute(self.now)
    }

    pub(crate) fn reader(&self) -> Option<Printable<'_>> {
        self.reader.as_deref().map(Printable)
    }

    #[expect(clippy::unused_self, reason = "the template asks the frame for all it shows")]
    pub(crate) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
