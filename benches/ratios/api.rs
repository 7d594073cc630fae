//! Measures the read API on a catalogue of a million entries: a page against the store's own query, the summary
//! against that of a small catalogue, and a walk over all pages.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use adapters_local::sqlite::SqliteStore;
use catalogue_api::{Api, ApiRequest};
use domain::policy::review::ReviewPolicy;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::Estate;
use domain::record::recording_id::RecordingId;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::ListRequest;
use pipeline::query::{Cursor, Page};
use pipeline::testing::sample;
use pipeline::view::PageView;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::report::{Measurement, Round, Wanted};
use crate::sqlite::bare::{Bare, Row};
use crate::world::{BenchWorld, Number};
use crate::{Effort, Measured, cpu};

/// Entries per page.
const PAGE: usize = 50;
/// Pages or summaries per round.
const TIMES: usize = 200;
/// Entries per write.
const TOGETHER: Number = 10_000;
/// Days over which the entries of a catalogue of any size are spread.
const DAYS: i64 = 30;
const FEW: Number = 10_000;

/// Measures a page, a summary and a walk over all entries.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (runtime, size, rounds) = (crate::runtime()?, effort.pick(100_000, 1_000_000), effort.pick(9, 31));
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let [large, small] =
        [size, FEW].map(|size| Filled::new(&runtime, &folder.path().join(format!("{size}.sqlite")), size));
    let (large, small) = (large?, small?);
    let mut figures = vec![large.pages(&runtime, size, rounds)?];
    let summaries = Round::alternate(rounds, || large.summaries(&runtime), || small.summaries(&runtime))?;
    let name = format!("/summary of {DAYS} days, {size} entries against {FEW}");
    figures.push(Measurement::cost(name, &summaries, TIMES, Wanted::AtMost(1.2)));
    figures.push(large.walk(&runtime, size)?);
    Ok(figures)
}

/// A SQLite catalogue with computed daily summaries.
struct Filled {
    world: BenchWorld,
    estate: Estate,
    ids: Vec<RecordingId>,
}

fn begin() -> Timestamp {
    sample::second(0)
}

/// Returns entry `number` of `size`, evenly spaced in time.
fn entry(number: Number, size: Number) -> Entry {
    let at = begin() + SignedDuration::from_millis(DAYS * 86_400_000 * i64::from(number) / i64::from(size));
    let mut entry = sample::entry(&sample::address(&format!("vm-{}-user.{number}", number % 1_000)), at);
    entry.match_state.verdict = sample::matched(sample::facts(&format!("tunnel-{number}"), at));
    entry
}

impl Filled {
    fn new(runtime: &Runtime, file: &Path, size: Number) -> Measured<Self> {
        let (mut bare, mut ids) = (Bare::open(file)?, Vec::new());
        for first in (0..size).step_by(TOGETHER as usize) {
            let entries: Vec<Entry> = (first..size.min(first + TOGETHER)).map(|number| entry(number, size)).collect();
            ids.extend(entries.iter().map(|entry| entry.id));
            bare.insert(&entries.iter().map(|entry| Row::from_entry(entry, 1)).collect::<Measured<Vec<_>>>()?)?;
        }
        drop(bare);
        let world = BenchWorld::in_sqlite(&SqliteStore::open(file)?)?;
        world.wait_until(begin() + SignedDuration::from_hours(24 * DAYS));
        while runtime.block_on(world.archivist.summary.summarise(&|| true))?.unfinished {}
        Ok(Self { world, estate: Estate { bastions: Vec::new() }, ids })
    }

    /// Returns the API's response body. Returns an error unless the status is 200.
    fn ask(&self, runtime: &Runtime, target: &str, query: &str) -> Measured<Vec<u8>> {
        let ports = &self.world.ports;
        let api = Api {
            catalogue: &*ports.catalogue,
            sessions: &*ports.sessions,
            checkpoints: &*ports.checkpoints,
            estate: &self.estate,
            reviews: &ReviewPolicy::default(),
            time_zone: &jiff::tz::TimeZone::UTC,
            now: ports.clock.now(),
            version: "0",
        };
        let path = format!("/api/v1{target}");
        let request = ApiRequest { method: "GET", path: &path, query: Some(query), if_none_match: None };
        let answer = runtime.block_on(api.answer(&request)).answer;
        if answer.status == 200 {
            Ok(answer.body)
        } else {
            Err(format!("{path}: {}", answer.status).into())
        }
    }

