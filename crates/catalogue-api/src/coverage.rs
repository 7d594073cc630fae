//! `/coverage`: coverage report of a month.

use pipeline::CatalogueReader;
use pipeline::coverage_report::{MonthNotBegun, ReportMonth, coverage_report};
use pipeline::view::CoverageView;

use crate::problem::{ProblemKind, WrongView};
use crate::values::Values;
use crate::{Api, Body, Trouble, json};

pub(crate) async fn coverage(api: &Api<'_>, values: &Values) -> Body {
    let Api { catalogue, sessions, checkpoints, estate, reviews, time_zone, now, .. } = *api;
    let reading = CatalogueReader { catalogue, sessions, checkpoints, estate, policy: None, reviews, time_zone, now };
    let month = ReportMonth::requested(values.month("month"), now).map_err(not_begun)?;
    let bastions: Vec<_> = values.bastion().into_iter().collect();
    json(&CoverageView::from_report(&coverage_report(&reading, month, &bastions).await?))
}

fn not_begun(refused: MonthNotBegun) -> Trouble {
    let (problem, write) = (MonthNotBegun::PROBLEM, refused.advice());
    Trouble::Problem(ProblemKind::Parameters(vec![WrongView { name: "month".to_owned(), problem, write }]))
}
