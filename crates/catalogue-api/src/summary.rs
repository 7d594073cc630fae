//! `/summary`: counts per day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use pipeline::summary;
use pipeline::view::SummaryView;

use crate::values::Values;
use crate::{Api, Body, json};

/// Number of days before the last one if `from` is not given.
const USUAL_DAYS: i64 = 29;

pub(crate) async fn summary(api: &Api<'_>, values: &Values) -> Body {
    let to = values.day("to").unwrap_or_else(|| day(api.now));
    let from = values.day("from").unwrap_or_else(|| to.saturating_sub(Span::new().days(USUAL_DAYS)));
    let summary = summary::summary(api.checkpoints, from, to).await?;
    json(&SummaryView::from_summary(&summary))
}

pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
