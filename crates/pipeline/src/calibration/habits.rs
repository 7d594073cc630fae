//! Reads the recording habits of each bastion for display.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use domain::decide::calibration::DayCounts;
use domain::decide::habits::{HABIT_DAYS, RecordingHabits};
use domain::record::catalogue::Entry;
use domain::record::estate::{BastionName, Estate};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use jiff::civil::Date;

use super::days::{DayRows, calibrations_of};
use super::form::CalibrationForm;
use super::{before, utc_day};
use crate::ports::{Catalogue, Checkpoints, Fault, ListRequest};
use crate::stored::checkpoint::{AS_WRITTEN, decode};
use crate::summary::{NamesOfDays, names_of_days};
use crate::time::TimeSource;

/// Bastions read at the same time.
const AT_ONCE: usize = 8;

/// Recording habits of a bastion over its last [`HABIT_DAYS`] days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BastionHabits {
    /// Bastion name.
    pub bastion: BastionName,
    /// Learned habits.
    pub habits: RecordingHabits,
    /// Oldest of these days with a calibration, or `None` if there is none.
    pub since: Option<Date>,
    /// Time at which the names of the newest day were counted, or `None` if they never were.
    pub counted_at: Option<Timestamp>,
}

/// Returns the recording habits of every bastion, in the order of the estate.
///
/// If the last days have no calibration, uses the days up to the newest recording, for a catalogue of earlier times.
/// Reads the calibrations of these days in one range per bastion, and one row of names per day, independent of the size
/// of the catalogue.
pub async fn recording_habits(
    checkpoints: &dyn Checkpoints,
    catalogue: &dyn Catalogue,
    estate: &Estate,
    now: Timestamp,
) -> Result<Vec<BastionHabits>, Fault> {
    let first_of = |last: Date| before(last, HABIT_DAYS as i64 - 1);
    let today = utc_day(now);
    let mut last = today;
    let mut days = days_by_bastion(checkpoints, estate, first_of(last)..=last).await?;
    if days.is_empty() {
        let newest = catalogue.list(&ListRequest { under: None, below: None, from: None, limit: 1 }).await?;
        last = utc_day(newest.first().and_then(Entry::created_at).map_or(now, |at| at.min(now)));
        if last != today {
            days = days_by_bastion(checkpoints, estate, first_of(last)..=last).await?;
        }
    }
    let first = first_of(last);
    let NamesOfDays { mut by_bastion, as_of } = names_of_days(checkpoints, first, last).await?;
    let of_bastion = |bastion: &domain::record::estate::Bastion| {
        let (since, counts) = days.remove(&bastion.name).unwrap_or_default();
        let names = by_bastion.remove(&bastion.name).unwrap_or_default();
        let habits = RecordingHabits::learn(&counts, names);
        BastionHabits { bastion: bastion.name.clone(), habits, since, counted_at: as_of }
    };
    Ok(estate.bastions.iter().map(of_bastion).collect())
}

/// Oldest day with a calibration, and the counts of all days, newest first.
type Days = (Option<Date>, Vec<DayCounts>);

async fn days_by_bastion(
    checkpoints: &dyn Checkpoints,
    estate: &Estate,
    days: RangeInclusive<Date>,
) -> Result<BTreeMap<BastionName, Days>, Fault> {
    // Collected first, because a stream over a borrowing closure is not `Send`.
    let reads: Vec<_> =
        estate.bastions.iter().map(|bastion| calibrations_of(checkpoints, &bastion.name, days.clone())).collect();
    let read: Vec<DayRows> = stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
    let mut found = BTreeMap::new();
    for (bastion, rows) in estate.bastions.iter().zip(read) {
        let Some((since, _)) = rows.first_key_value() else { continue };
        let counts = rows.values().rev().map(|row| {
            let form: CalibrationForm = decode(&row.doc, AS_WRITTEN)?;
            Ok((&form.day).into())
        });
        found.insert(bastion.name.clone(), (Some(*since), counts.collect::<Result<_, Fault>>()?));
    }
    Ok(found)
}

/// Lists the recording habits of the bastions.
pub struct ListRecordingHabits {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) time: Arc<TimeSource>,
}

impl ListRecordingHabits {
    /// Returns the recording habits of every bastion.
    pub async fn recording_habits(&self) -> Result<Vec<BastionHabits>, Fault> {
        recording_habits(&*self.checkpoints, &*self.catalogue, &self.estate, self.time.now()).await
    }
}
