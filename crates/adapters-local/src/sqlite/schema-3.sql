-- Version 3: what the retention sweep looks at, by time. Entries that an archivist of version 2 knows have nothing there.

ALTER TABLE entries ADD COLUMN disposal_at INTEGER;
CREATE INDEX entries_by_disposal ON entries (disposal_at, id) WHERE disposal_at IS NOT NULL;
