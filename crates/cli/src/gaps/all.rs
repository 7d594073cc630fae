//! Gaps beyond the first page, read one page at a time.

use domain::record::estate::{BastionName, Estate};
use domain::record::join::Match;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Checkpoints, Sessions};
use pipeline::query::{self, Gaps, Query, SessionQuery};
use pipeline::view::csv::{gap_of_recording, gap_of_session};
use pipeline::view::{RecordingView, SessionView};

use crate::output::items::ItemWriter;
use crate::{CliError, CommandContext};

/// Items per page.
const PAGE: usize = 500;

/// Reader of the gaps after the first page.
pub(super) struct OtherGaps<'a> {
    catalogue: &'a dyn Catalogue,
    sessions: &'a dyn Sessions,
    checkpoints: &'a dyn Checkpoints,
    estate: &'a Estate,
    now: Timestamp,
}

impl<'a> OtherGaps<'a> {
    /// Takes the stores of a command.
    pub(super) fn new(context: &CommandContext<'a>) -> Self {
        let CommandContext { catalogue, sessions, checkpoints, estate, now, .. } = *context;
        Self { catalogue, sessions, checkpoints, estate, now }
    }

    /// Reads all sessions and recordings after those of `gaps`, and writes each as an item.
    pub(super) async fn write(
        &self,
        gaps: &Gaps,
        bastion: Option<&BastionName>,
        writer: &mut ItemWriter<'_>,
    ) -> Result<(), CliError> {
        let mut cursor = gaps.sessions.next_cursor.clone();
        while cursor.is_some() {
            let query = SessionQuery {
                bastion: bastion.cloned(),
                without_recording: true,
                limit: PAGE,
                cursor,
                ..SessionQuery::default()
            };
            let page = query::sessions(self.sessions, self.catalogue, &query).await?;
            page.items
                .iter()
                .try_for_each(|found| writer.write(&gap_of_session(&SessionView::from_session(found))?))?;
            cursor = page.next_cursor;
        }
        let unmatched = Match::Unmatched { attempt: None };
        let mut cursor = gaps.recordings.next_cursor;
        while cursor.is_some() {
            let matching = Some(unmatched.name().to_owned());
            let query = Query { bastion: bastion.cloned(), matching, limit: PAGE, cursor, ..Query::default() };
            let page = query::recordings(self.catalogue, self.checkpoints, &query).await?;
            // A recording that a failed login explains is no gap.
            for entry in page.items.iter().filter(|entry| entry.match_state.verdict == unmatched) {
                writer.write(&gap_of_recording(&RecordingView::from_entry(entry, self.estate, self.now))?)?;
            }
            cursor = page.next_cursor;
        }
        Ok(())
    }
}
