//! Frame of every page: navigation, time and reader.

use domain::address::Printable;

use crate::clock::PageClock;
use crate::form::PageQuery;
use crate::own::Own;

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
    /// Recordings that wait for a review.
    Reviews,
    /// Status and habits of the bastions.
    Bastions,
    /// Coverage report of a month.
    Coverage,
    /// Results of the posture check.
    Health,
}

/// Data around the content of a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Current entry of the navigation; `None` if the page belongs to no entry.
    pub place: Option<NavigationEntry>,
    /// Current time and time zone.
    pub clock: PageClock,
    /// Name of the signed-in reader, if the platform provides it.
    pub reader: Option<String>,
    /// Path of the page, percent-encoded.
    pub path: String,
    /// Parameters of the page.
    pub asked: PageQuery,
    /// True if the reader selected the time zone.
    pub is_zone_selected: bool,
    /// Parameters of the address that the page does not have.
    pub unknown: Vec<String>,
}

/// Time zones that the field for them suggests.
pub(crate) const ZONES: [&str; 18] = [
    "UTC", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/New_York", "America/Sao_Paulo",
    "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo",
    "Australia/Sydney", "Europe/Berlin", "Europe/Helsinki", "Europe/London", "Europe/Paris", "Pacific/Auckland",
];

/// Seconds until a page that refreshes itself is loaded again.
const REFRESH_SECONDS: u32 = 60;

impl NavigationEntry {
    /// All entries, in the order of the navigation.
    pub const ALL: [Self; 10] = [
        Self::Overview,
        Self::Recordings,
        Self::Sessions,
        Self::Gaps,
        Self::Deletions,
        Self::Holds,
        Self::Reviews,
        Self::Bastions,
        Self::Coverage,
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
            Self::Reviews => "Reviews",
            Self::Bastions => "Bastions",
            Self::Coverage => "Coverage",
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
            Self::Reviews => "/ui/reviews",
            Self::Bastions => "/ui/bastions",
            Self::Coverage => "/ui/coverage",
            Self::Health => "/ui/health",
        }
    }
}

impl Frame {
    /// Creates the frame of a page without parameters.
    pub fn new(place: Option<NavigationEntry>, clock: PageClock, reader: Option<String>) -> Self {
        let path = place.unwrap_or(NavigationEntry::Overview).path().to_owned();
        let asked = PageQuery::default();
        Self { place, clock, reader, path, asked, is_zone_selected: false, unknown: Vec::new() }
    }

    /// Sets the address of the page.
    #[must_use]
    pub fn addressed(self, path: &str, asked: PageQuery) -> Self {
        let path = if path == "/ui" { "/ui/" } else { path }.to_owned();
        Self { path, asked, ..self }
    }

    /// Time zone of the reader's choice; empty for the configured one.
    pub(crate) fn selected_zone(&self) -> String {
        if self.is_zone_selected { self.clock.zone_name() } else { String::new() }
    }

    /// Parameters that the page does not have, in words.
    pub(crate) fn unknown(&self) -> String {
        self.unknown.iter().map(|name| Printable(name).to_string()).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn is_at(&self, place: NavigationEntry) -> bool {
        self.place == Some(place)
    }

    pub(crate) fn at(&self) -> String {
        self.clock.minute(self.clock.now())
    }

    /// Address of the page's list as CSV.
    pub(crate) fn csv(&self) -> String {
        self.asked.path_with(&self.path, "format", "csv")
    }

    pub(crate) fn is_refreshed(&self) -> bool {
        self.asked.get("refresh") == Some("on")
    }

    /// Address of the page with refreshing turned on, or off if it is on.
    pub(crate) fn refresh(&self) -> String {
        self.asked.path_with(&self.path, "refresh", if self.is_refreshed() { "" } else { "on" })
    }

    #[expect(clippy::unused_self, reason = "the template reads every value through the frame")]
    pub(crate) fn refresh_seconds(&self) -> u32 {
        REFRESH_SECONDS
    }

    /// Parameters in words, for print.
    pub(crate) fn question(&self) -> String {
        self.asked.in_words()
    }

    pub(crate) fn reader(&self) -> Option<Printable<'_>> {
        self.reader.as_deref().map(Printable)
    }

    #[expect(clippy::unused_self, reason = "the template reads every value through the frame")]
    pub(crate) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
