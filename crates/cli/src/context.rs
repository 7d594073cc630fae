//! What a command is given of the world.

use std::io::Write;

use domain::estate::Estate;
use domain::retention::Policy;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Checkpoints, Sessions};

/// Everything that a command works with.
pub struct CommandContext<'a> {
    /// The catalogue to ask.
    pub catalogue: &'a dyn Catalogue,
    /// The sessions to ask for.
    pub sessions: &'a dyn Sessions,
    /// How far logs were read.
    pub checkpoints: &'a dyn Checkpoints,
    /// The bastions, for their pages in the portal.
    pub estate: &'a Estate,
    /// The retention policy. `None` where nothing ever expires.
    pub policy: Option<&'a Policy>,
    /// The time at which the answer is given: it decides what may be done with a recording.
    pub now: Timestamp,
    /// What the standard streams are connected to.
    pub terminal: Terminal,
    /// Where the answer goes.
    pub out: &'a mut dyn Write,
    /// Where notes about the answer go.
    pub err: &'a mut dyn Write,
}

/// What the standard streams are connected to. The default is no terminal at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terminal {
    /// The width of the terminal that shows `out`, in columns; none where `out` is not a terminal, and then
    /// nothing is cut.
    pub width: Option<u16>,
    /// Whether `out` shows colours and its reader wants them.
    pub colour: bool,
    /// Whether a progress bar can be drawn on the standard error.
    pub progress: bool,
}