    /// Measures pages spread over the catalogue, against the store's query with JSON encoding alone.
    fn pages(&self, runtime: &Runtime, size: Number, rounds: usize) -> Measured<Measurement> {
        let below: Vec<RecordingId> = self.ids.iter().rev().step_by(self.ids.len() / TIMES).copied().collect();
        let ours = || {
            let ask = |id: &RecordingId| {
                let query = format!("limit={PAGE}&cursor={}", Cursor::after(*id));
                self.ask(runtime, "/recordings", &query).map(|body| body.len())
            };
            let (cost, lengths) = cpu::measure(cpu::elapsed, || below.iter().map(ask).sum::<Measured<usize>>());
            Ok((cost, lengths?))
        };
        let baseline = || {
            let (cost, lengths) =
                cpu::measure(cpu::elapsed, || below.iter().map(|id| self.bare(runtime, *id)).sum::<Measured<usize>>());
            Ok((cost, lengths?))
        };
        let same = |ours: Measured<(Duration, usize)>| ours.map(|(cost, _)| cost);
        if ours()?.1 != baseline()?.1 {
            return Err("the pages differ, so their times cannot be compared".into());
        }
        let measured = Round::alternate(rounds, || same(ours()), || same(baseline()))?;
        let name = format!("page of {PAGE} of {size}, against the store's query and its JSON");
        Ok(Measurement::cost(name, &measured, below.len(), Wanted::AtMost(1.3)))
    }

    fn bare(&self, runtime: &Runtime, below: RecordingId) -> Measured<usize> {
        let request = ListRequest { under: None, below: Some(below), from: None, limit: PAGE + 1 };
        let mut items = runtime.block_on(self.world.ports.catalogue.list(&request))?;
        let is_last = items.len() <= PAGE;
        items.truncate(PAGE);
        let next_cursor = items.last().filter(|_| !is_last).map(|entry| Cursor::after(entry.id));
        let page = Page { items, next_cursor, unknown: Vec::new() };
        Ok(serde_json::to_vec(&PageView::from_page(&page, &self.estate, self.world.ports.clock.now()))?.len())
    }

    fn summaries(&self, runtime: &Runtime) -> Measured<Duration> {
        let ask = |_| self.ask(runtime, "/summary", "from=2026-03-02&to=2026-04-01").map(|body| body.len());
        let (cost, done) = cpu::measure(cpu::elapsed, || (0..TIMES).map(ask).sum::<Measured<usize>>());
        done.map(|_| cost)
    }

    /// Walks over all pages while entries are added and deleted. Returns an error unless every entry appears exactly
    /// once.
    fn walk(&self, runtime: &Runtime, size: Number) -> Measured<Measurement> {
        let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        let begun = cpu::elapsed();
        loop {
            let body = self.ask(runtime, "/recordings", &format!("limit=200{cursor}"))?;
            let page: Value = serde_json::from_slice(&body)?;
            let items = page["items"].as_array().into_iter().flatten();
            for item in items {
                found.push(RecordingId::parse(item["id"].as_str().unwrap_or_default())?);
            }
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            if pages % 50 == 0 {
                let (number, come) = (pages * 100 % size, sample::address(&format!("come-{pages}")));
                let added = sample::entry(&come, entry(number, size).created_at().unwrap_or_default());
                self.save(runtime, &added)?;
                self.save(runtime, &Entry { state: RecordingState::Deleted, revision: 2, ..entry(number, size) })?;
            }
            pages += 1;
        }
        let took = cpu::elapsed().saturating_sub(begun);
        let met: BTreeSet<&RecordingId> = found.iter().collect();
        if met.len() != found.len() || !self.ids.iter().all(|id| met.contains(id)) {
            return Err("a walk by cursor met an entry twice or passed one over".into());
        }
        Ok(Measurement::shown(format!("walk over {size} entries by cursor, each met once"), took))
    }

    fn save(&self, runtime: &Runtime, entry: &Entry) -> Measured<()> {
        let catalogue = &self.world.ports.catalogue;
        let loaded = runtime.block_on(catalogue.lives(&entry.address))?;
        let saved = runtime.block_on(catalogue.save(&loaded, std::slice::from_ref(entry)))?;
        saved.map(drop).ok_or_else(|| "another writer saved it".into())
    }
}
