//! Reads the stored calibrations of consecutive days in one range.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use domain::decide::calibration::DayCounts;
use domain::record::estate::BastionName;
use jiff::civil::Date;

use super::form::CalibrationForm;
use super::{before, key, parse};
use crate::ports::{Checkpoint, CheckpointKind, Checkpoints, Fault};
use crate::stored::checkpoint::{AS_WRITTEN, decode};

/// Stored calibrations of a bastion, by day.
pub(super) type DayRows = BTreeMap<Date, Checkpoint>;

/// Returns the stored calibrations of a bastion's days. Reads as many rows as there are days.
pub(super) async fn calibrations_of(
    checkpoints: &dyn Checkpoints,
    bastion: &BastionName,
    days: RangeInclusive<Date>,
) -> Result<DayRows, Fault> {
    let name = |day: Date| key(CheckpointKind::Calibration, bastion, day).name;
    let (mut after, last) = (name(before(*days.start(), 1)), name(*days.end()));
    let page = days.start().series(jiff::Span::new().days(1)).take_while(|day| day <= days.end()).count();
    let mut found = DayRows::new();
    loop {
        let rows = checkpoints.list(CheckpointKind::Calibration, Some(&after), page).await?;
        let is_last = rows.len() < page || rows.last().is_none_or(|(name, _)| *name >= last);
        for (name, row) in rows {
            if let Some((day, of)) = parse(&name)
                && of == *bastion
                && days.contains(&day)
            {
                found.insert(day, row);
            }
            after = name;
        }
        if is_last {
            return Ok(found);
        }
    }
}

/// Merges the counts of these days.
pub(super) fn merged<'a>(rows: impl IntoIterator<Item = &'a Checkpoint>) -> Result<DayCounts, Fault> {
    let mut together = DayCounts::default();
    for row in rows {
        together.merge(&counts_in(row)?);
    }
    Ok(together)
}

/// Returns the counts of the day of a row.
pub(super) fn counts_in(row: &Checkpoint) -> Result<DayCounts, Fault> {
    let form: CalibrationForm = decode(&row.doc, AS_WRITTEN)?;
    Ok((&form.day).into())
}
