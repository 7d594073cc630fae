//! The log of findings, and the figures that the coverage report makes of it.

use domain::decide::posture::BastionFacts;
use pipeline::coverage_report::{FIGURES, FigureUnknown, MonthCounts, ReportMonth, coverage_report};
use pipeline::testing::schedule::now;

use crate::posture::world::{PostureWorld, host};

const MONTH: [&str; 3] = ["findings_month", "findings_critical", "findings_days"];

impl PostureWorld {
    fn records(&self, records: bool) {
        *self.seen.host.lock().unwrap() = Some(BastionFacts { records, ..host() });
    }

    /// Checks the setup daily for some days.
    fn checked_for(&self, days: usize) {
        for _ in 0..days {
            now(self.archivist().posture.check_posture()).unwrap();
            self.pass(1);
        }
    }

    fn month(&self, month: &str) -> MonthCounts {
        let month = ReportMonth::parse(month).unwrap();
        let report = now(coverage_report(&self.archivist().reading(), month, &[])).unwrap();
        assert_eq!(report.bastions[0].counts.month_findings, report.total.month_findings);
        report.bastions[0].counts.clone()
    }

    fn figures(&self, month: &str) -> [Result<u64, FigureUnknown>; 3] {
        let counts = self.month(month);
        MONTH.map(|name| (FIGURES.iter().find(|figure| figure.name == name).unwrap().value)(&counts))
    }
}

/// Checked daily from 2026-03-02 to 2026-04-06. Recording is off on the checks of March 10 to 14, and from March 30 to
/// April 2.
fn two_findings() -> PostureWorld {
    let world = PostureWorld::new();
    for (records, days) in [(true, 8), (false, 5), (true, 15), (false, 4), (true, 4)] {
        world.records(records);
        world.checked_for(days);
    }
    world
}

#[test]
fn a_month_has_its_findings_and_how_long_the_longest_was_open() {
    let world = two_findings();
    // Found on March 10 and resolved on March 15; found on March 30, and resolved on April 3.
    assert_eq!(world.figures("2026-03"), [Ok(2), Ok(2), Ok(5)]);
    assert_eq!(world.figures("2026-04"), [Ok(1), Ok(1), Ok(4)]);
}

#[test]
fn a_month_before_the_first_check_or_with_a_long_pause_is_unknown() {
    let world = two_findings();
    assert_eq!(world.figures("2026-02"), [Err(FigureUnknown::ChecksMissing); 3]);
    world.pass(3);
    assert_eq!(world.figures("2026-04"), [Err(FigureUnknown::ChecksMissing); 3], "not checked lately");
    world.checked_for(1);
    assert_eq!(world.figures("2026-04"), [Err(FigureUnknown::ChecksMissing); 3], "it paused");
    assert_eq!(world.figures("2026-03")[0], Ok(2), "an earlier month stays known");
}

#[test]
fn a_finding_that_stays_open_for_months_counts_in_each_of_them() {
    let world = PostureWorld::new();
    world.records(false);
    world.checked_for(92);
    let days = ["2026-03", "2026-04", "2026-05"].map(|month| world.figures(month)[2]);
    // From 09:00 on March 2 to the end of each month.
    assert_eq!(days, [Ok(29), Ok(59), Ok(90)]);
    world.records(true);
    world.checked_for(1);
    assert_eq!(world.figures("2026-06"), [Ok(1), Ok(1), Ok(92)]);
}

#[test]
fn information_is_not_a_finding_of_the_month() {
    let world = PostureWorld::new();
    world.checked_for(3);
    assert_eq!(world.figures("2026-03"), [Ok(0), Ok(0), Ok(0)]);
}
