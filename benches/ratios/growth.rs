//! What one more recording costs in a small and in a large catalogue.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adapters_local::sqlite::{SqliteCatalogue, SqliteStore};
use pipeline::Archivist;
use pipeline::ports::ListRequest;
use tokio::runtime::Runtime;

use crate::report::{Figure, Round, Wanted};
use crate::sqlite::bare::{Bare, Row};
use crate::world::{Landed, Number, World};
use crate::{Effort, Measured, cpu};

pub const SMALL: Number = 1_000;
/// How many events one round brings: few, so that the small catalogue stays small.
const EVENTS: Number = 50;
/// How many recordings are copied into a database at a time.
const TOGETHER: Number = 10_000;

/// CPU and port calls per event, in memory and in SQLite; the small catalogue is the baseline.
pub fn figures(effort: Effort) -> Measured<Vec<Figure>> {
    let (runtime, large, rounds) = (crate::runtime()?, effort.pick(20_000, 100_000), effort.pick(9, 31));
    let compared = |what: &str, many: Grown, few: Grown, clock| {
        let what = format!("{what}, {large} recordings against {SMALL}");
        compare(&what, &runtime, [many, few], rounds, clock, Wanted::AtMost(1.2))
    };
    let memory = |size| runtime.block_on(Grown::in_memory(size));
    let mut figures = compared("memory", memory(large)?, memory(SMALL)?, cpu::of_this_thread as fn() -> _)?;

    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let sqlite = |size: Number| {
        let file = folder.path().join(format!("{size}.sqlite"));
        Grown::in_sqlite(&runtime, size, &file)
    };
    // The database has a thread of its own.
    figures.extend(compared("SQLite", sqlite(large)?, sqlite(SMALL)?, cpu::of_this_process)?);
    Ok(figures)
}

/// Port calls and CPU per event of the first against the second.
pub fn compare(
    what: &str,
    runtime: &Runtime,
    [mut many, mut few]: [Grown; 2],
    rounds: usize,
    clock: fn() -> Duration,
    cpu_wanted: Wanted,
) -> Measured<Vec<Figure>> {
    let [calls_of_many, calls_of_few] = [&mut many, &mut few].map(|grown| runtime.block_on(grown.calls()));
    let cost = |grown: &mut Grown| {
        let landed = grown.land()?;
        let archivist = grown.world.archivist.clone();
        let (cost, done) = cpu::of(clock, || runtime.block_on(grown.ingest(&archivist, &landed)));
        done.map(|()| cost)
    };
    let rounds = Round::alternate(rounds, || cost(&mut many), || cost(&mut few))?;
    Ok(vec![
        Figure::count(format!("port calls per event, {what}"), calls_of_many?, calls_of_few?, Wanted::AtMost(1.0)),
        Figure::cost(format!("CPU per event, {what}"), &rounds, EVENTS as usize, cpu_wanted),
    ])
}

/// A world that has seen a number of recordings.
pub struct Grown {
    world: World,
    seen: Number,
}

impl Grown {
    async fn in_memory(size: Number) -> Measured<Self> {
        Ok(Self { world: seen(0..size).await?, seen: size })
    }

    /// The same entries, copied into a database.
    pub fn in_sqlite(runtime: &Runtime, size: Number, file: &Path) -> Measured<Self> {
        let mut bare = Bare::open(file)?;
        for first in (0..size).step_by(TOGETHER as usize) {
            bare.insert(&runtime.block_on(rows(first..size.min(first + TOGETHER)))?)?;
        }
        drop(bare);
        let world = World::on(Arc::new(SqliteCatalogue::new(&SqliteStore::open(file)?)))?;
        Ok(Self { world, seen: size })
    }

    fn land(&mut self) -> Measured<Vec<Landed>> {
        let next = self.seen;
        self.seen += EVENTS;
        (next..self.seen).map(|number| self.world.land(number)).collect()
    }

    async fn ingest(&self, archivist: &Archivist, landed: &[Landed]) -> Measured<()> {
        for landed in landed {
            self.world.ingest(archivist, landed).await?;
        }
        Ok(())
    }

    /// How many port calls an event makes.
    async fn calls(&mut self) -> Measured<f64> {
        let landed = self.land()?;
        let (archivist, calls) = self.world.watched()?;
        self.ingest(&archivist, &landed).await?;
        Ok(calls.take().len() as f64 / landed.len() as f64)
    }
}

/// A world in memory that has seen these recordings.
async fn seen(numbers: Range<Number>) -> Measured<World> {
    let world = World::in_memory()?;
    for number in numbers {
        world.ingest(&world.archivist, &world.land(number)?).await?;
    }
    Ok(world)
}

/// The entries of these recordings as they stand in a database, the oldest first.
async fn rows(numbers: Range<Number>) -> Measured<Vec<Row>> {
    let request = ListRequest { state: None, below: None, from: None, limit: numbers.len() };
    let entries = seen(numbers).await?.ports.catalogue.list(&request).await?;
    entries.iter().rev().map(|entry| Row::of(entry, 2)).collect()
}
