//! Sweep that counts days. Its cost per run does not depend on the size of the catalogue.
//!
//! Every run counts today and yesterday. The days of the week before are counted once a day, and older days in an
//! endless round, so that rows follow changes of their recordings long after creation.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::civil::Date;

use super::day::{CountedDay, day_of};
use super::names::save_names;
use super::stored::{DaysTotal, MONTHS, Month, Months, TOTAL, load, month_of, save};
use crate::deadline::MayGoOn;
use crate::ports::{Catalogue, Checkpoints, Fault, Sessions, Version};
use crate::time::TimeSource;

/// Days counted at least once a day, today included.
const RECENT_DAYS: usize = 8;
/// Days counted in every run.
const NEWEST_DAYS: usize = 2;
/// Read limit for older days; a run starts no further day above it once all days have been counted.
const READS_PER_RUN: usize = 100;
/// Reads per day on top of its recordings and sessions: finding the day and saving its rows.
const READS_PER_DAY: usize = 8;

/// Result of a run of the sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summarised {
    /// Number of days counted.
    pub days: usize,
    /// True if time ran out; the next run continues.
    pub unfinished: bool,
}

enum Counted {
    Yes(usize),
    NoTime,
    TakenByAnother,
}

/// Counts recordings and sessions by day.
pub struct Summarise {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) time: Arc<TimeSource>,
}

impl Summarise {
    /// Counts the newest days and some of the older ones. Idempotent per day.
    ///
    /// Calls `may_go_on` between reads. If two runs overlap, one ends early.
    pub fn summarise<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Summarised, Fault>> {
        Box::pin(async move {
            self.time.ensure_time().await?;
            let (mut months, mut version) = load::<Months>(&*self.checkpoints, MONTHS).await?;
            let begin = self.time.now();
            let today = day_of(begin);
            let is_week_wanted = months.week_at.map(day_of) != Some(today);
            let (mut done, mut reads) = (Summarised { unfinished: true, ..Summarised::default() }, 0);
            let recent: Vec<Date> =
                std::iter::successors(Some(today), |day| day.yesterday().ok()).take(RECENT_DAYS).collect();
            let wanted = if is_week_wanted { RECENT_DAYS } else { NEWEST_DAYS };
            for day in recent.iter().take(wanted) {
                match self.keep_day(*day, &mut months, &mut version, may_go_on).await? {
                    Counted::Yes(_) => done.days += 1,
                    Counted::NoTime => break,
                    Counted::TakenByAnother => return Ok(done),
                }
            }
            if is_week_wanted && done.days == wanted {
                months.week_at = Some(begin);
            }
            let oldest_recent = recent.last().copied().unwrap_or(today);
            while may_go_on() && (reads < READS_PER_RUN || !months.is_whole) {
                months.begin_round(begin);
                let above = months.came_to.map_or(oldest_recent, |came_to| came_to.min(oldest_recent));
                let Some(day) = self.day_before(above).await? else {
                    months.end_round();
                    done.unfinished = false;
                    break;
                };
                // A day too large for any run must not block the round.
                months.came_to = Some(day);
                match self.keep_day(day, &mut months, &mut version, may_go_on).await? {
                    Counted::Yes(cost) => reads += cost + READS_PER_DAY,
                    Counted::NoTime => {
                        months.round_began = None;
                        break;
                    }
                    Counted::TakenByAnother => return Ok(done),
                }
                done.days += 1;
            }
            done.unfinished &= reads < READS_PER_RUN;
            done.unfinished |= save(&*self.checkpoints, MONTHS, version, &months).await?.is_none();
            let (_, before) = load::<DaysTotal>(&*self.checkpoints, TOTAL).await?;
            // A concurrent save of this document is equally recent.
            let total = months.total(self.time.now());
            save(&*self.checkpoints, TOTAL, before, &total).await?;
            report(&total);
            Ok(done)
        })
    }

    /// Counts a day; saves its row and then the sum of its month.
    async fn keep_day(
        &self,
        day: Date,
        months: &mut Months,
        version: &mut Option<Version>,
        may_go_on: MayGoOn<'_>,
    ) -> Result<Counted, Fault> {
        let name = month_of(day);
        let (mut month, before) = load::<Month>(&*self.checkpoints, &name).await?;
        let Some(CountedDay { row, names, reads }) = self.count_day(day, may_go_on).await? else {
            return Ok(Counted::NoTime);
        };
        save_names(&*self.checkpoints, day, &names).await?;
        month.days.insert(day, row);
        if save(&*self.checkpoints, &name, before, &month).await?.is_none() {
            return Ok(Counted::TakenByAnother);
        }
        months.months.insert(name, month.sum());
        match save(&*self.checkpoints, MONTHS, *version, months).await? {
            Some(saved) => *version = Some(saved),
            None => return Ok(Counted::TakenByAnother),
        }
        Ok(Counted::Yes(reads))
    }
}

/// Emits the totals as metrics, not as log lines.
fn report(total: &DaysTotal) {
    if !tracing::event_enabled!(target: "metrics", tracing::Level::TRACE) {
        return;
    }
    for (matching, recordings) in &total.sum.by_match {
        tracing::event!(
            target: "metrics",
            tracing::Level::TRACE,
            { "gauge.archivist.recordings" = *recordings, "archivist.match" = matching.as_str() }
        );
    }
    tracing::event!(target: "metrics", tracing::Level::TRACE, { "gauge.archivist.gaps" = total.sum.gaps });
}
