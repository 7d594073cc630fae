//! Facts of events about bastions, their logs and their setup.

use super::{KnownFact, number, text, time, word};

/// Session without a recording.
pub(super) const GAP: &[KnownFact] = &[
    text("bastion", "the name of the bastion, as in the configuration"),
    text(
        "cause",
        "why there is none: native_client, access_expired, recording_off, container_mismatch, one_of (several sessions) \
         or unknown",
    ),
];

/// Burst of failed logins.
pub(super) const LOGINS: &[KnownFact] = &[
    text("bastion", "the name of the bastion, as in the configuration"),
    word("counted_by", &["person", "client", "target"], "what they have in common"),
    number("count", "how many failed"),
    time("first_at", "when the first of them failed"),
    time("last_at", "when the last of them failed"),
    text("person", "who tried, where that is what they have in common, as far as the privacy setting shows it"),
    text("client", "the address that they came from, where that is what they have in common"),
    text("target", "the machine that they tried, where that is what they have in common"),
];

/// Bastion that stopped recording.
pub(super) const RECORDING_STOPPED: &[KnownFact] = &[
    text("bastion", "the name of the bastion, as in the configuration"),
    time("newest_recording", "when its newest recording was created; not there where there is none"),
];

/// Audit log without new records.
pub(super) const LOG_STOPPED: &[KnownFact] = &[
    text("bastion", "the name of the bastion, as in the configuration"),
    time("newest_record", "the time of its newest record; not there where there is none"),
];

/// Check with a finding.
pub(super) const CHECK: &[KnownFact] = &[
    text(
        "check",
        "the name of the check, as `archivist doctor --json` has it; recording.tags where somebody else changed our tags",
    ),
    text("expected", "how it should be"),
    text("found", "how it is"),
    text("fix", "the command or the place that mends it"),
    text("bastion", "the name of the bastion, where it is about one"),
];

/// Expiring access.
pub(super) const EXPIRY: &[KnownFact] =
    &[time("expires_at", "when the access ends"), number("days_left", "how many days are left until then")];

/// Change of the setup.
pub(super) const CHANGE: &[KnownFact] = &[
    text("bastion", "the name of the bastion that depends on it, as in the configuration"),
    text(
        "what",
        "what was changed: bastion, signature, diagnostics, account, keys, blob_service, container, lifecycle, events, \
         roles or configuration",
    ),
    text("done", "what was done to it, in words: changed, deleted, asked for"),
    text("operation", "the operation, as the platform names it"),
    text("resource", "the resource id of what was changed"),
    text("by", "who did it, as far as the privacy setting shows it"),
    text("from", "the address that they came from"),
    text("correlation_id", "the id by which the activity log has it"),
    number("findings", "how many checks that it concerns are to be mended"),
    number("not_checked", "how many checks that it concerns could not be made"),
    text("found", "what is to be mended, at most five; several are parted by a comma and a blank"),
    text("fix", "what mends it; several are parted by a comma and a blank"),
    text("configuration", "the digest of the configuration that is worked by now, where that is what was changed"),
];
