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
    state TEXT NOT NULL,
    due_at INTEGER,
    doc TEXT NOT NULL
) STRICT;

CREATE INDEX entries_by_name ON entries (name_id, id);
CREATE INDEX entries_by_state ON entries (state, id);
CREATE INDEX entries_by_due ON entries (due_at, id) WHERE due_at IS NOT NULL;

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
    doc TEXT NOT NULL
) STRICT;

CREATE INDEX notifications_by_forgotten ON notifications (forgotten_at, id) WHERE forgotten_at IS NOT NULL;

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
