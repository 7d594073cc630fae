//! Status and coverage of bastions in CSV: one row for each bastion and period.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::Serialize;

use super::CsvColumn;
use crate::query::BastionStatus;
use crate::summary::{BastionDays, DayOfBastion};

/// Columns of bastions in CSV. New columns are appended.
pub const BASTION_COLUMNS: &[CsvColumn] = &[
    ("bastion", "/bastion"),
    ("period", "/period"),
    ("from", "/from"),
    ("to", "/to"),
    ("sessions", "/sessions"),
    ("recordable", "/recordable"),
    ("recorded", "/recorded"),
    ("percent", "/percent"),
    ("without_recording", "/without_recording"),
    ("last_recording", "/last_recording"),
    ("log_read_to", "/log_read_to"),
    ("access_days", "/access_days"),
    ("findings", "/findings"),
    ("newest_record", "/newest_record"),
];

/// Coverage of a bastion in a period, with its status. Counts are empty if the period has not been counted yet.
#[derive(Debug, Serialize)]
pub struct BastionPeriod<'a> {
    bastion: &'a str,
    /// `7_days`, `30_days` or `week`.
    period: &'static str,
    from: Date,
    to: Date,
    sessions: Option<u64>,
    recordable: Option<u64>,
    recorded: Option<u64>,
    percent: Option<u64>,
    without_recording: Option<u64>,
    last_recording: Option<Timestamp>,
    log_read_to: Option<Timestamp>,
    access_days: Option<i64>,
    findings: Option<usize>,
    newest_record: Option<Timestamp>,
}

/// Returns the rows of all bastions: 7 days, 30 days and each counted week.
pub fn bastion_periods<'a>(statuses: &'a [BastionStatus], days: &BastionDays, today: Date) -> Vec<BastionPeriod<'a>> {
    let before = |days: i64| today.saturating_sub(Span::new().days(days));
    let weeks = days.weeks();
    let rows = |status: &'a BastionStatus| {
        let of_week = |monday: &Date| {
            let sunday = monday.saturating_add(Span::new().days(6));
            BastionPeriod::new(status, "week", (*monday, sunday), days.sum(&status.bastion, *monday, sunday))
        };
        let mut rows = vec![
            BastionPeriod::new(status, "7_days", (before(6), today), status.week),
            BastionPeriod::new(status, "30_days", (before(29), today), status.month),
        ];
        rows.extend(weeks.iter().map(of_week));
        rows
    };
    statuses.iter().flat_map(rows).collect()
}

impl<'a> BastionPeriod<'a> {
    fn new(
        status: &'a BastionStatus,
        period: &'static str,
        (from, to): (Date, Date),
        counts: Option<DayOfBastion>,
    ) -> Self {
        Self {
            bastion: status.bastion.as_str(),
            period,
            from,
            to,
            sessions: counts.map(|counts| counts.sessions),
            recordable: counts.map(|counts| counts.coverage.recordable),
            recorded: counts.map(|counts| counts.coverage.recorded),
            percent: counts.and_then(|counts| counts.coverage.percent()),
            without_recording: counts.map(|counts| counts.gaps),
            last_recording: status.last_recording,
            log_read_to: status.log_read_to,
            access_days: status.access_days,
            findings: status.findings,
            newest_record: status.newest_record,
        }
    }
}
