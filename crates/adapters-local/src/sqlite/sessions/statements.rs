//! SQL statements of the sessions.

pub(in crate::sqlite) const GET: &str = "SELECT doc FROM sessions WHERE bastion = ?1 AND tunnel = ?2";
pub(super) const ADD: &str = "INSERT INTO sessions (bastion, tunnel, revision, doc, at, has_gap, due_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
pub(in crate::sqlite) const ID: &str = "SELECT id FROM sessions WHERE bastion = ?1 AND tunnel = ?2";
// One statement per set of changed columns: an update writes every index of the columns that it names, changed or
// not.
pub(in crate::sqlite) const SAVE: &str =
    "UPDATE sessions SET revision = ?3, doc = ?4, at = ?6, has_gap = ?7, due_at = ?8
    WHERE bastion = ?1 AND tunnel = ?2 AND revision = ?5";
pub(in crate::sqlite) const SAVE_GAP: &str = "UPDATE sessions SET revision = ?3, doc = ?4, has_gap = ?6, due_at = ?7
    WHERE bastion = ?1 AND tunnel = ?2 AND revision = ?5";
pub(in crate::sqlite) const SAVE_DUE: &str = "UPDATE sessions SET revision = ?3, doc = ?4, due_at = ?6
    WHERE bastion = ?1 AND tunnel = ?2 AND revision = ?5";
pub(in crate::sqlite) const SAVE_DOC: &str = "UPDATE sessions SET revision = ?3, doc = ?4
    WHERE bastion = ?1 AND tunnel = ?2 AND revision = ?5";
pub(super) const ADD_KEY: &str = "INSERT INTO session_keys (bastion, key, at, session) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO NOTHING";
pub(in crate::sqlite) const REMOVE_KEY: &str =
    "DELETE FROM session_keys WHERE bastion = ?1 AND key = ?2 AND at = ?3 AND session = ?4";
pub(in crate::sqlite) const NEAR: &str = "SELECT sessions.tunnel, sessions.id
    FROM session_keys CROSS JOIN sessions ON sessions.id = session_keys.session
    WHERE session_keys.bastion = ?1 AND session_keys.key = ?2 AND session_keys.at >= ?3 AND session_keys.at <= ?4";
pub(in crate::sqlite) const DOC: &str = "SELECT doc FROM sessions WHERE id = ?1";
pub(in crate::sqlite) const LIST: &str = "SELECT doc FROM sessions INDEXED BY sessions_by_time
    WHERE (at, bastion, tunnel) < (?1, ?2, ?3) AND at >= ?4
    ORDER BY at DESC, bastion DESC, tunnel DESC LIMIT ?5";
pub(in crate::sqlite) const LIST_GAPS: &str = "SELECT doc FROM sessions INDEXED BY gaps_by_time
    WHERE has_gap = 1 AND (at, bastion, tunnel) < (?1, ?2, ?3) AND at >= ?4
    ORDER BY at DESC, bastion DESC, tunnel DESC LIMIT ?5";
pub(in crate::sqlite) const LIST_OF: &str = "SELECT doc FROM sessions INDEXED BY sessions_by_bastion
    WHERE bastion = ?6 AND (at, bastion, tunnel) < (?1, ?2, ?3) AND at >= ?4
    ORDER BY at DESC, tunnel DESC LIMIT ?5";
pub(in crate::sqlite) const LIST_GAPS_OF: &str = "SELECT doc FROM sessions INDEXED BY gaps_by_bastion
    WHERE has_gap = 1 AND bastion = ?6 AND (at, bastion, tunnel) < (?1, ?2, ?3) AND at >= ?4
    ORDER BY at DESC, tunnel DESC LIMIT ?5";
pub(in crate::sqlite) const DUE: &str = "SELECT due_at, bastion, tunnel FROM sessions
    WHERE due_at <= ?1 AND (due_at, bastion, tunnel) > (?2, ?3, ?4)
    ORDER BY due_at, bastion, tunnel LIMIT ?5";
