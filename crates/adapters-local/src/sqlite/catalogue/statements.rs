//! SQL statements of the catalogue.

pub(in crate::sqlite) const LIVES: &str =
    "SELECT names.version, entries.doc FROM names JOIN entries ON entries.name_id = names.id
    WHERE names.name = ?1 AND names.container = ?2 AND names.account = ?3 ORDER BY entries.id";
pub(in crate::sqlite) const LIVES_OF: &str = "SELECT names.version, entries.doc FROM entries AS one
    JOIN names ON names.id = one.name_id JOIN entries ON entries.name_id = names.id
    WHERE one.id = ?1 ORDER BY entries.id";
pub(super) const NEW_NAME: &str = "INSERT INTO names (name, container, account, version) VALUES (?1, ?2, ?3, 1)
    ON CONFLICT DO NOTHING";
pub(in crate::sqlite) const NAME: &str = "SELECT id FROM names WHERE name = ?1 AND container = ?2 AND account = ?3";
pub(in crate::sqlite) const NEXT_VERSION: &str = "UPDATE names SET version = version + 1
    WHERE name = ?1 AND container = ?2 AND account = ?3 AND version = ?4";
pub(super) const ADD: &str = "INSERT INTO entries (id, doc, due_at, name_id, disposal_at) VALUES (?1, ?2, ?3, ?4, ?5)";
pub(in crate::sqlite) const PUT: &str = "UPDATE entries SET doc = ?2, due_at = ?3, disposal_at = ?4 WHERE id = ?1";
pub(in crate::sqlite) const PUT_DOC: &str = "UPDATE entries SET doc = ?2 WHERE id = ?1";
pub(super) const ADD_HEADING: &str =
    "INSERT INTO headings (kind, value, id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
pub(in crate::sqlite) const REMOVE_HEADING: &str = "DELETE FROM headings WHERE kind = ?1 AND value = ?2 AND id = ?3";
pub(in crate::sqlite) const IS_HEADING: &str = "SELECT 1 FROM headings WHERE kind = ?1 AND value = ?2 LIMIT 1";
pub(super) const ADD_WORD: &str = "INSERT INTO words (word, kind, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
pub(in crate::sqlite) const WORDS: &str = "SELECT word, kind, value FROM words WHERE word >= ?1 ORDER BY word";
pub(super) const ADD_KEY: &str = "INSERT INTO entry_keys (bastion, key, created_at, id) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO NOTHING";
pub(in crate::sqlite) const REMOVE_KEY: &str =
    "DELETE FROM entry_keys WHERE bastion = ?1 AND key = ?2 AND created_at = ?3 AND id = ?4";
pub(in crate::sqlite) const LIST: &str = "SELECT doc FROM entries WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT ?3";
pub(in crate::sqlite) const LIST_UNDER: &str =
    "SELECT entries.doc FROM headings CROSS JOIN entries ON entries.id = headings.id
    WHERE headings.kind = ?4 AND headings.value = ?5 AND headings.id < ?1 AND headings.id >= ?2
    ORDER BY headings.id DESC LIMIT ?3";
/// Names of other containers are skipped one by one.
pub(in crate::sqlite) const BY_NAME: &str =
    "SELECT entries.doc FROM names CROSS JOIN entries ON entries.name_id = names.id
    WHERE names.name >= ?1 AND names.name <= ?2 AND names.container = ?3 AND names.account = ?4
    AND (names.name > ?1 OR entries.id > ?5) ORDER BY names.name, entries.id LIMIT ?6";
pub(in crate::sqlite) const NEAR: &str =
    "SELECT id FROM entry_keys WHERE bastion = ?1 AND key = ?2 AND created_at >= ?3 AND created_at <= ?4";
pub(in crate::sqlite) const DOC: &str = "SELECT doc FROM entries WHERE id = ?1";
pub(in crate::sqlite) const DUE: &str = "SELECT due_at, id FROM entries WHERE due_at <= ?1 AND (due_at, id) > (?2, ?3)
    ORDER BY due_at, id LIMIT ?4";
pub(in crate::sqlite) const DISPOSALS: &str = "SELECT disposal_at, id FROM entries
    WHERE disposal_at <= ?1 AND (disposal_at, id) > (?2, ?3) ORDER BY disposal_at, id LIMIT ?4";
