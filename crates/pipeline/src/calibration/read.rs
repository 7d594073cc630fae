//! Reads the calibration of a recording's day, with a cache.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::decide::calibration::{Calibration, DayCounts, LEARNED_FROM_DAYS, WayOfWriting};
use domain::decide::context::Rules;
use domain::policy::join::Gates;
use domain::record::estate::BastionName;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::form::CalibrationForm;
use super::{before, key, utc_day};
use crate::ports::{CheckpointKind, Checkpoints, Fault, Version};
use crate::stored::checkpoint::{AS_WRITTEN, decode};
use crate::time::TimeSource;

/// Maximum number of cached days.
const KEPT: usize = 64;
/// Cache time of a day without a calibration of its own.
const UNLEARNED_LASTS: SignedDuration = SignedDuration::from_mins(1);

/// Cache of calibrations.
#[derive(Default)]
pub(crate) struct Learned(Mutex<BTreeMap<Place, (AsOf, Arc<Calibration>)>>);

type Place = (BastionName, Date);

/// Source of a cached day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AsOf {
    /// This version of its row.
    Row(Version),
    /// The rows of the earlier days, read at this time, because the day has no row.
    DaysBefore(Timestamp),
}

impl Learned {
    fn get(&self, place: &Place, is_current: impl Fn(AsOf) -> bool) -> Option<Arc<Calibration>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(place).filter(|(as_of, _)| is_current(*as_of)).map(|(_, calibration)| Arc::clone(calibration))
    }

    fn put(&self, place: Place, as_of: AsOf, calibration: &Arc<Calibration>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(place, (as_of, Arc::clone(calibration)));
    }

    /// Drops cached days without a row of their own, because one of the earlier days changed.
    pub(super) fn forget_unlearned(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (as_of, _)| matches!(as_of, AsOf::Row(_)));
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
        let Some(row) = self.checkpoints.get(&key(CheckpointKind::Calibration, bastion, place.1)).await? else {
            return self.unlearned(place).await;
        };
        let as_of = AsOf::Row(row.version);
        if let Some(calibration) = self.learned.get(&place, |kept| kept == as_of) {
            return Ok(calibration);
        }
        let form: CalibrationForm = decode(&row.doc, AS_WRITTEN)?;
        let calibration = Arc::new(self.learned(&(&form.day).into(), &(&form.before).into()));
        self.learned.put(place, as_of, &calibration);
        Ok(calibration)
    }

    /// Returns the calibration of a day without a row. The day will be learned soon, so slightly stale counts of the
    /// earlier days suffice.
    async fn unlearned(&self, place: Place) -> Result<Arc<Calibration>, Fault> {
        let now = self.time.now();
        let is_current = |kept: AsOf| match kept {
            AsOf::DaysBefore(at) => at <= now && now.duration_since(at) < UNLEARNED_LASTS,
            AsOf::Row(_) => false,
        };
        if let Some(calibration) = self.learned.get(&place, is_current) {
            return Ok(calibration);
        }
        let before = self.counts_before(&place.0, place.1).await?;
        let calibration = Arc::new(self.learned(&DayCounts::default(), &before));
        self.learned.put(place, AsOf::DaysBefore(now), &calibration);
        Ok(calibration)
    }

    /// Returns the way of writing of a bastion, or `Unknown` if no decision needs it: only the notification of a begun
    /// recording does.
    pub(crate) async fn writes(&self, bastion: &BastionName, now: Timestamp) -> Result<WayOfWriting, Fault> {
        if !self.rules.announce_started {
            return Ok(WayOfWriting::Unknown);
        }
        Ok(self.calibration(bastion, now).await?.writes)
    }

    /// Returns the merged counts of the days before a day.
    pub(super) async fn counts_before(&self, bastion: &BastionName, day: Date) -> Result<DayCounts, Fault> {
        let mut together = DayCounts::default();
        for back in 1..=LEARNED_FROM_DAYS as i64 {
            let key = key(CheckpointKind::Calibration, bastion, before(day, back));
            if let Some(row) = self.checkpoints.get(&key).await? {
                let form: CalibrationForm = decode(&row.doc, AS_WRITTEN)?;
                together.merge(&(&form.day).into());
            }
        }
        Ok(together)
    }

    pub(super) fn learned(&self, day: &DayCounts, before: &DayCounts) -> Calibration {
        Calibration::learn(day, [before], Gates::of(&self.rules.matching))
    }
}
