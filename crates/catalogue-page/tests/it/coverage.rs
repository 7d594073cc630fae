//! Tests of the page of the coverage report.

use catalogue_page::{CoveragePage, Frame, NavigationEntry, PageClock, html};
use domain::record::estate::BastionName;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::coverage_report::{
    AccessCounts, BastionCoverage, CoverageReport, DeletionCounts, FIGURES, FigureUnknown, MonthCounts,
    RecordingCounts, ReportMonth,
};

fn report(as_of: &str) -> CoverageReport {
    let counts = MonthCounts {
        sessions: Err(FigureUnknown::NoAuditLog),
        gaps: Err(FigureUnknown::NoAuditLog),
        recordings: RecordingCounts { seen: 41, named: 39, ..RecordingCounts::default() },
        deletions: DeletionCounts::default(),
        holds: 0,
        accesses: Ok(AccessCounts::default()),
        findings: Ok(0),
        month_findings: Err(FigureUnknown::ChecksMissing),
        ledger_breaks: Err(FigureUnknown::NotVerified),
    };
    CoverageReport {
        month: ReportMonth::parse("2026-03").unwrap(),
        as_of: as_of.parse().unwrap(),
        counted_to: None,
        verified_at: None,
        bastions: vec![BastionCoverage {
            bastion: BastionName::new("<b>hub</b>"),
            log_read_to: None,
            counts: counts.clone(),
        }],
        total: counts,
    }
}

fn page(as_of: &str) -> String {
    let clock = PageClock::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    html(&CoveragePage::new(Frame::new(Some(NavigationEntry::Coverage), clock, None), &report(as_of))).unwrap()
}

#[test]
fn the_coverage_page_shows_each_figure_with_its_definition() {
    let page = page("2026-04-01T01:00:00Z");
    for figure in &FIGURES {
        assert!(page.contains(&format!("<dt>{}</dt>", figure.title)), "{}: {page}", figure.name);
    }
    assert!(
        page.contains("<th scope=\"row\">Named</th><td class=\"number\">39</td><td class=\"number\">39</td>"),
        "{page}"
    );
    assert!(page.contains("/ui/coverage?month=2026-02") && page.contains("/ui/coverage?month=2026-04"), "{page}");
    assert!(!page.contains("<b>hub"), "{page}");
}

#[test]
fn the_coverage_page_shows_an_unknown_figure_as_not_counted_with_the_reason() {
    let page = page("2026-03-20T01:00:00Z");
    let unknown = "<th scope=\"row\">Sessions</th><td class=\"number\"><span class=\"faint\" title=\"no audit log is configured\">not counted</span></td>";
    assert!(page.contains(unknown), "{page}");
    assert!(page.contains("before the month was over") && !page.contains("Next month"), "{page}");
}
