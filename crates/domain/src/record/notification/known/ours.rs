//! Facts of events about the application itself: holds, runs, the ledger, input, channels.

use super::{KnownFact, number, text, time, word};

/// Legal hold.
pub(super) const HOLD: &[KnownFact] = &[
    text("hold", "the id of the hold: hold_ and 26 digits and letters"),
    text("case", "the case that it was placed for"),
    text("reason", "why it was placed, in the words of the person who placed it"),
    text("scope", "which recordings it covers"),
    text("by", "who placed or released it"),
    word("verified", &["yes", "no"], "whether the identity of that person is certain"),
];

/// Retention run that would have deleted too much.
pub(super) const RUN: &[KnownFact] = &[
    text("reason", "the limit that it would have exceeded"),
    text("plan", "the id of the plan: the hash of everything that it would have deleted"),
    number("recordings", "number of recordings that it would have deleted"),
    number("size_bytes", "their total size, in bytes"),
    text("approve_with", "the command that allows it"),
];

/// Ledger with a broken chain.
pub(super) const LEDGER: &[KnownFact] = &[
    text("segment", "the segment of the ledger that is broken"),
    number("line", "the line of that segment, from 1 on"),
    number("byte", "the offset of that line in the segment, in bytes"),
    text("reason", "the defect"),
    text("verify_with", "the command that verifies the whole ledger"),
];

/// Head of the ledger.
pub(super) const ANCHOR: &[KnownFact] = &[
    text("segment", "the segment of the ledger with its last line"),
    number("line", "the last line of that segment, from 1 on"),
    time("written_at", "when that line was written"),
    text("head", "the hash of that line, which covers all lines before it: 64 hexadecimal digits"),
    text("verify_with", "the command that shows what this hash proves"),
];

/// Coverage report of a month. Unknown figures are absent.
pub(super) const REPORT: &[KnownFact] = &[
    text("month", "the month, in UTC, such as 2026-02"),
    number("bastions", "number of bastions in the report"),
    number("sessions", "sessions that began in the month"),
    number("recordable", "sessions of them that should have a recording"),
    number("recorded", "recordable sessions with a recording"),
    number("gaps", "sessions without a recording, whatever the cause"),
    number("recordings", "recordings first seen in the month"),
    number("named", "recordings of them that are matched with a session"),
    number("deletions", "recordings deleted in the month"),
    text("not_counted", "the figures of these that are unknown, separated by a comma and a space"),
    text("report_with", "the command that writes the whole report"),
];

/// Quarantined input.
pub(super) const INPUT: &[KnownFact] = &[
    text("quarantine", "its id in quarantine"),
    text("reason", "the reason"),
    number("size_bytes", "its size, in bytes; of all inputs together"),
    number("inputs", "number of inputs quarantined together, of which the first is described; absent if it is one"),
];

/// Disabled channel.
pub(super) const CHANNEL: &[KnownFact] = &[
    text("channel", "the name of the channel, as in the configuration"),
    text("reason", "its last answer"),
    time("failing_since", "since when it has accepted nothing"),
    text("enable_with", "the command that enables it again"),
];
