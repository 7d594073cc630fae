//! Reads the calibration of a recording's day, with a cache.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::decide::calibration::{Calibration, DayCounts, LEARNED_FROM_DAYS, WayOfWriting};
use domain::decide::context::Rules;
use domain::policy::join::Gates;
use domain::record::estate::BastionName;
use jiff::Timestamp;
use jiff::civil::Date;

use super::days::{DayRows, calibrations_of, merged};
use super::form::CalibrationForm;
use super::{before, utc_day};
use crate::ports::{Checkpoints, Fault, Version};
use crate::stored::checkpoint::{AS_WRITTEN, decode};
use crate::time::TimeSource;

/// Maximum number of cached days.
const KEPT: usize = 64;

/// Cache of calibrations.
#[derive(Default)]
pub(crate) struct Learned(Mutex<BTreeMap<Place, (AsOf, Arc<Calibration>)>>);

type Place = (BastionName, Date);

/// Rows from which a cached day was learned: its own, or those of the days before if it has none.
type AsOf = Vec<(Date, Version)>;

impl Learned {
    fn get(&self, place: &Place, as_of: &AsOf) -> Option<Arc<Calibration>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(place).filter(|(of, _)| of == as_of).map(|(_, calibration)| Arc::clone(calibration))
    }

    fn put(&self, place: Place, as_of: AsOf, calibration: &Arc<Calibration>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(place, (as_of, Arc::clone(calibration)));
    }
}

/// Reads what was learned about a bastion, and marks days to learn again.
pub struct Calibrations {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) learned: Arc<Learned>,
    pub(crate) time: Arc<TimeSource>,
}

impl Calibrations {
    /// Returns the calibration of a bastion's day. An unlearned day uses the counts of the days before it.
    pub(crate) async fn calibration(&self, bastion: &BastionName, at: Timestamp) -> Result<Arc<Calibration>, Fault> {
        let place = (bastion.clone(), utc_day(at));
        let rows = self.rows_until(bastion, place.1).await?;
        let own = rows.get(&place.1);
        let as_of = match own {
            Some(row) => vec![(place.1, row.version)],
            None => rows.iter().map(|(day, row)| (*day, row.version)).collect(),
        };
        if let Some(calibration) = self.learned.get(&place, &as_of) {
            return Ok(calibration);
        }
        let calibration = Arc::new(match own {
            Some(row) => {
                let form: CalibrationForm = decode(&row.doc, AS_WRITTEN)?;
                self.learned(&(&form.day).into(), &(&form.before).into())
            }
            None => self.learned(&DayCounts::default(), &merged(rows.values())?),
        });
        self.learned.put(place, as_of, &calibration);
        Ok(calibration)
    }

    /// Returns the stored calibrations of a day and of the days before from which it is learned.
    pub(super) async fn rows_until(&self, bastion: &BastionName, day: Date) -> Result<DayRows, Fault> {
        calibrations_of(&*self.checkpoints, bastion, before(day, LEARNED_FROM_DAYS as i64)..=day).await
    }

    /// Returns the way of writing of a bastion, or `Unknown` if no decision needs it: only the notification of a begun
    /// recording does.
    pub(crate) async fn writes(&self, bastion: &BastionName, now: Timestamp) -> Result<WayOfWriting, Fault> {
        if !self.rules.announce_started {
            return Ok(WayOfWriting::Unknown);
        }
        Ok(self.calibration(bastion, now).await?.writes)
    }

    pub(super) fn learned(&self, day: &DayCounts, before: &DayCounts) -> Calibration {
        Calibration::learn(day, [before], Gates::from_rules(&self.rules.matching))
    }
}
