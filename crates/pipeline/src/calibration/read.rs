//! What a judgement knows of the day of its recording.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::calibration::{Calibration, DayCounts, Gates, LEARNED_FROM_DAYS, WayOfWriting};
use domain::estate::BastionName;
use jiff::Timestamp;
use jiff::civil::Date;

use super::form::CalibrationForm;
use super::{before, key, utc_day};
use crate::archivist::Archivist;
use crate::ports::{CheckpointKind, Fault, Version};
use crate::stored::checkpoint::{AS_WRITTEN, decode};

/// How many days are kept in memory.
const KEPT: usize = 64;

/// Days as they were read last, by the version of their row.
#[derive(Default)]
pub(crate) struct Learned(Mutex<BTreeMap<(BastionName, Date), (Version, Arc<Calibration>)>>);

impl Archivist {
    /// What the day of this time has taught of a bastion. A day that was not learned yet is as the days before it.
    pub(crate) async fn calibration(&self, bastion: &BastionName, at: Timestamp) -> Result<Arc<Calibration>, Fault> {
        let day = utc_day(at);
        let Some(row) = self.ports.checkpoints.get(&key(CheckpointKind::Calibration, bastion, day)).await? else {
            let before = self.counts_before(bastion, day).await?;
            return Ok(Arc::new(self.learned(&DayCounts::default(), &before)));
        };
        let place = (bastion.clone(), day);
        let mut kept = self.learned.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, calibration)) = kept.get(&place).filter(|(version, _)| *version == row.version) {
            return Ok(Arc::clone(calibration));
        }
        let form: CalibrationForm = decode(&row.doc, AS_WRITTEN)?;
        let calibration = Arc::new(self.learned(&(&form.day).into(), &(&form.before).into()));
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(place, (row.version, Arc::clone(&calibration)));
        Ok(calibration)
    }

    /// How a bastion writes these days, if a decision depends on it: only the notification that a recording has begun does.
    pub(crate) async fn writes(&self, bastion: &BastionName, now: Timestamp) -> Result<WayOfWriting, Fault> {
        if !self.settings.rules.announce_started {
            return Ok(WayOfWriting::Unknown);
        }
        Ok(self.calibration(bastion, now).await?.writes)
    }

    /// What the days before a day show together.
    pub(super) async fn counts_before(&self, bastion: &BastionName, day: Date) -> Result<DayCounts, Fault> {
        let mut together = DayCounts::default();
        for back in 1..=LEARNED_FROM_DAYS as i64 {
            let key = key(CheckpointKind::Calibration, bastion, before(day, back));
            if let Some(row) = self.ports.checkpoints.get(&key).await? {
                let form: CalibrationForm = decode(&row.doc, AS_WRITTEN)?;
                together.merge(&(&form.day).into());
            }
        }
        Ok(together)
    }

    pub(super) fn learned(&self, day: &DayCounts, before: &DayCounts) -> Calibration {
        Calibration::learn(day, [before], Gates::of(&self.settings.rules.matching))
    }
}
