//! Measures cataloguing recordings in SQLite one after another, against SQLite writing the same rows in as many
//! commits.

pub mod bare;

use adapters_local::sqlite::SqliteStore;
use bare::{Bare, Row};
use tokio::runtime::Runtime;

use crate::report::{Measurement, Round, Wanted};
use crate::world::{BenchWorld, LandedRecording, Number};
use crate::{Effort, Measured, cpu};

/// Events per round.
const EVENTS: usize = 100;

/// Measures events per second, and commits per event.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (runtime, rounds) = (crate::runtime()?, effort.pick(5, 31));
    let events = Number::try_from(rounds * EVENTS)?;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let [our_file, bare_file] = ["ours.sqlite", "bare.sqlite"].map(|name| folder.path().join(name));

    let world = BenchWorld::in_sqlite(&SqliteStore::open(&our_file)?)?;
    let landed = (0..events).map(|number| world.land(number)).collect::<Measured<Vec<_>>>()?;
    let mut landed = landed.chunks(EVENTS);
    let ours = || {
        let landed = landed.next().unwrap_or_default();
        let (cost, done) = cpu::measure(cpu::elapsed, || runtime.block_on(ingest(&world, landed)));
        done.map(|()| cost)
    };

    let mut bare = Bare::open(&bare_file)?;
    let rows = rows(&runtime, events)?;
    let mut chunks = rows.chunks(EVENTS);
    let baseline = || {
        let rows = chunks.next().unwrap_or_default();
        let (cost, done) = cpu::measure(cpu::elapsed, || write(&mut bare, rows));
        done.map(|()| cost)
    };

    let rounds = Round::alternate(rounds, ours, baseline)?;
    let saved = Bare::open(&our_file)?;
    if saved.content()? != bare.content()? {
        return Err("the two databases differ, so their times cannot be compared".into());
    }
    let [our_commits, bare_commits] = [saved.saves()?, bare.saves()?].map(|saves| saves / f64::from(events));
    Ok(vec![
        Measurement::rate("events, SQLite (WAL, FULL)", &rounds, EVENTS, Wanted::AtLeast(0.8)),
        Measurement::count("commits per event", our_commits, bare_commits, Wanted::AtMost(1.0)),
    ])
}

async fn ingest(world: &BenchWorld, landed: &[LandedRecording]) -> Measured<()> {
    for landed in landed {
        world.ingest(&world.archivist, landed).await?;
    }
    Ok(())
}

fn write(bare: &mut Bare, rows: &[[Row; 2]]) -> Measured<()> {
    for [first, second] in rows {
        bare.insert(std::slice::from_ref(first))?;
        bare.update(second)?;
    }
    Ok(())
}

/// Returns the rows that the catalogue saves for each event: the decided entry, and the entry after its effects.
fn rows(runtime: &Runtime, events: Number) -> Measured<Vec<[Row; 2]>> {
    let world = BenchWorld::in_memory()?;
    let (archivist, calls) = world.watched()?;
    let rows_of = |number| {
        runtime.block_on(world.ingest(&archivist, &world.land(number)?))?;
        let saved: Vec<_> = calls.take().into_iter().flatten().collect();
        match saved.as_slice() {
            [first, second] => Ok([Row::from_entry(first, 1)?, Row::from_entry(second, 2)?]),
            _ => Err(format!("an event saves {} entries, and the baseline writes 2 of them", saved.len()).into()),
        }
    };
    (0..events).map(rows_of).collect()
}
