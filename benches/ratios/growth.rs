//! Measures the cost of one more recording and one more audit record in a small and in a large catalogue.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use adapters_local::sqlite::SqliteStore;
use domain::record::session::SessionEntry;
use pipeline::Archivist;
use pipeline::ports::{ListRequest, SessionListRequest};
use tokio::runtime::Runtime;

use crate::report::{Measurement, Round, Wanted};
use crate::sqlite::bare::{Bare, Row};
use crate::world::{BenchWorld, LandedRecording, Number};
use crate::{Effort, Measured, cpu};

pub const SMALL: Number = 1_000;
/// Events and records per round; few, so that the small catalogue stays small.
const EVENTS: Number = 50;
/// Recordings copied into a database per transaction.
const TOGETHER: Number = 10_000;

/// Measures CPU and port calls per event and per record, in memory and in SQLite, with the small catalogue as the
/// baseline.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (runtime, large, rounds) = (crate::runtime()?, effort.pick(20_000, 100_000), effort.pick(9, 31));
    let compared = |what: &str, many: Grown, few: Grown, clock| {
        let what = format!("{what}, {large} recordings and sessions against {SMALL}");
        compare(&what, &runtime, [many, few], rounds, clock, Wanted::AtMost(1.2))
    };
    let memory = |size| runtime.block_on(Grown::in_memory(size));
    let mut figures = compared("memory", memory(large)?, memory(SMALL)?, cpu::of_this_thread as fn() -> _)?;

    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let sqlite = |size: Number| {
        let file = folder.path().join(format!("{size}.sqlite"));
        Grown::in_sqlite(&runtime, size, &file)
    };
    // The database runs in its own thread, so the process is measured.
    figures.extend(compared("SQLite", sqlite(large)?, sqlite(SMALL)?, cpu::of_this_process)?);
    Ok(figures)
}

/// Compares port calls and CPU per event and per record of the first world with the second.
pub fn compare(
    what: &str,
    runtime: &Runtime,
    [mut many, mut few]: [Grown; 2],
    rounds: usize,
    clock: fn() -> Duration,
    cpu_wanted: Wanted,
) -> Measured<Vec<Measurement>> {
    let [calls_of_many, calls_of_few] = [&mut many, &mut few].map(|grown| runtime.block_on(grown.calls()));
    let ([event_of_many, record_of_many], [event_of_few, record_of_few]) = (calls_of_many?, calls_of_few?);
    let land = |grown: &mut Grown| {
        let landed = grown.land()?;
        let archivist = grown.world.archivist.clone();
        let (cost, done) = cpu::measure(clock, || runtime.block_on(grown.ingest(&archivist, &landed)));
        done.map(|()| cost)
    };
    let events = Round::alternate(rounds, || land(&mut many), || land(&mut few))?;
    let tell = |grown: &mut Grown| {
        let archivist = grown.world.archivist.clone();
        runtime.block_on(grown.attend(&archivist, clock))
    };
    let records = Round::alternate(rounds, || tell(&mut many), || tell(&mut few))?;
    let count = EVENTS as usize;
    let same = Wanted::AtMost(1.0);
    Ok(vec![
        Measurement::count(format!("port calls per event, {what}"), event_of_many, event_of_few, same),
        Measurement::cost(format!("CPU per event, {what}"), &events, count, cpu_wanted),
        Measurement::count(format!("port calls per record, {what}"), record_of_many, record_of_few, same),
        Measurement::cost(format!("CPU per record, {what}"), &records, count, cpu_wanted),
    ])
}

/// A world that has ingested a number of recordings and as many sessions.
pub struct Grown {
    world: BenchWorld,
    seen: Number,
    /// Number of ended sessions.
    attended: Number,
}

impl Grown {
    async fn in_memory(size: Number) -> Measured<Self> {
        Ok(Self { world: seen(0..size).await?, seen: size, attended: size })
    }

    /// Copies the same entries and sessions into a database.
    pub fn in_sqlite(runtime: &Runtime, size: Number, file: &Path) -> Measured<Self> {
        let mut bare = Bare::open(file)?;
        for first in (0..size).step_by(TOGETHER as usize) {
            let (rows, sessions) = runtime.block_on(rows(first..size.min(first + TOGETHER)))?;
            bare.insert(&rows)?;
            bare.insert_sessions(&sessions)?;
        }
        drop(bare);
        Ok(Self { world: BenchWorld::in_sqlite(&SqliteStore::open(file)?)?, seen: size, attended: size })
    }

    /// Returns the world.
    pub fn world(&self) -> &BenchWorld {
        &self.world
    }

    fn land(&mut self) -> Measured<Vec<LandedRecording>> {
        let next = self.seen;
        self.seen += EVENTS;
        (next..self.seen).map(|number| self.world.land(number)).collect()
    }

    async fn ingest(&self, archivist: &Archivist, landed: &[LandedRecording]) -> Measured<()> {
        for landed in landed {
            self.world.ingest(archivist, landed).await?;
        }
        Ok(())
    }

    /// Appends records to a log and reads each as it arrives. Returns the cost of reading.
    async fn attend(&mut self, archivist: &Archivist, clock: fn() -> Duration) -> Measured<Duration> {
        let (next, mut text, mut cost) = (self.attended, String::new(), Duration::ZERO);
        self.attended += EVENTS;
        for number in next..self.attended {
            let log = self.world.end_session(next, number, &mut text)?;
            let begin = clock();
            self.world.read_log(archivist, &log, 1).await?;
            cost += clock().saturating_sub(begin);
        }
        Ok(cost)
    }

    /// Returns the number of port calls per event and per record.
    async fn calls(&mut self) -> Measured<[f64; 2]> {
        let landed = self.land()?;
        let (archivist, calls) = self.world.watched()?;
        self.ingest(&archivist, &landed).await?;
        let of_events = calls.take().len();
        self.attend(&archivist, cpu::elapsed).await?;
        Ok([of_events, calls.take().len()].map(|calls| calls as f64 / f64::from(EVENTS)))
    }
}

/// Creates a world in memory that has ingested these recordings and then their sessions.
async fn seen(numbers: Range<Number>) -> Measured<BenchWorld> {
    let world = BenchWorld::in_memory()?;
    for number in numbers.clone() {
        world.ingest(&world.archivist, &world.land(number)?).await?;
    }
    for first in numbers.clone().step_by(EVENTS as usize) {
        let (last, mut text) = (numbers.end.min(first + EVENTS), String::new());
        for number in first..last {
            let log = world.end_session(first, number, &mut text)?;
            if number + 1 == last {
                world.read_log(&world.archivist, &log, (last - first) as usize).await?;
            }
        }
    }
    Ok(world)
}

/// Returns the entries and sessions of these recordings as database rows, oldest first.
async fn rows(numbers: Range<Number>) -> Measured<(Vec<Row>, Vec<SessionEntry>)> {
    let (world, limit) = (seen(numbers.clone()).await?, numbers.len());
    let request = ListRequest { under: None, below: None, from: None, limit };
    let entries = world.ports.catalogue.list(&request).await?;
    let request = SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit };
    let mut sessions = world.ports.sessions.list(&request).await?;
    sessions.reverse();
    Ok((entries.iter().rev().map(|entry| Row::from_entry(entry, 2)).collect::<Measured<_>>()?, sessions))
}
