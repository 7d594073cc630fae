//! Follows rows of table `lookup` to sessions that still match them.

use std::fmt::Display;

use domain::record::session::SessionEntry;
use pipeline::ports::{Fault, SessionPlace};

use super::TableSessions;
use super::row::{JUDGED_BY, id, revision, session};
use crate::tables::keys::{from_time, session_partition};
use crate::tables::lookup::{self, Lookup};
use crate::tables::wire::Row;

impl TableSessions {
    /// Returns the session behind a row of a listing, or `None` if the session no longer matches the row.
    pub(super) async fn follow_listed(&self, row: Lookup) -> Result<Option<SessionEntry>, Fault> {
        let found = self.session(lookup::to_session(&row.row), &"of a listing").await?;
        Ok(found.filter(|found| lookup::of_session(found).contain(&row)))
    }

    /// Returns the place in a due row, if the session still has this due time and revision.
    pub(super) async fn follow_due(&self, row: Lookup) -> Result<Option<SessionPlace>, Fault> {
        let Some((session, written)) = lookup::to_due_session(&row.row) else {
            return Ok(None);
        };
        let Some(found) = self.row(session, Some(JUDGED_BY), &"that is due").await? else {
            return Ok(None);
        };
        let revision = revision(&found).unwrap_or_default();
        let at = found.get("due_at").filter(|at| revision == written && row.row.starts_with(*at));
        if let Some((at, id)) = at.and_then(from_time).zip(id(&found)) {
            return Ok(Some(SessionPlace { at, id }));
        }
        // A row with a later revision belongs to a save under way.
        if revision >= written {
            lookup::clean(&self.store.lookup, [row]).await;
        }
        Ok(None)
    }

    /// Loads the session in a row. `which` reads well after "session".
    pub(super) async fn session(&self, row: &str, which: &impl Display) -> Result<Option<SessionEntry>, Fault> {
        let Some(found) = self.row(row, None, which).await? else { return Ok(None) };
        let named = || id(&found).map_or_else(|| which.to_string(), |id| id.to_string());
        session(&found).map(Some).map_err(|error| error.fault(format!("load session {}", named())))
    }

    async fn row(&self, row: &str, select: Option<&str>, which: &impl Display) -> Result<Option<Row>, Fault> {
        let found = self.store.sessions.get(session_partition(row), row, select).await;
        found.map_err(|failure| failure.fault(format!("load session {which}")))
    }
}
