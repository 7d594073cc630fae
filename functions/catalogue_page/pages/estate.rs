//! Reads the data of the pages of bastions, deletions, holds and days.

use catalogue_page::{
    BastionsPage, ComingData, DayLists, DayPage, DeletionsPage, Frame, HoldsPage, LanesBy, PageQuery,
};
use domain::record::estate::BastionName;
use futures_util::future::{try_join, try_join4};
use jiff::civil::Date;
use pipeline::ports::Fault;
use pipeline::query;
use pipeline::retention::{past_runs, waiting_plans};
use pipeline::summary::summary;
use pipeline::view::{PageView, RecordingView, SessionPageView};
use pipeline::{Archivist, CatalogueReader, recording_habits};

use super::super::respond::PageResponse;
use super::{absent, today};
use crate::invocation::RequestOutcome;

/// Maximum number of coming deletions on the page.
const COMING: usize = 100;

/// Returns the page of the bastions.
pub async fn bastions(reading: &CatalogueReader<'_>, frame: Frame) -> Result<PageResponse, Fault> {
    let habits = recording_habits(reading.checkpoints, reading.catalogue, reading.estate, reading.now);
    let (habits, (statuses, days)) = try_join(habits, query::bastion_statuses(reading)).await?;
    Ok(PageResponse::page(RequestOutcome::Answered, &BastionsPage::new(frame, &statuses, &days, &habits)))
}

/// Returns the page of coming deletions.
pub async fn deletions(reading: &CatalogueReader<'_>, frame: Frame) -> Result<PageResponse, Fault> {
    let CatalogueReader { catalogue, checkpoints, estate, policy, now, .. } = *reading;
    let today = today(reading);
    let (coming, summary, plans, runs) = try_join4(
        query::coming_deletions(catalogue, checkpoints, now, COMING),
        summary(checkpoints, today, today),
        waiting_plans(checkpoints, now),
        past_runs(checkpoints),
    )
    .await?;
    let view = |entry| RecordingView::from_entry(entry, estate, now);
    let in_grace: Vec<_> = coming.in_grace.iter().map(view).collect();
    let due: Vec<_> = coming.due.iter().map(view).collect();
    let data = ComingData {
        policy,
        summary: &summary,
        in_grace: &in_grace,
        due: &due,
        more_waiting: coming.more_waiting,
        more_coming: coming.more_coming,
        plans: &plans,
        runs: &runs,
    };
    Ok(PageResponse::page(RequestOutcome::Answered, &DeletionsPage::new(frame, &data)))
}

/// Returns the page of the legal holds.
pub async fn holds(archivist: &Archivist, frame: Frame) -> Result<PageResponse, Fault> {
    let reading = &archivist.reading();
    let today = today(reading);
    let (holds, summary) = try_join(archivist.holds.list_holds(), summary(reading.checkpoints, today, today)).await?;
    Ok(PageResponse::page(RequestOutcome::Answered, &HoldsPage::new(frame, &holds, &summary)))
}

/// Returns the page of one day.
pub async fn day(
    reading: &CatalogueReader<'_>,
    day: Date,
    asked: &PageQuery,
    frame: Frame,
) -> Result<PageResponse, Fault> {
    let bastion = asked.get("bastion").map(BastionName::new);
    let Some(found) = query::activity_of(reading, day, bastion).await? else {
        return Ok(absent(frame, "There is no such day"));
    };
    let view = DayLists {
        sessions: SessionPageView::from_page(&found.sessions),
        recordings: PageView::from_page(&found.recordings, reading.estate, reading.now),
    };
    let by = LanesBy::parse(asked.get("by"));
    Ok(PageResponse::page(RequestOutcome::Answered, &DayPage::new(frame, day, by, &found, &view)))
}
