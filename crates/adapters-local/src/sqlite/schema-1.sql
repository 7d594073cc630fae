-- Version 1. What each table and index is for: docs/data-model.md. Times are nanoseconds since 1970.

CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    container TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (name, container, account)
) STRICT;

CREATE TABLE entries (
    id TEXT PRIMARY KEY NOT NULL,
    name_id INTEGER NOT NULL REFERENCES names (id),
    due_at INTEGER,
    disposal_at INTEGER,
    doc TEXT NOT NULL
) STRICT;

CREATE INDEX entries_by_name ON entries (name_id, id);
CREATE INDEX entries_by_due ON entries (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX entries_by_disposal ON entries (disposal_at, id) WHERE disposal_at IS NOT NULL;

CREATE TABLE headings (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    id TEXT NOT NULL REFERENCES entries (id),
    PRIMARY KEY (kind, value, id)
) STRICT, WITHOUT ROWID;

-- No row is ever removed: a heading without entries has an empty listing.
CREATE TABLE words (
    word TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (word, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_keys (
    bastion TEXT NOT NULL,
    key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    id TEXT NOT NULL REFERENCES entries (id),
    PRIMARY KEY (bastion, key, created_at, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    bastion TEXT NOT NULL,
    tunnel TEXT NOT NULL,
    revision INTEGER NOT NULL,
    at INTEGER NOT NULL,
    has_gap INTEGER NOT NULL,
    due_at INTEGER,
    doc TEXT NOT NULL,
    UNIQUE (bastion, tunnel)
) STRICT;

CREATE INDEX sessions_by_time ON sessions (at, bastion, tunnel);
CREATE INDEX sessions_by_bastion ON sessions (bastion, at, tunnel);
CREATE INDEX gaps_by_time ON sessions (at, bastion, tunnel) WHERE has_gap = 1;
CREATE INDEX gaps_by_bastion ON sessions (bastion, at, tunnel) WHERE has_gap = 1;
CREATE INDEX sessions_by_due ON sessions (due_at, bastion, tunnel) WHERE due_at IS NOT NULL;

CREATE TABLE session_keys (
    bastion TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    session INTEGER NOT NULL REFERENCES sessions (id),
    PRIMARY KEY (bastion, key, at, session)
) STRICT, WITHOUT ROWID;

-- A version is never given twice, so that one of a removed document cannot fit a later one of the same name.
CREATE TABLE checkpoints (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    UNIQUE (kind, name)
) STRICT;

-- An id is never given twice, so that the receipt of a deleted message cannot fit a later one.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    visible_at INTEGER NOT NULL,
    inserted_at INTEGER NOT NULL,
    dequeue_count INTEGER NOT NULL,
    pop INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE INDEX messages_by_visibility ON messages (queue, visible_at, id);

CREATE TABLE notifications (
    id TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    forgotten_at INTEGER,
    given_up_at INTEGER,
    doc TEXT NOT NULL
) STRICT;

CREATE INDEX notifications_by_forgotten ON notifications (forgotten_at, id) WHERE forgotten_at IS NOT NULL;
CREATE INDEX notifications_by_given_up ON notifications (given_up_at, id) WHERE given_up_at IS NOT NULL;

CREATE TABLE quarantine (
    id TEXT PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    origin TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw BLOB NOT NULL,
    announced INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX quarantine_by_time ON quarantine (at, id);
CREATE INDEX quarantine_unannounced ON quarantine (at, id) WHERE announced = 0;
