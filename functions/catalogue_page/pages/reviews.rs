//! Reads the data of the page of reviews.

use catalogue_page::{Frame, PageQuery, ReviewsPage};
use domain::record::estate::BastionName;
use pipeline::CatalogueReader;
use pipeline::ports::Fault;
use pipeline::recording_review::{QueuePlace, ReviewQueueQuery, WALKED_PER_PAGE, review_queue};

use super::super::respond::PageResponse;
use crate::invocation::RequestOutcome;

/// Recordings of a page.
const SHOWN: usize = 100;

/// Returns the page of the recordings that wait for a review.
pub async fn reviews(reading: &CatalogueReader<'_>, asked: &PageQuery, frame: Frame) -> Result<PageResponse, Fault> {
    let after = asked.get("cursor").and_then(QueuePlace::parse);
    let walked_at_most = Some(WALKED_PER_PAGE);
    let bastion = asked.get("bastion").map(BastionName::new);
    let query = ReviewQueueQuery { bastion, overdue: false, limit: SHOWN, after, walked_at_most };
    let queue = review_queue(reading, &query).await?;
    let page = ReviewsPage::new(frame, &queue, !reading.reviews.rules.is_empty());
    Ok(PageResponse::page(RequestOutcome::Answered, &page))
}
