//! Reads the data of each page.

mod coverage;
mod estate;
mod profile;
mod reviews;

use catalogue_page::{
    Frame, GapsPage, HealthPage, LivePage, Noticed, OverviewPage, PageQuery, RecordingPage, RecordingsPage,
    RefusedPage, SessionDetailPage, SessionsPage,
};
use domain::record::catalogue::RecordingState;
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;
use domain::record::session::TunnelId;
use futures_util::future::try_join4;
use jiff::Span;
use jiff::civil::Date;
use pipeline::ports::Fault;
use pipeline::posture::last_report;
use pipeline::query::{self, GapQuery, Page, Query, SessionPage as FoundSessions};
use pipeline::summary::{bastion_days, summary};
use pipeline::view::{DetailView, GapsView, PageView, SessionDetailView, SessionPageView, advice};
use pipeline::{Archivist, CatalogueReader};

pub use self::coverage::month_of;
use super::csv;
use super::respond::PageResponse;
use super::route::RequestedPage;
use crate::invocation::RequestOutcome;

/// Number of days in the overview.
const DAYS: i32 = 30;
/// Number of recordings in the overview.
const RECENT: usize = 10;
/// Maximum number of items in need of attention, per kind.
const NOTICED: usize = 20;

/// Returns the requested page.
pub async fn show(
    archivist: &Archivist,
    reading: &CatalogueReader<'_>,
    wanted: &RequestedPage,
    asked: &PageQuery,
    frame: Frame,
) -> Result<PageResponse, Fault> {
    if asked.get("format") == Some("csv")
        && let Some(file) = csv::file(archivist, reading, wanted, asked).await?
    {
        let name = format!("{}-{}.csv", file.kind, reading.time_zone.to_datetime(reading.now).date());
        return Ok(PageResponse::download(&name, file.text()?));
    }
    match wanted {
        RequestedPage::Live => live(archivist, frame).await,
        RequestedPage::Overview => overview(reading, frame).await,
        RequestedPage::Recordings => recordings(reading, asked, frame).await,
        RequestedPage::Recording(id) => recording(reading, *id, frame).await,
        RequestedPage::Sessions => sessions(reading, asked, frame).await,
        RequestedPage::Session(bastion, tunnel) => session(reading, bastion, tunnel, frame).await,
        RequestedPage::Profile(subject) => profile::profile(reading, subject, asked, frame).await,
        RequestedPage::Gaps => gaps(reading, asked, frame).await,
        RequestedPage::Bastions => estate::bastions(reading, frame).await,
        RequestedPage::Coverage => coverage::page(reading, asked, frame).await,
        RequestedPage::Deletions => estate::deletions(reading, frame).await,
        RequestedPage::Holds => estate::holds(archivist, frame).await,
        RequestedPage::Reviews => reviews::reviews(reading, asked, frame).await,
        RequestedPage::Day(day) => estate::day(reading, *day, asked, frame).await,
        RequestedPage::Health => health(reading, frame).await,
    }
}

async fn overview(reading: &CatalogueReader<'_>, frame: Frame) -> Result<PageResponse, Fault> {
    let today = today(reading);
    let first = today.saturating_sub(Span::new().days(DAYS - 1));
    let newest = |query| query::recordings(reading.catalogue, reading.checkpoints, query);
    let recent = Query { limit: RECENT, ..Query::default() };
    let ambiguous = Query { matching: Some("ambiguous".to_owned()), limit: NOTICED, ..Query::default() };
    let expiring = Query { state: Some(RecordingState::Expiring), limit: NOTICED, ..Query::default() };
    let summary = summary(reading.checkpoints, first, today);
    let gaps = GapQuery { limit: NOTICED, ..GapQuery::default() };
    let gaps = query::gaps(reading.catalogue, reading.sessions, reading.checkpoints, reading.estate, &gaps);
    let lists = try_join4(
        newest(&ambiguous),
        newest(&expiring),
        query::attention(reading),
        bastion_days(reading.checkpoints, first, today),
    );
    let (summary, gaps, recent, (ambiguous, expiring, troubles, days)) =
        try_join4(summary, gaps, newest(&recent), lists).await?;
    let view = |page| PageView::from_page(page, reading.estate, reading.now);
    let (ambiguous, expiring) = (view(&ambiguous), view(&expiring));
    let noticed = Noticed { gaps: &gaps, ambiguous: &ambiguous, expiring: &expiring, troubles: &troubles };
    let (covered, recent) = (days.sum_of_all(first, today), view(&recent));
    let page = OverviewPage::new(frame, &summary, covered, &noticed, &recent);
    Ok(PageResponse::page(RequestOutcome::Answered, &page))
}

