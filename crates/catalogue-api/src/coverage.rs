//! `/coverage`: coverage report of a month.

use pipeline::CatalogueReader;
use pipeline::coverage_report::{ReportMonth, coverage_report};
use pipeline::view::CoverageView;

use crate::values::Values;
use crate::{Api, Body, json};

pub(crate) async fn coverage(api: &Api<'_>, values: &Values) -> Body {
    let Api { catalogue, sessions, checkpoints, estate, reviews, time_zone, now, .. } = *api;
    let reading = CatalogueReader { catalogue, sessions, checkpoints, estate, policy: None, reviews, time_zone, now };
    let month = values.month("month").unwrap_or_else(|| ReportMonth::at(now).previous());
    let bastions: Vec<_> = values.bastion().into_iter().collect();
    json(&CoverageView::of(&coverage_report(&reading, month, &bastions).await?))
}
