//! Measures cataloguing in a storage account on the storage emulator, against bare upserts to the same emulator.

pub mod bare;
mod filler;
mod handler;
pub mod storage;

use std::collections::BTreeMap;
use std::time::Duration;

use azurite::Azurite;
use bare::{BareStorage, Service};
use handler::BenchHandler;
use storage::BenchStorage;
use tokio::runtime::Runtime;

use crate::report::{Measurement, Round, Wanted};
use crate::world::{LandedRecording, Number};
use crate::{Effort, Measured, cpu};

const SMALL: Number = 1_000;
/// Events per round, for all handlers together.
const EVENTS: usize = 40;
/// Number of rounds; the emulator answers a tag query wrongly above 5,000 blobs.
const ROUNDS: usize = 9;

/// Measures transactions per event in small and large tables, and events per second with one handler and with four.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (runtime, emulator) = (crate::runtime()?, Azurite::start()?);
    let estate = |entries| Estate::new(&runtime, &emulator, entries);
    let (mut small, mut large) = (estate(SMALL)?, estate(effort.pick(5_000, 100_000))?);

    let [many, few] = [&mut large, &mut small].map(|estate| estate.transactions(&runtime));
    let (many, few) = (many?, few?);
    let what = format!("transactions per event, {} entries against {SMALL}", large.entries);
    let mut figures = vec![Measurement::count(what, sum(&many), sum(&few), Wanted::AtMost(1.0))];
    figures.extend(few.iter().map(|(what, count)| Measurement::number(format!("  {what}"), *count)));

    // The baseline makes as many bare upserts as an event has transactions.
    let transactions = sum(&few).round() as usize;
    let rounds = effort.pick(3, ROUNDS);
    for (handlers, wanted) in [(1, Wanted::AtLeast(0.3)), (4, Wanted::Nothing)] {
        let measured = estate(SMALL)?.rounds(&runtime, handlers, transactions, rounds)?;
        let what = format!("events, handlers: {handlers}, against {transactions} bare upserts each");
        figures.push(Measurement::rate(what, &measured, EVENTS, wanted));
    }
    Ok(figures)
}

fn sum(counts: &BTreeMap<String, f64>) -> f64 {
    counts.values().sum()
}

/// A storage account with recordings and the catalogue.
struct Estate {
    storage: BenchStorage,
    entries: Number,
}

impl Estate {
    /// Creates an account whose tables are as large as those of a catalogue with this many entries.
    fn new(runtime: &Runtime, emulator: &Azurite, entries: Number) -> Measured<Self> {
        let account = emulator.account()?;
        let storage = runtime.block_on(BenchStorage::new(account))?;
        BenchHandler::new(&storage.account)?.create()?;
        runtime.block_on(filler::fill(&storage.account, entries))?;
        Ok(Self { storage, entries })
    }

    /// Returns the number of transactions per event by kind.
    fn transactions(&mut self, runtime: &Runtime) -> Measured<BTreeMap<String, f64>> {
        let landed = runtime.block_on(self.storage.land(EVENTS))?;
        let handler = BenchHandler::new(&self.storage.account)?;
        handler.ingest(&landed)?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (what, count) in handler.tally.counts() {
            // Blob names differ; replace each by `blob`.
            let name = landed.iter().map(|landed| landed.address.name.as_str()).find(|name| what.contains(name));
            let what = name.map_or_else(|| what.clone(), |name| what.replace(name, "blob"));
            *counts.entry(what).or_default() += count;
        }
        Ok(counts.into_iter().map(|(what, count)| (what, count as f64 / landed.len() as f64)).collect())
    }

    /// Measures `handlers` concurrent handlers against the same number of connections with bare upserts.
    fn rounds(
        &mut self,
        runtime: &Runtime,
        handlers: usize,
        transactions: usize,
        rounds: usize,
    ) -> Measured<Vec<Round>> {
        let own = (0..handlers).map(|_| BenchHandler::new(&self.storage.account)).collect::<Measured<Vec<_>>>()?;
        let mut bare = runtime.block_on(upserting(&self.storage, handlers))?;
        let mut landed = Vec::new();
        for _ in 0..=rounds {
            landed.push(runtime.block_on(self.storage.land(EVENTS))?);
        }
        let mut landed = landed.iter();
        let mut ours = || ingest_together(&own, landed.next().map(Vec::as_slice).unwrap_or_default());
        let mut baseline = || {
            let all = bare.iter_mut().map(|bare| bare.upserts(EVENTS / handlers * transactions));
            let (cost, done) = cpu::measure(cpu::elapsed, || runtime.block_on(futures_util::future::try_join_all(all)));
            done.map(|_| cost)
        };
        // The first calls open the connections.
        ours()?;
        baseline()?;
        Round::alternate(rounds, ours, baseline)
    }
}

/// Opens connections to the table service.
async fn upserting(storage: &BenchStorage, connections: usize) -> Measured<Vec<BareStorage>> {
    let mut all = Vec::new();
    for number in 0..connections {
        all.push(BareStorage::new(&storage.account, Service::Table, number)?);
    }
    if let Some(bare) = all.first_mut() {
        bare.create_table().await?;
    }
    Ok(all)
}

/// Measures the time until all handlers have ingested their share.
fn ingest_together(handlers: &[BenchHandler], landed: &[LandedRecording]) -> Measured<Duration> {
    let share = landed.len() / handlers.len();
    let (cost, done) = cpu::measure(cpu::elapsed, || {
        std::thread::scope(|scope| {
            let pairs = handlers.iter().zip(landed.chunks(share));
            let running: Vec<_> = pairs.map(|(handler, landed)| scope.spawn(|| handler.ingest(landed))).collect();
            running.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| Err("a handler panicked".into())))
        })
    });
    done.map(|()| cost)
}
