//! Plays a day: arrivals, timers in between, and days of silence after it.

use std::future::Future;
use std::task::{Context, Poll, Waker};

use estate_simulator::{Arriving, EstateDay};
use jiff::SignedDuration;

use crate::simulation::watcher::Watcher;
use crate::simulation::world::{Processes, SimulationWorld};

/// Period of the timers in the simulation; they also fire after each arrival.
const SWEEP: SignedDuration = SignedDuration::from_mins(20);
/// Period of container listings. Longer than in production, so many blobs stay unlisted for long.
const LISTING: SignedDuration = SignedDuration::from_hours(3);
/// Period of listings after the last arrival.
const LATER: SignedDuration = SignedDuration::from_hours(1);
/// Time from the last arrival until the last deadline has passed.
const SILENCE: SignedDuration = SignedDuration::from_hours(80);

/// A played day.
pub struct Played {
    pub world: SimulationWorld,
    pub watcher: Watcher,
}

/// Plays a day with a watcher at every step.
pub fn play(day: &EstateDay, processes: Processes) -> Played {
    now(async {
        let world = SimulationWorld::new(day, processes);
        let mut watcher = Watcher::default();
        let mut arrivals = day.arrivals.iter().peekable();
        let end = day.arrivals.last().unwrap().at + SILENCE;
        let mut tick = world.now();
        while tick < end {
            let next = arrivals.next_if(|arrival| arrival.at <= tick + SWEEP);
            if let Some(arrival) = next {
                world.clock.set(arrival.at.max(world.now()));
                arrive(&world, &arrival.what).await;
            } else {
                tick += if arrivals.peek().is_some() { SWEEP } else { LATER };
                world.clock.set(tick);
                world.archivist().tailing.tail(&|| true).await.unwrap();
                if arrivals.peek().is_none() || tick.as_second() % LISTING.as_secs() < SWEEP.as_secs() {
                    world.archivist().reconciliation.reconcile(&|| true).await.unwrap();
                }
            }
            world.archivist().due_work.sweep(&|| true).await.unwrap();
            watcher.look(day, &world).await;
        }
        Played { world, watcher }
    })
}

async fn arrive(world: &SimulationWorld, what: &Arriving) {
    match what {
        Arriving::Event { address, event } => drop(world.archivist().recordings.ingest(address, event).await.unwrap()),
        Arriving::BlobPresent { address, properties } => world.storage.put(address, properties.clone()),
        Arriving::BlobGone { address } => world.storage.remove(address),
        Arriving::LogAppended { address, bytes } => {
            let is_new = world.storage.append(address, bytes, world.now());
            // The event of every other log is lost.
            if is_new && !address.name.as_str().contains("/h=1") {
                world.archivist().audit_log.log_landed(address, &|| true).await.unwrap();
            }
        }
    }
}

/// Runs a future that depends on no other task.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = Box::pin(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
    }
}