async fn recordings(reading: &CatalogueReader<'_>, asked: &PageQuery, frame: Frame) -> Result<PageResponse, Fault> {
    let (mut form, query) = RecordingsPage::asked(asked, bastions(reading), reading.now, reading.time_zone);
    let (outcome, found) = match &query {
        Some(query) => {
            let found = query::recordings(reading.catalogue, reading.checkpoints, query).await?;
            RecordingsPage::suggest(&mut form, asked, query, &found.unknown);
            (RequestOutcome::Answered, found)
        }
        None => (RequestOutcome::BadQuery, Page::default()),
    };
    let view = PageView::from_page(&found, reading.estate, reading.now);
    Ok(PageResponse::page(outcome, &RecordingsPage::new(frame, form, asked, &view)))
}

async fn recording(reading: &CatalogueReader<'_>, id: RecordingId, frame: Frame) -> Result<PageResponse, Fault> {
    let Some(entry) = query::recording(reading.catalogue, reading.checkpoints, id).await? else {
        return Ok(absent(frame, "There is no such recording"));
    };
    let accesses = reading.accesses(&entry).await?;
    let view = DetailView::from_entry(&entry, reading.estate, reading.now).with_accesses(&accesses);
    Ok(PageResponse::page(RequestOutcome::Answered, &RecordingPage::new(frame, &entry, &view, reading.policy)))
}

async fn sessions(reading: &CatalogueReader<'_>, asked: &PageQuery, frame: Frame) -> Result<PageResponse, Fault> {
    let (form, query) = SessionsPage::asked(asked, bastions(reading), reading.time_zone);
    let (outcome, found) = match &query {
        Some(query) => (RequestOutcome::Answered, query::sessions(reading.sessions, reading.catalogue, query).await?),
        None => (RequestOutcome::BadQuery, FoundSessions { items: Vec::new(), next_cursor: None }),
    };
    Ok(PageResponse::page(outcome, &SessionsPage::new(frame, form, asked, &SessionPageView::from_page(&found))))
}

async fn session(
    reading: &CatalogueReader<'_>,
    bastion: &BastionName,
    tunnel: &TunnelId,
    frame: Frame,
) -> Result<PageResponse, Fault> {
    let found = query::session(reading.sessions, reading.catalogue, std::slice::from_ref(bastion), tunnel).await?;
    let Some(found) = found else {
        return Ok(absent(frame, "There is no such session"));
    };
    let candidate_of = match found.recording {
        Some(_) => Vec::new(),
        None => query::candidate_of(reading.catalogue, &found.entry).await?,
    };
    let view = SessionDetailView::from_session(&found, candidate_of);
    let gap = found.entry.gap.as_ref().filter(|_| found.entry.has_gap()).map(|gap| advice::of_cause(&gap.cause));
    Ok(PageResponse::page(RequestOutcome::Answered, &SessionDetailPage::new(frame, &view, gap)))
}

async fn live(archivist: &Archivist, frame: Frame) -> Result<PageResponse, Fault> {
    let live = archivist.live.watched_sessions().await?;
    Ok(PageResponse::page(RequestOutcome::Answered, &LivePage::new(frame, live.as_deref())))
}

async fn gaps(reading: &CatalogueReader<'_>, asked: &PageQuery, frame: Frame) -> Result<PageResponse, Fault> {
    let CatalogueReader { catalogue, sessions, checkpoints, estate, .. } = *reading;
    let query = GapQuery { bastion: asked.get("bastion").map(BastionName::new), ..GapQuery::default() };
    let gaps = query::gaps(catalogue, sessions, checkpoints, estate, &query).await?;
    let view = GapsView::from_gaps(&gaps, estate, reading.now);
    Ok(PageResponse::page(RequestOutcome::Answered, &GapsPage::new(frame, &gaps, &view)))
}

async fn health(reading: &CatalogueReader<'_>, frame: Frame) -> Result<PageResponse, Fault> {
    let report = last_report(reading.checkpoints).await?;
    let mut read = Vec::new();
    for bastion in &reading.estate.bastions {
        let watermark = query::watermark(reading.checkpoints, &bastion.name).await?;
        let newest = watermark.and_then(|watermark| watermark.newest_record);
        read.push(catalogue_page::LogProgress { bastion: bastion.name.as_str().to_owned(), newest });
    }
    Ok(PageResponse::page(RequestOutcome::Answered, &HealthPage::new(frame, report.as_ref(), reading.estate, &read)))
}

/// Returns the current UTC day, as days are counted.
pub(super) fn today(reading: &CatalogueReader<'_>) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(reading.now).date()
}

/// Names of the configured bastions.
pub(super) fn bastions<'a>(reading: &CatalogueReader<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    reading.estate.bastions.iter().map(|bastion| bastion.name.as_str())
}

/// Returns the page for a missing resource.
pub fn absent(frame: Frame, title: &'static str) -> PageResponse {
    let what = "It may have been removed, or the address is not complete.".to_owned();
    let steps = [
        "Recordings and sessions are found by name, person, machine and day on their pages.",
        "The id of a recording begins with rec_, and its page is /ui/recordings/ followed by the id.",
        "A deleted recording keeps its page; one that was never catalogued has none.",
    ];
    let steps = steps.map(str::to_owned).into();
    PageResponse::page(RequestOutcome::NotFound, &RefusedPage { frame, title, what, steps })
}
