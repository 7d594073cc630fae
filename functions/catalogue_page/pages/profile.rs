//! Reads the data of the pages of a person and a machine.

use catalogue_page::{Frame, PageQuery, ProfilePage};
use pipeline::CatalogueReader;
use pipeline::ports::Fault;
use pipeline::query::{self, SessionCursor, Subject};
use pipeline::view::ProfileView;

use super::super::respond::PageResponse;
use crate::invocation::RequestOutcome;

/// Returns the page of a person or machine.
pub async fn profile(
    reading: &CatalogueReader<'_>,
    subject: &Subject,
    asked: &PageQuery,
    frame: Frame,
) -> Result<PageResponse, Fault> {
    let cursor = asked.get("cursor").and_then(|text| SessionCursor::parse(text).ok());
    let is_first = cursor.is_none();
    let found = query::profile(reading, subject, cursor).await?;
    let outcome = if is_first && found.is_nothing() {
        RequestOutcome::NotFound
    } else {
        RequestOutcome::Answered
    };
    let view = ProfileView::from_profile(&found, reading.estate, reading.now);
    Ok(PageResponse::page(outcome, &ProfilePage::new(frame, subject, asked, &view)))
}
