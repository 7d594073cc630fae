//! What makes a world hostile, each to be switched on by itself.

/// The hostile elements of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Elements {
    /// The audit log names times that cannot be.
    pub malformed_times: bool,
    /// Events of storage name times that cannot be.
    pub lying_events: bool,
    /// Records and bytes in the audit log that mean nothing.
    pub junk: bool,
    /// More sessions of one account at once than an entry keeps candidates.
    pub crowds: bool,
    /// Machines that the log knows by address only, and instances of scale sets.
    pub odd_machines: bool,
    /// Others write tags, those of the archivist too.
    pub tags: bool,
    /// Others set the tag of the hold by hand.
    pub holds_by_hand: bool,
    /// Processes whose clock is wrong.
    pub clocks: bool,
    /// Processes that see another store behind the same catalogue.
    pub wrong_store: bool,
    /// A rule of the platform deletes.
    pub lifecycle: bool,
}

impl Elements {
    /// All against which the archivist is defended.
    pub const DEFENDED: Self = Self {
        malformed_times: true,
        lying_events: true,
        junk: true,
        crowds: true,
        odd_machines: true,
        tags: true,
        holds_by_hand: true,
        clocks: true,
        wrong_store: true,
        lifecycle: true,
    };
}
