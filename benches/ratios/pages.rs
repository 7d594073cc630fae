//! Measures each page of a catalogue with 100,000 recordings and sessions against its queries alone.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use functions::catalogue_page;
use functions::invocation::Counts;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use pipeline::ports::{Fault, ListRequest, SessionListRequest};
use pipeline::posture::last_report;
use pipeline::query::{self, GapQuery, Query, SessionQuery, Subject};
use pipeline::retention::{past_runs, waiting_plans};
use pipeline::summary::{bastion_days, summary};
use pipeline::{CatalogueReader, recording_habits};
use tokio::runtime::Runtime;
use wiring::settings::PageAccess;

use crate::growth::Grown;
use crate::report::{Measurement, Round, Wanted};
use crate::world::{BenchWorld, Number, START};
use crate::{Effort, Measured, cpu};

/// Pages per round.
const TIMES: usize = 20;
/// Coming deletions on their page.
const COMING: usize = 100;
/// Recordings of each kind on the overview.
const NOTICED: usize = 20;
/// Newest recordings on the overview.
const RECENT: usize = 10;

/// A page, with what its path and its queries need.
enum PageCase {
    Overview,
    Recordings,
    Recording(domain::record::recording_id::RecordingId),
    Sessions,
    Session(domain::record::estate::BastionName, domain::record::session::TunnelId),
    Profile(Subject),
    Gaps,
    Bastions,
    Deletions,
    Holds,
    Day(Date),
    Health,
}

/// Measures every page on a SQLite catalogue.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (runtime, size, rounds) = (crate::runtime()?, effort.pick(20_000, 100_000), effort.pick(9, 31));
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let grown = Grown::in_sqlite(&runtime, size, &folder.path().join("pages.sqlite"))?;
    let world = grown.world();
    world.wait_until(START + SignedDuration::from_secs(i64::from(size)) + SignedDuration::from_hours(24));
    while runtime.block_on(world.archivist.summary.summarise(&|| true))?.unfinished {}
    cases(&runtime, world)?.iter().map(|case| compare(&runtime, world, case, size, rounds)).collect()
}

fn cases(runtime: &Runtime, world: &BenchWorld) -> Measured<Vec<PageCase>> {
    let newest = ListRequest { under: None, below: None, from: None, limit: 1 };
    let entry = runtime.block_on(world.ports.catalogue.list(&newest))?.pop().ok_or("there is no recording")?;
    let newest = SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: 1 };
    let session = runtime.block_on(world.ports.sessions.list(&newest))?.pop().ok_or("there is no session")?;
    let created = entry.created_at().ok_or("the recording has no time")?;
    Ok(vec![
        PageCase::Overview,
        PageCase::Recordings,
        PageCase::Recording(entry.id),
        PageCase::Sessions,
        PageCase::Session(session.id.bastion.clone(), session.id.tunnel.clone()),
        PageCase::Profile(Subject::Person("user7@contoso.com".to_owned())),
        PageCase::Profile(Subject::Machine("vm-0000007".to_owned())),
        PageCase::Gaps,
        PageCase::Bastions,
        PageCase::Deletions,
        PageCase::Holds,
        PageCase::Day(TimeZone::UTC.to_datetime(created).date()),
        PageCase::Health,
    ])
}

fn compare(
    runtime: &Runtime,
    world: &BenchWorld,
    case: &PageCase,
    size: Number,
    rounds: usize,
) -> Measured<Measurement> {
    let path = case.path();
    let ours = || repeat(|| runtime.block_on(show(world, &path)));
    let baseline = || repeat(|| Ok(runtime.block_on(ask(world, case))?));
    let measured = Round::alternate(rounds, ours, baseline)?;
    Ok(Measurement::cost(
        format!("{path} of {size} recordings, against its queries"),
        &measured,
        TIMES,
        Wanted::AtMost(1.3),
    ))
}

fn repeat(mut once: impl FnMut() -> Measured<()>) -> Measured<Duration> {
    let (cost, done) = cpu::measure(cpu::elapsed, || (0..TIMES).try_for_each(|_| once()));
    done.map(|()| cost)
}

