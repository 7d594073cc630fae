//! Moves the watermark of a bastion after its audit logs were read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::record::estate::BastionName;
use jiff::{SignedDuration, Timestamp};

use crate::join::WakeNeighbours;
use crate::ports::Fault;
use crate::time::TimeSource;
use crate::watermark::{Watermark, Watermarks};

/// Advance of the watermark from which passes count as missed.
const FAR: SignedDuration = SignedDuration::from_mins(15);

/// Moves the watermark of a bastion and wakes the questions that waited for it.
pub struct MoveWatermark {
    pub(crate) time: Arc<TimeSource>,
    pub(crate) watermarks: Arc<Watermarks>,
    pub(crate) neighbours: Arc<WakeNeighbours>,
}

impl MoveWatermark {
    /// Notes that all logs of a bastion since `since` have been read. `find_logs_since` must have opened them.
    pub async fn log_was_read_since(&self, bastion: &BastionName, since: Timestamp) -> Result<(), Fault> {
        let now = self.time.now();
        self.move_watermark(bastion, since, None, now).await.map(drop)
    }

    /// Notes that all records since `since` in the log at `at` have been read; without `at`, the known position stays,
    /// or becomes `now` if there is none. If the range grew by more than a regular pass adds, wakes the open questions
    /// at once. Returns the watermark.
    pub(super) async fn move_watermark(
        &self,
        bastion: &BastionName,
        since: Timestamp,
        at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Watermark, Fault> {
        let has_jumped = AtomicBool::new(false);
        let moved = self.watermarks.mark(bastion, |watermark| {
            let (from, to) = (watermark.read_from, watermark.read_to);
            watermark.read(since, at.or(to).unwrap_or(now));
            let is_far = |to: Timestamp| watermark.read_to.is_some_and(|at| at.duration_since(to) >= FAR);
            has_jumped.store(watermark.read_from != from || to.is_none_or(is_far), Ordering::Relaxed);
        });
        let moved = moved.await?;
        if has_jumped.into_inner()
            && let Err(fault) = self.neighbours.ask_open_questions(bastion).await
        {
            tracing::warn!(bastion = bastion.as_str(), %fault, "open questions are judged later");
        }
        Ok(moved)
    }
}
