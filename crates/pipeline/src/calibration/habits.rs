//! How each bastion writes recordings, read for people.

use std::collections::BTreeMap;

use domain::calibration::{DayCounts, HABIT_DAYS, RecordingHabits};
use domain::catalogue::Entry;
use domain::estate::{BastionName, Estate};
use jiff::Timestamp;
use jiff::civil::Date;

use super::form::CalibrationForm;
use super::{before, parse, utc_day};
use crate::archivist::Archivist;
use crate::ports::{Catalogue, CheckpointKind, Checkpoints, Fault, ListRequest};
use crate::stored::checkpoint::{AS_WRITTEN, decode};
use crate::summary::{NamesOfDays, names_of_days};

/// How many days are read at a time.
const PAGE: usize = 100;

/// How a bastion writes recordings, as its last [`HABIT_DAYS`] days show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BastionHabits {
    /// The bastion.
    pub bastion: BastionName,
    /// What is known of it.
    pub habits: RecordingHabits,
    /// The oldest day of these that has taught anything. `None` if none has.
    pub since: Option<Date>,
    /// When the names of the newest day were counted. `None` if they never were.
    pub counted_at: Option<Timestamp>,
}

/// Reads how each bastion of an estate writes recordings, in the order of the estate.
///
/// Where the last days have taught nothing, those up to the newest recording are shown: the catalogue is of earlier times.
/// Costs the days of all bastions, a page of rows at a time, and a row of names for each day, whatever the catalogue holds.
pub async fn recording_habits(
    checkpoints: &dyn Checkpoints,
    catalogue: &dyn Catalogue,
    estate: &Estate,
    now: Timestamp,
) -> Result<Vec<BastionHabits>, Fault> {
    let first_of = |last: Date| before(last, HABIT_DAYS as i64 - 1);
    let mut last = utc_day(now);
    let mut days = days_by_bastion(checkpoints, first_of(last), last).await?;
    if days.is_empty() {
        let newest = catalogue.list(&ListRequest { under: None, below: None, from: None, limit: 1 }).await?;
        last = utc_day(newest.first().and_then(Entry::created_at).map_or(now, |at| at.min(now)));
        days = days_by_bastion(checkpoints, first_of(last), last).await?;
    }
    let first = first_of(last);
    let NamesOfDays { mut by_bastion, as_of } = names_of_days(checkpoints, first, last).await?;
    let of_bastion = |bastion: &domain::estate::Bastion| {
        let (since, counts) = days.remove(&bastion.name).unwrap_or_default();
        let names = by_bastion.remove(&bastion.name).unwrap_or_default();
        let habits = RecordingHabits::learn(&counts, names);
        BastionHabits { bastion: bastion.name.clone(), habits, since, counted_at: as_of }
    };
    Ok(estate.bastions.iter().map(of_bastion).collect())
}

/// The oldest day that has taught anything, and the counts of all days, the newest first.
type Days = (Option<Date>, Vec<DayCounts>);

async fn days_by_bastion(
    checkpoints: &dyn Checkpoints,
    first: Date,
    last: Date,
) -> Result<BTreeMap<BastionName, Days>, Fault> {
    let mut found = BTreeMap::<BastionName, Days>::new();
    // The names of a day's rows begin with the day.
    let mut after = first.to_string();
    loop {
        let rows = checkpoints.list(CheckpointKind::Calibration, Some(&after), PAGE).await?;
        let is_last = rows.len() < PAGE;
        for (name, row) in rows {
            if let Some((day, bastion)) = parse(&name).filter(|(day, _)| (first..=last).contains(day)) {
                let form: CalibrationForm = decode(&row.doc, AS_WRITTEN)?;
                let (since, counts) = found.entry(bastion).or_default();
                since.get_or_insert(day);
                counts.insert(0, (&form.day).into());
            }
            after = name;
        }
        if is_last {
            return Ok(found);
        }
    }
}

impl Archivist {
    /// Reads how each bastion writes recordings.
    pub async fn recording_habits(&self) -> Result<Vec<BastionHabits>, Fault> {
        recording_habits(&*self.ports.checkpoints, &*self.ports.catalogue, &self.settings.estate, self.now()).await
    }
}
