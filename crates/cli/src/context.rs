//! Input and output of a command that reads.

use std::io::Write;

use domain::policy::retention::Policy;
use domain::policy::review::ReviewPolicy;
use domain::record::estate::Estate;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use pipeline::ports::{Catalogue, Checkpoints, Sessions};

/// Dependencies of a command that reads.
pub struct CommandContext<'a> {
    /// The catalogue to query.
    pub catalogue: &'a dyn Catalogue,
    /// The sessions to query.
    pub sessions: &'a dyn Sessions,
    /// How far each audit log was read.
    pub checkpoints: &'a dyn Checkpoints,
    /// The bastions, for links to the portal.
    pub estate: &'a Estate,
    /// The retention policy. `None` if nothing ever expires.
    pub policy: Option<&'a Policy>,
    /// Rules that ask for reviews.
    pub reviews: &'a ReviewPolicy,
    /// Current time; decides which actions a recording allows.
    pub now: Timestamp,
    /// Time zone of days in options and in a search, and of times in tables.
    pub zone: TimeZone,
    /// Abilities of the standard streams.
    pub terminal: Terminal,
    /// Receives the answer.
    pub out: &'a mut dyn Write,
    /// Receives notes about the answer.
    pub err: &'a mut dyn Write,
}

impl CommandContext<'_> {
    /// Returns the current time in the zone.
    pub(crate) fn today(&self) -> Zoned {
        self.now.to_zoned(self.zone.clone())
    }
}

/// Abilities of the standard streams. The default is no terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terminal {
    /// Columns of the terminal behind `out`. `None` if `out` is not a terminal; output is then not cut.
    pub width: Option<u16>,
    /// True if `out` supports colours and the user wants them.
    pub colour: bool,
    /// True if a progress bar can be drawn on standard error.
    pub progress: bool,
}
