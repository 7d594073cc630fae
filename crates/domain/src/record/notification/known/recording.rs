//! Facts of events about recordings and their sessions.

use super::{KnownFact, date, number, text, time, word};

/// Properties of the catalogue entry.
pub(super) const ENTRY: &[KnownFact] = &[
    text("recording", "the id of its entry in the catalogue: rec_ and 26 digits and letters"),
    text("bastion", "the name of the bastion that recorded it, as in the configuration"),
    text("account", "the storage account that it is in"),
    text("container", "the container that it is in"),
    word("state", &["active", "settled", "expiring", "missing", "deleted"], "the state of its entry"),
    word("match", &["pending", "matched", "ambiguous", "unmatched"], "the state of its match with a session"),
    time("created_at", "when its blob was created"),
    time("last_modified", "when its blob was written last"),
    number("size_bytes", "its size, in bytes"),
    number(
        "duration_ms",
        "how long it is, in milliseconds; absent until it has settled, and if it was written at once and its session \
         is unknown",
    ),
    word(
        "duration_from",
        &["recording", "session"],
        "the source of duration_ms: creation and last write, or the session of an uploaded recording",
    ),
    text(
        "confirmed_by",
        "the person who confirmed its session, unless the privacy setting hides it; absent if not confirmed",
    ),
    time("confirmed_at", "when they confirmed it"),
    text("confirmed_because", "why, in their words"),
    word("review_outcome", &["ok", "finding"], "the outcome of its review; absent without one that counts"),
    text(
        "warning",
        "start_contradicts_storage or end_contradicts_storage: that time of the session in the audit log is too far \
         from the times in storage to count; several are separated by a comma and a blank",
    ),
];

/// Session; for a recording only if the match is `matched`.
pub(super) const SESSION: &[KnownFact] = &[
    text("tunnel_id", "the id of the session's tunnel, as in the bastion's audit log"),
    text("person", "who connected, unless the privacy setting hides it"),
    text("user_name", "the account on the machine, unless it names a person whom the privacy setting hides"),
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
    text("rule", "the rule that gave the class; several are separated by a comma and a blank"),
    date("retain_until", "the last day on which it is certainly kept"),
    date("delete_after", "the last day before it may be deleted; absent if it is never deleted"),
    word("then", &["delete", "review", "keep"], "what happens after that day"),
    text("case", "the case of the hold that keeps it; several are separated by a comma and a blank"),
    time("goes_at", "when its grace ends, if it is going to be deleted"),
    time("deleted_at", "when it was deleted"),
];

/// Evidence behind a verdict.
pub(super) const EVIDENCE: &[KnownFact] = &[text(
    "evidence",
    "the evidence for the session, or why none is certain, in words: the differences of the times and the usual ones \
     of that day, the next candidate, and the lead in points with the one needed",
)];

/// Earlier verdict that this one withdraws.
pub(super) const CORRECTED: &[KnownFact] = &[
    text(
        "withdraws",
        "the earlier statement that is withdrawn: pending or unmatched; matched and a tunnel; ambiguous and several",
    ),
    text("contradicted_by", "the statement of the log that contradicts a person's decision, which stays in force"),
];

/// Authority for the deletion.
pub(super) const ORDERED: &[KnownFact] = &[
    word("deleted_by", &["archivist", "lifecycle"], "who deleted it: the archivist, or a rule of the storage account"),
    text("policy", "the hash of the policy by which it was deleted"),
    text("approved_by", "the person who allowed it, if that was needed"),
];

/// Storage call that deleted the recording, as given in the storage event.
pub(super) const CALLED: &[KnownFact] = &[
    text("api", "the storage operation that deleted it"),
    text("request_id", "the id that storage gave the request"),
    text("client_request_id", "the id that the caller gave the request"),
    text("find_caller_with", "a query that finds the caller in the account's resource log"),
    time("missing_since", "since when it is gone, if no event reported its deletion"),
];

/// Recording whose tags were changed by others.
pub(super) const TAGGED: &[KnownFact] = &[
    text(
        "recording",
        "the id of the recording's entry, if the finding is about its tags: rec_ and 26 digits and letters",
    ),
    text("account", "the storage account that the recording is in"),
    text("container", "the container that the recording is in"),
];

/// Present content.
pub(super) const HASHED: &[KnownFact] = &[text("sha256", "the SHA-256 of the present content, in hexadecimal")];

/// Loss of most recordings of a container at once; the subject is then the container.
pub(super) const LOST: &[KnownFact] = &[
    number("recordings", "number of recordings of the container that are gone unexpectedly"),
    number("recordings_before", "number of blobs in the container at its last complete listing"),
    number("recordings_left", "number of blobs in it now"),
    time("listed_at", "the time of that listing"),
    time("found_at", "when they were found to be gone"),
];

/// Caller of an access, as the resource log of the account states it.
pub(super) const ACCESSOR: &[KnownFact] = &[
    text("accessed_by", "who did it, unless the privacy setting hides it; absent if the log names no person"),
    text("accessed_by_id", "the object id of their identity, unless the privacy setting hides people"),
    text("accessed_by_application", "the id of the application that they used"),
    text("accessed_from", "the address that they came from"),
    word(
        "authentication",
        &["identity", "sas", "account_key", "anonymous", "other"],
        "how the request was authenticated; only an identity names a person",
    ),
    text("token_hash", "the hash of the signature or key, as the log writes it"),
];

/// Requests of an access.
pub(super) const ACCESS: &[KnownFact] = &[
    time("accessed_at", "when the first of the requests was made"),
    number("requests", "number of requests known so far"),
    number("bytes", "bytes of content in these requests"),
    word("held", &["yes", "no"], "if a legal hold covers the recording"),
];

/// Relation of a viewer to the recording.
pub(super) const OWN_SESSION: &[KnownFact] = &[word(
    "own_session",
    &["yes", "no"],
    "if the viewer is the person of the session; absent if one of them is not known",
)];
