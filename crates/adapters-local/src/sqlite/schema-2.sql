-- Version 2: sessions, and entries under headings of every kind. An archivist of version 1 that still runs is refused by
-- the column that is gone, so that nothing is saved without its headings.

CREATE TABLE headings (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    id TEXT NOT NULL REFERENCES entries (id),
    PRIMARY KEY (kind, value, id)
) STRICT, WITHOUT ROWID;

-- A damaged entry stays under its state, where a listing tells of it.
INSERT INTO headings SELECT 'state', state, id FROM entries ORDER BY state, id;
INSERT INTO headings SELECT 'bastion', doc ->> '$.bastion', id FROM entries WHERE json_valid(doc) ORDER BY 2, 3;
INSERT INTO headings SELECT 'match', 'pending', id FROM entries WHERE json_valid(doc) ORDER BY id;

DROP INDEX entries_by_state;
ALTER TABLE entries DROP COLUMN state;

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
