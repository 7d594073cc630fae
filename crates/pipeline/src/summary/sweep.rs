//! The rows are kept by a sweep that costs the same in every run, whatever there is.
//!
//! Today and yesterday are counted in every run, the week before once a day, and older days in turn, round and round, so
//! that a row follows what becomes of its recordings long after they were made.

use domain::calibration::HABIT_DAYS;
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::day::{CountedDay, day_of};
use super::names::save_names;
use super::stored::{MONTHS, Month, Months, TOTAL, Total, load, month_of, save};
use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{Fault, Version};

/// How many days are counted at least once a day, today included.
const RECENT_DAYS: usize = 8;
/// How many days are counted in every run.
const NEWEST_DAYS: usize = 2;
/// After how many reads for older days a run begins no other one, once all days have been counted.
const READS_PER_RUN: usize = 100;
/// What a day costs besides its recordings and sessions: finding it, and saving its row.
const READS_PER_DAY: usize = 6;

/// What a run of the sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summarised {
    /// Days that were counted.
    pub days: usize,
    /// Whether there was no time for all that the run would have counted; the next one goes on.
    pub unfinished: bool,
}

enum Counted {
    Yes(usize),
    NoTime,
    SomebodyElseIsAtIt,
}

impl Archivist {
    /// Counts days anew: the newest ones, and some of the older ones. A day that is counted twice is the same.
    ///
    /// `may_go_on` is asked between reads. Of two runs at the same time one ends early.
    pub fn summarise<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Summarised, Fault>> {
        Box::pin(async move {
            self.hear_time().await?;
            let (mut months, mut version) = load::<Months>(&*self.ports.checkpoints, MONTHS).await?;
            let today = day_of(self.now());
            let is_week_wanted = months.week_on != Some(today);
            let (mut done, mut reads) = (Summarised { unfinished: true, ..Summarised::default() }, 0);
            let recent: Vec<Date> =
                std::iter::successors(Some(today), |day| day.yesterday().ok()).take(RECENT_DAYS).collect();
            let wanted = if is_week_wanted { RECENT_DAYS } else { NEWEST_DAYS };
            for day in recent.iter().take(wanted) {
                match self.keep_day(*day, &mut months, &mut version, may_go_on).await? {
                    Counted::Yes(_) => done.days += 1,
                    Counted::NoTime => break,
                    Counted::SomebodyElseIsAtIt => return Ok(done),
                }
            }
            if done.days == wanted {
                months.week_on = Some(today);
            }
            let oldest_recent = recent.last().copied().unwrap_or(today);
            while may_go_on() && (reads < READS_PER_RUN || !months.is_whole) {
                let above = months.came_to.map_or(oldest_recent, |came_to| came_to.min(oldest_recent));
                let Some(day) = self.day_before(above).await? else {
                    (months.came_to, months.is_whole) = (None, true);
                    done.unfinished = false;
                    break;
                };
                // One for which there is never time must not keep the round from the others.
                months.came_to = Some(day);
                match self.keep_day(day, &mut months, &mut version, may_go_on).await? {
                    Counted::Yes(cost) => reads += cost + READS_PER_DAY,
                    Counted::NoTime => break,
                    Counted::SomebodyElseIsAtIt => return Ok(done),
                }
                done.days += 1;
            }
            done.unfinished &= reads < READS_PER_RUN;
            done.unfinished |= save(&*self.ports.checkpoints, MONTHS, version, &months).await?.is_none();
            let (_, before) = load::<Total>(&*self.ports.checkpoints, TOTAL).await?;
            // Whoever saves it meanwhile has counted as lately.
            let total = months.total(self.now());
            save(&*self.ports.checkpoints, TOTAL, before, &total).await?;
            tell(&total);
            Ok(done)
        })
    }

    /// Counts a day, and saves its row, then the sum of its month.
    async fn keep_day(
        &self,
        day: Date,
        months: &mut Months,
        version: &mut Option<Version>,
        may_go_on: MayGoOn<'_>,
    ) -> Result<Counted, Fault> {
        let name = month_of(day);
        let (mut month, before) = load::<Month>(&*self.ports.checkpoints, &name).await?;
        let Some(CountedDay { row, names, reads }) = self.count_day(day, may_go_on).await? else {
            return Ok(Counted::NoTime);
        };
        if day > before_habits(self.now()) {
            save_names(&*self.ports.checkpoints, day, &names).await?;
        }
        month.days.insert(day, row);
        if save(&*self.ports.checkpoints, &name, before, &month).await?.is_none() {
            return Ok(Counted::SomebodyElseIsAtIt);
        }
        months.months.insert(name, month.sum());
        match save(&*self.ports.checkpoints, MONTHS, *version, months).await? {
            Some(saved) => *version = Some(saved),
            None => return Ok(Counted::SomebodyElseIsAtIt),
        }
        Ok(Counted::Yes(reads))
    }
}

/// The last day that is too old to count its names.
fn before_habits(now: Timestamp) -> Date {
    day_of(now).saturating_sub(Span::new().days(HABIT_DAYS as i64))
}

/// Numbers for whoever watches, and no lines of the log.
fn tell(total: &Total) {
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
