//! Counts the findings of the setup in a month.

use domain::decide::posture::FindingLog;
use domain::record::estate::BastionName;
use domain::record::notification::Severity;
use jiff::Timestamp;

use super::ReportMonth;
use super::counts::{FigureResult, FigureUnknown, FindingCounts};

const DAY_IN_SECONDS: i64 = 24 * 60 * 60;

/// Counts the findings about a bastion. Unknown if the log does not cover the month up to now.
pub(super) fn findings_of_month(
    log: Option<&FindingLog>,
    month: ReportMonth,
    bastion: &BastionName,
    now: Timestamp,
) -> FigureResult<FindingCounts> {
    let (begin, end) = (month.begin(), month.end().min(now));
    let log = log.filter(|log| log.covers(begin, end)).ok_or(FigureUnknown::ChecksMissing)?;
    let mut counts = FindingCounts::default();
    let about = log.spells.iter().filter(|spell| spell.subject == bastion.as_str());
    for spell in about.filter(|spell| spell.overlaps(begin, month.end())) {
        let days = spell.open_for(end).as_secs() / DAY_IN_SECONDS;
        counts.all += 1;
        counts.critical += u64::from(spell.severity == Severity::Critical);
        counts.longest_days = counts.longest_days.max(u64::try_from(days).unwrap_or(0));
    }
    Ok(counts)
}