/// Requests a page. Returns an error unless it is shown, or a person or machine has nothing.
async fn show(world: &BenchWorld, path: &str) -> Measured<()> {
    let request = Request::builder().uri(path).body(Body::empty())?;
    let counts = Counts::default();
    let response = catalogue_page::run(&world.archivist, &counts, PageAccess::Loopback, request).await;
    let status = response.status();
    let length = response.into_body().collect().await?.to_bytes().len();
    if status.is_success() && length > 0 {
        Ok(())
    } else {
        Err(format!("{path}: {status}").into())
    }
}

/// Makes the queries of a page.
async fn ask(world: &BenchWorld, case: &PageCase) -> Result<(), Fault> {
    let reading = world.archivist.reading();
    let CatalogueReader { catalogue, sessions, checkpoints, estate, now, .. } = reading;
    let today = TimeZone::UTC.to_datetime(now).date();
    match case {
        PageCase::Overview => overview(&reading, today).await,
        PageCase::Recordings => query::recordings(catalogue, checkpoints, &Query::default()).await.map(drop),
        PageCase::Recording(id) => query::recording(catalogue, checkpoints, *id).await.map(drop),
        PageCase::Sessions => query::sessions(sessions, catalogue, &SessionQuery::default()).await.map(drop),
        PageCase::Session(bastion, tunnel) => {
            query::session(sessions, catalogue, std::slice::from_ref(bastion), tunnel).await.map(drop)
        }
        PageCase::Profile(subject) => query::profile(&reading, subject, None).await.map(drop),
        PageCase::Gaps => query::gaps(catalogue, sessions, checkpoints, estate, &GapQuery::default()).await.map(drop),
        PageCase::Bastions => {
            recording_habits(checkpoints, catalogue, estate, now).await?;
            query::bastion_statuses(&reading).await.map(drop)
        }
        PageCase::Deletions => {
            query::coming_deletions(catalogue, checkpoints, now, COMING).await?;
            summary(checkpoints, today, today).await?;
            waiting_plans(checkpoints, now).await?;
            past_runs(checkpoints).await.map(drop)
        }
        PageCase::Holds => {
            world.archivist.holds.list_holds().await?;
            summary(checkpoints, today, today).await.map(drop)
        }
        PageCase::Day(day) => query::activity_of(&reading, *day, None).await.map(drop),
        PageCase::Health => {
            last_report(checkpoints).await?;
            for bastion in &estate.bastions {
                query::watermark(checkpoints, &bastion.name).await?;
            }
            Ok(())
        }
    }
}

async fn overview(reading: &CatalogueReader<'_>, today: Date) -> Result<(), Fault> {
    let CatalogueReader { catalogue, sessions, checkpoints, estate, .. } = *reading;
    let first = today.saturating_sub(jiff::Span::new().days(29));
    summary(checkpoints, first, today).await?;
    query::gaps(catalogue, sessions, checkpoints, estate, &GapQuery { limit: NOTICED, ..GapQuery::default() }).await?;
    let ambiguous = Query { matching: Some("ambiguous".to_owned()), limit: NOTICED, ..Query::default() };
    let state = Some(domain::record::catalogue::RecordingState::Expiring);
    let expiring = Query { state, limit: NOTICED, ..Query::default() };
    for asked in [Query { limit: RECENT, ..Query::default() }, ambiguous, expiring] {
        query::recordings(catalogue, checkpoints, &asked).await?;
    }
    query::attention(reading).await?;
    bastion_days(checkpoints, first, today).await.map(drop)
}

impl PageCase {
    fn path(&self) -> String {
        match self {
            Self::Overview => "/ui".to_owned(),
            Self::Recordings => "/ui/recordings".to_owned(),
            Self::Recording(id) => format!("/ui/recordings/{id}"),
            Self::Sessions => "/ui/sessions".to_owned(),
            Self::Session(bastion, tunnel) => format!("/ui/sessions/{}/{tunnel}", bastion.as_str()),
            Self::Profile(Subject::Person(person)) => format!("/ui/people/{person}"),
            Self::Profile(Subject::Machine(machine)) => format!("/ui/machines/{machine}"),
            Self::Gaps => "/ui/gaps".to_owned(),
            Self::Bastions => "/ui/bastions".to_owned(),
            Self::Deletions => "/ui/deletions".to_owned(),
            Self::Holds => "/ui/holds".to_owned(),
            Self::Day(day) => format!("/ui/days/{day}"),
            Self::Health => "/ui/health".to_owned(),
        }
    }
}
