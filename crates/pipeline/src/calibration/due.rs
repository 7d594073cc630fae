//! Marks days whose calibration must be learned.

use std::collections::BTreeSet;

use domain::record::estate::BastionName;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{key, utc_day};
use crate::calibration::Calibrations;
use crate::ports::{Checkpoint, CheckpointKind, Fault};
use crate::save::save_with_retry;
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode};

/// Mark of a day to learn, or of a day learned recently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DueForm {
    schema: Schema,
    pub(super) phase: DayState,
    /// Earliest time to learn the day, or the end of its rest.
    pub(super) not_before: Timestamp,
}

/// State of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DayState {
    /// A recording or session of the day changed since it was read.
    Marked,
    /// Being read. The reader may miss changes from now on.
    Reading,
    /// Unchanged since it was learned.
    Resting,
}

impl CheckpointDocument for DueForm {
    const WHAT: &str = "mark of a day to be learned";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, phase, not_before } = self;
        // A day rests for hours at most, so a later time comes from a wrong clock.
        let is_ahead = not_before.duration_since(now) > super::learn::LONGEST_REST;
        Self { schema, phase, not_before: if is_ahead { now } else { not_before } }
    }
}

impl DueForm {
    pub(super) fn new(phase: DayState, not_before: Timestamp) -> Self {
        Self { schema: Schema, phase, not_before }
    }
}

impl Calibrations {
    /// Marks the UTC days of these times to be learned. Call after the change is saved.
    pub(crate) async fn mark_days(
        &self,
        bastion: &BastionName,
        times: impl IntoIterator<Item = Timestamp>,
    ) -> Result<(), Fault> {
        let days: BTreeSet<Date> = times.into_iter().map(utc_day).collect();
        for day in days {
            self.mark_day(bastion, day).await?;
        }
        Ok(())
    }

    /// Marks a day to be learned. A marked day costs one read. Returns an error if others keep changing the mark.
    pub(super) async fn mark_day(&self, bastion: &BastionName, day: Date) -> Result<(), Fault> {
        let key = &key(CheckpointKind::UnlearnedDay, bastion, day);
        save_with_retry(
            || format!("mark day {day} of bastion {}", bastion.as_str()),
            || {
                Box::pin(async move {
                    let known = self.checkpoints.get(key).await?;
                    let not_before = match known.as_ref().map(|known| self.due_form(known)).transpose()? {
                        None => self.time.now(),
                        Some(form) if form.phase == DayState::Marked => return Ok(Some(())),
                        Some(form) => form.not_before,
                    };
                    let marked = encode(&DueForm::new(DayState::Marked, not_before))?;
                    Ok(self.checkpoints.save(key, known.map(|known| known.version), &marked).await?.map(drop))
                })
            },
        )
        .await
    }

    pub(super) fn due_form(&self, known: &Checkpoint) -> Result<DueForm, Fault> {
        decode(&known.doc, self.time.now())
    }
}
