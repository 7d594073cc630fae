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
    word("counted_by", &["person", "client", "target"], "the common property of the failed logins"),
    number("count", "number of failed logins"),
    time("first_at", "time of the first of them"),
    time("last_at", "time of the last of them"),
    text("person", "the person, if that is the common property, unless the privacy setting hides it"),
    text("client", "the address of the client, if that is the common property"),
    text("target", "the machine, if that is the common property"),
];

/// Bastion that stopped recording.
pub(super) const RECORDING_STOPPED: &[KnownFact] = &[
    text("bastion", "the name of the bastion, as in the configuration"),
    time("newest_recording", "when its newest recording was created; absent if there is none"),
];

/// Audit log without new records.
pub(super) const LOG_STOPPED: &[KnownFact] = &[
    text("bastion", "the name of the bastion, as in the configuration"),
    time("newest_record", "the time of its newest record; absent if there is none"),
];

/// Check with a finding.
pub(super) const CHECK: &[KnownFact] = &[
    text(
        "check",
        "the name of the check, as `archivist doctor --json` has it; recording.tags if another writer changed our tags",
    ),
    text("expected", "the expected state"),
    text("found", "the observed state"),
    text("fix", "the command or the place that fixes it"),
    text("bastion", "the name of the bastion, if the finding is about one"),
];

/// Expiring access.
pub(super) const EXPIRY: &[KnownFact] =
    &[time("expires_at", "when the access ends"), number("days_left", "number of days until then")];

/// Change of the setup.
pub(super) const CHANGE: &[KnownFact] = &[
    text("bastion", "the name of the bastion that depends on it, as in the configuration"),
    text(
        "what",
        "the changed thing: bastion, signature, diagnostics, access_log, account, keys, blob_service, container, lifecycle, \
         events, roles or configuration",
    ),
    text("done", "the action in words: changed, deleted, asked for"),
    text("operation", "the operation, as the platform names it"),
    text("resource", "the resource id of the changed resource"),
    text("by", "the person who did it, unless the privacy setting hides it"),
    text("from", "the address of the caller"),
    text("correlation_id", "its id in the activity log"),
    number("findings", "number of checks with a finding, among those that the change concerns"),
    number("not_checked", "number of checks that could not be made, among those that the change concerns"),
    text("found", "the findings, at most five; several are separated by a comma and a blank"),
    text("fix", "the fixes; several are separated by a comma and a blank"),
    text("configuration", "the hash of the configuration now in use, if the configuration changed"),
];
