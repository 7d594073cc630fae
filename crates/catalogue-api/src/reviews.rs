//! `/reviews`.

use pipeline::CatalogueReader;
use pipeline::recording_review::{ReviewQueueQuery, WALKED_PER_PAGE, review_queue};
use pipeline::view::ReviewQueueView;

use crate::values::Values;
use crate::{Api, Body, json};

pub(crate) async fn page(api: &Api<'_>, values: &Values) -> Body {
    let query = ReviewQueueQuery {
        bastion: values.bastion(),
        overdue: values.truth("overdue") == Some(true),
        limit: values.limit(),
        after: values.reviews_cursor(),
        walked_at_most: Some(WALKED_PER_PAGE),
    };
    let Api { catalogue, sessions, checkpoints, estate, reviews, time_zone, now, .. } = *api;
    let reading = CatalogueReader { catalogue, sessions, checkpoints, estate, policy: None, reviews, time_zone, now };
    json(&ReviewQueueView::from_queue(&review_queue(&reading, &query).await?))
}
