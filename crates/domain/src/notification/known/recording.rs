//! Facts of events about recordings and their sessions.

use super::{KnownFact, date, number, text, time, word};

/// Properties of the catalogue entry.
pub(super) const ENTRY: &[KnownFact] = &[
    text("recording", "the id of its entry in the catalogue: rec_ and 26 digits and letters"),
    text("bastion", "the name of the bastion that recorded it, as in the configuration"),
    text("account", "the storage account that it is in"),
    text("container", "the container that it is in"),
    word("state", &["active", "settled", "expiring", "missing", "deleted"], "the state of its entry"),
    word("match", &["pending", "matched", "ambiguous", "unmatched"], "whether it is known of which session it is"),
    time("created_at", "when its blob was created"),
    time("last_modified", "when its blob was written last"),
    number("size_bytes", "its size, in bytes"),
    number(
        "duration_ms",
        "how long it is, in milliseconds; not there until it has settled, and where it was written at once and its session \
         is not known",
    ),
    word(
        "duration_from",
        &["recording", "session"],
        "what duration_ms is taken from: creation and last write, or, of a recording that was uploaded afterwards, its session",
    ),
    text(
        "confirmed_by",
        "who said which session it is of, as far as the privacy setting shows it; not there if nobody did",
    ),
    time("confirmed_at", "when they said so"),
    text("confirmed_because", "why, in their words"),
    text(
        "warning",
        "start_contradicts_storage or end_contradicts_storage: that time of the session in the audit log is too far from what \
         storage says to count; several are parted by a comma and a blank",
    ),
];

/// Session; for a recording only if the match is `matched`.
pub(super) const SESSION: &[KnownFact] = &[
    text("tunnel_id", "the id of the session's tunnel, as in the bastion's audit log"),
    text("person", "who connected, as far as the privacy setting shows it"),
    text("user_name", "the account on the machine; one that names a person, as far as the privacy setting shows it"),
    text("machine", "the name of the machine"),
    text("target_resource_id", "the resource id of the machine"),
    text("client_ip", "the address that the person connected from"),
    text("protocol", "how they connected, as the audit log says: ssh or rdp"),
    time("started_at", "when the session began"),
    time("ended_at", "when the session ended"),
    number("session_duration_ms", "how long the session lasted, in milliseconds"),
];

/// Retention and holds.
pub(super) const KEPT: &[KnownFact] = &[
    text("class", "the retention class that it is kept by"),
    text("rule", "the rule that gave the class; several are parted by a comma and a blank"),
    date("retain_until", "the last day on which it is kept whatever happens"),
    date("delete_after", "the last day before it may be deleted; not there where it is never deleted"),
    word("then", &["delete", "review", "keep"], "what happens after that day"),
    text("case", "the case of the hold that keeps it; several are parted by a comma and a blank"),
    time("goes_at", "when its grace is over, where it is going to be deleted"),
    time("deleted_at", "when it was deleted"),
];

/// Evidence behind a verdict.
pub(super) const EVIDENCE: &[KnownFact] = &[text(
    "evidence",
    "what speaks for the session, or why none is certain, in words: how far the times are apart beside what is usual that \
     day, the next candidate, and the lead in points beside the one that is needed",
)];

/// Earlier verdict that this one withdraws.
pub(super) const CORRECTED: &[KnownFact] = &[
    text(
        "withdraws",
        "what was told before and is no longer so: pending or unmatched; matched and a tunnel; ambiguous and several",
    ),
    text("contradicted_by", "what the log says against a person's word, which stands"),
];

/// Authority for the deletion.
pub(super) const ORDERED: &[KnownFact] = &[
    word("deleted_by", &["archivist", "lifecycle"], "who deleted it: the archivist, or a rule of the storage account"),
    text("policy", "the digest of the policy by which it was deleted"),
    text("approved_by", "who allowed it, where somebody had to"),
];

/// Storage call that deleted the recording, as given in the storage event.
pub(super) const CALLED: &[KnownFact] = &[
    text("api", "the storage operation that deleted it"),
    text("request_id", "the id that storage gave the request"),
    text("client_request_id", "the id that the caller gave the request"),
    text("find_caller_with", "a query that finds the caller in the account's resource log"),
    time("missing_since", "since when it is gone, where nothing told of its deletion"),
];

/// Recording whose tags were changed by others.
pub(super) const TAGGED: &[KnownFact] = &[
    text(
        "recording",
        "the id of the recording's entry, where it is about the tags of one: rec_ and 26 digits and letters",
    ),
    text("account", "the storage account that the recording is in"),
    text("container", "the container that the recording is in"),
];

/// Present content.
pub(super) const HASHED: &[KnownFact] = &[text("sha256", "the SHA-256 of the content that is there, in hexadecimal")];

/// Loss of most recordings of a container at once; the subject is then the container.
pub(super) const LOST: &[KnownFact] = &[
    number("recordings", "how many recordings of the container are gone that were not to go"),
    number("recordings_before", "how many blobs the container had when it was last listed as a whole"),
    number("recordings_left", "how many blobs it has now"),
    time("listed_at", "when it was last listed as a whole before"),
    time("found_at", "when they were found to be gone"),
];
