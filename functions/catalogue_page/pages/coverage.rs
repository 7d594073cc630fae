//! Reads the data of the coverage page.

use catalogue_page::{CoveragePage, Frame, PageQuery, RefusedPage};
use pipeline::CatalogueReader;
use pipeline::coverage_report::{ReportMonth, coverage_report};
use pipeline::ports::Fault;

use super::super::respond::PageResponse;
use crate::invocation::RequestOutcome;

/// Returns the requested month, by default the last one. Returns the reason if the parameter is no month, or one that has
/// not begun.
pub fn month_of(reading: &CatalogueReader<'_>, asked: &PageQuery) -> Result<ReportMonth, String> {
    let parse = |text| ReportMonth::parse(text).ok_or("The month is not written as 2026-10.");
    let month = asked.get("month").map(parse).transpose()?;
    ReportMonth::requested(month, reading.now).map_err(|refused| format!("{refused}."))
}

/// Returns the page of the coverage report.
pub async fn page(reading: &CatalogueReader<'_>, asked: &PageQuery, frame: Frame) -> Result<PageResponse, Fault> {
    let month = match month_of(reading, asked) {
        Ok(month) => month,
        Err(what) => {
            let title = "There is no report of this month";
            let steps = vec!["Open Coverage and go back by month.".to_owned()];
            return Ok(PageResponse::page(RequestOutcome::BadQuery, &RefusedPage { frame, title, what, steps }));
        }
    };
    let report = coverage_report(reading, month, &[]).await?;
    Ok(PageResponse::page(RequestOutcome::Answered, &CoveragePage::new(frame, &report)))
}
