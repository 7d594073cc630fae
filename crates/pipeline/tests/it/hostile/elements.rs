//! Hostile elements of a world, each with its own switch.

/// Hostile elements of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Elements {
    /// The audit log contains impossible times.
    pub malformed_times: bool,
    /// Storage events contain impossible times.
    pub lying_events: bool,
    /// The audit log contains meaningless records and bytes.
    pub junk: bool,
    /// More concurrent sessions of one account than an entry keeps candidates.
    pub crowds: bool,
    /// Machines the log knows only by address, and instances of scale sets.
    pub odd_machines: bool,
    /// Other writers change tags, including those of the archivist.
    pub tags: bool,
    /// Other writers set the hold tag by hand.
    pub holds_by_hand: bool,
    /// Processes with wrong clocks.
    pub clocks: bool,
    /// Processes that see another store behind the same catalogue.
    pub wrong_store: bool,
    /// A lifecycle rule of the platform deletes.
    pub lifecycle: bool,
}

impl Elements {
    /// All elements the archivist is defended against.
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
