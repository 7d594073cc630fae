//! Measures pages as HTML, against the JSON of the API for the same content.

use std::time::Duration;

use catalogue_page::{
    Frame, GapsPage, NavigationEntry, Noticed, OverviewPage, PageClock, PageQuery, RecordingPage, RecordingsPage,
    SessionDetailPage as OneSessionPage, SessionsPage, Template,
};
use domain::record::catalogue::{Contradicted, Entry};
use domain::record::estate::Estate;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::query::{Attention, FoundSession, Gaps, Page, SessionPage};
use pipeline::summary::{Summary, summary};
use pipeline::testing::sample::{self, second, session_id};
use pipeline::view::{DetailView, GapsView, PageView, SessionDetailView, SessionPageView, SummaryView};
use serde::Serialize;

use crate::report::{Measurement, Round, Wanted};
use crate::world::BenchWorld;
use crate::{Effort, Measured, cpu};

/// Recordings or sessions per page.
const ROWS: i64 = 50;
/// Entries that need attention on the overview.
const NOTICED: i64 = 20;
/// Recent recordings on the overview.
const RECENT: i64 = 10;
/// Pages per round.
const TIMES: usize = 200;
const DAYS: i64 = 30;

/// Measures every page that shows entries.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let rounds = effort.pick(9, 31);
    let (found, sessions, one, about) = (page(ROWS), found(ROWS), ambiguous(), seen(0));
    let gaps = Gaps { bastions: Vec::new(), sessions: self::found(ROWS), recordings: page(ROWS) };
    let summary = month()?;
    let (noticed, of_noticed) = (page(NOTICED), Gaps { recordings: page(NOTICED), ..gaps.clone() });
    let recent = page(RECENT);
    let (estate, now) = (Estate { bastions: Vec::new() }, second(0));
    let view = |page| PageView::from_page(page, &estate, now);
    let asked = PageQuery::default();

    let recordings = compare(
        "recordings, 50 of them",
        rounds,
        || view(&found),
        |view| {
            let (form, _) = RecordingsPage::asked(&asked, [], now, &TimeZone::UTC);
            html(&RecordingsPage::new(frame(NavigationEntry::Recordings), form, &asked, view))
        },
    );
    let recording = compare(
        "a recording with two candidates",
        rounds,
        || DetailView::from_entry(&one, &estate, now),
        |view| html(&RecordingPage::new(frame(NavigationEntry::Recordings), &one, view, None)),
    );
    let of_sessions = compare(
        "sessions, 50 of them",
        rounds,
        || SessionPageView::from_page(&sessions),
        |view| {
            let (form, _) = SessionsPage::asked(&asked, [], &TimeZone::UTC);
            html(&SessionsPage::new(frame(NavigationEntry::Sessions), form, &asked, view))
        },
    );
    let session = || SessionDetailView::from_session(&about, Vec::new());
    let session = compare("a session", rounds, session, |view| {
        html(&OneSessionPage::new(frame(NavigationEntry::Sessions), view, None))
    });
    let of_gaps = compare(
        "gaps, 50 of each",
        rounds,
        || GapsView::from_gaps(&gaps, &estate, now),
        |view| html(&GapsPage::new(frame(NavigationEntry::Gaps), &gaps, view)),
    );
    let overview = || {
        let lists = [view(&noticed), view(&noticed), view(&recent)];
        (SummaryView::from_summary(&summary), GapsView::from_gaps(&of_noticed, &estate, now), lists)
    };
    let overview = compare("overview of a month", rounds, overview, |(_, _, [ambiguous, expiring, recent])| {
        let troubles = Attention::default();
        let noticed = Noticed { gaps: &of_noticed, ambiguous, expiring, troubles: &troubles };
        html(&OverviewPage::new(frame(NavigationEntry::Overview), &summary, None, &noticed, recent))
    });
    [recordings, recording, of_sessions, session, of_gaps, overview].into_iter().collect()
}

/// Measures building and rendering a page, against building the same view and encoding it as JSON.
fn compare<V: Serialize>(
    name: &str,
    rounds: usize,
    view: impl Fn() -> V,
    page: impl Fn(&V) -> Measured<usize>,
) -> Measured<Measurement> {
    let ours = || repeat(|| page(&view()));
    let baseline = || repeat(|| Ok(serde_json::to_vec(&view())?.len()));
    let measured = Round::alternate(rounds, ours, baseline)?;
    Ok(Measurement::cost(format!("{name}, against its JSON"), &measured, TIMES, Wanted::AtMost(2.0)))
}

fn repeat(make: impl Fn() -> Measured<usize>) -> Measured<Duration> {
    let (cost, made) = cpu::measure(cpu::elapsed, || (0..TIMES).map(|_| make()).sum::<Measured<usize>>());
    made.map(|_| cost)
}

fn html(page: &impl Template) -> Measured<usize> {
    Ok(catalogue_page::html(page)?.len())
}

fn frame(place: NavigationEntry) -> Frame {
    Frame::new(Some(place), PageClock::new(second(0), TimeZone::UTC), Some("anna@contoso.example".to_owned()))
}

fn at(number: i64) -> Timestamp {
    second(number * DAYS * 86_400 / ROWS)
}

fn recording(number: i64) -> Entry {
    let mut entry = sample::entry(&sample::address(&format!("vm-{number}-user.{number}")), at(number));
    entry.match_state.verdict = sample::matched(sample::facts(&format!("tunnel-{number}"), at(number)));
    entry
}

fn ambiguous() -> Entry {
    let facts = ["one", "other"].map(|tunnel| sample::facts(tunnel, at(0))).to_vec();
    let mut entry = recording(0);
    entry.match_state.verdict = sample::ambiguous(facts, None);
    entry
}

fn page(size: i64) -> Page {
    Page { items: (0..size).map(recording).collect(), next_cursor: None, unknown: Vec::new() }
}

fn seen(number: i64) -> FoundSession {
    let id = session_id("bas-hub-01", &format!("tunnel-{number}"));
    FoundSession {
        entry: sample::ended(id, &format!("vm-{number}"), "user", at(number)),
        recording: Some(recording(number).id),
        contradicted: Contradicted::default(),
    }
}

fn found(size: i64) -> SessionPage {
    SessionPage { items: (0..size).map(seen).collect(), next_cursor: None }
}

/// Returns the summary of a month with entries on each day.
fn month() -> Measured<Summary> {
    let (runtime, world) = (crate::runtime()?, BenchWorld::in_memory()?);
    for entry in page(ROWS).items {
        let before = runtime.block_on(world.ports.catalogue.lives(&entry.address))?;
        runtime.block_on(world.ports.catalogue.save(&before, &[entry]))?;
    }
    world.wait_until(at(ROWS));
    while runtime.block_on(world.archivist.summary.summarise(&|| true))?.unfinished {}
    let day = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(runtime.block_on(summary(&*world.ports.checkpoints, day(at(0)), day(at(ROWS))))?)
}
