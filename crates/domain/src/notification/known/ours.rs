//! Facts of events about the application itself: holds, runs, the ledger, input, channels.

use super::{KnownFact, number, text, time, word};

/// Legal hold.
pub(super) const HOLD: &[KnownFact] = &[
    text("hold", "the id of the hold: hold_ and 26 digits and letters"),
    text("case", "the case that it was placed for"),
    text("reason", "why it was placed, as somebody wrote it"),
    text("scope", "which recordings it covers"),
    text("by", "who placed or released it"),
    word("verified", &["yes", "no"], "whether it is certain who that was"),
];

/// Retention run that would have deleted too much.
pub(super) const RUN: &[KnownFact] = &[
    text("reason", "which limit it would have gone past"),
    text("plan", "the digest of all that it would have deleted"),
    number("recordings", "how many recordings it would have deleted"),
    number("size_bytes", "their size in sum, in bytes"),
    text("approve_with", "the command that allows it"),
];

/// Ledger with a broken chain.
pub(super) const LEDGER: &[KnownFact] = &[
    text("segment", "the part of the ledger in which it is broken"),
    number("line", "the line of that part, from 1 on"),
    number("byte", "where in it that line begins, in bytes"),
    text("reason", "what is wrong there"),
    text("verify_with", "the command that looks at the whole ledger"),
];

/// Quarantined input.
pub(super) const INPUT: &[KnownFact] = &[
    text("quarantine", "the id under which it is kept"),
    text("reason", "what is wrong with it"),
    number("size_bytes", "its size, in bytes; of all inputs together"),
    number("inputs", "how many inputs were put aside together, of which the first is told; absent if it is one"),
];

/// Disabled channel.
pub(super) const CHANNEL: &[KnownFact] = &[
    text("channel", "the name of the channel, as in the configuration"),
    text("reason", "how it answered last"),
    time("failing_since", "since when it has taken nothing"),
    text("enable_with", "the command that has it tried again"),
];
