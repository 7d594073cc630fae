//! Runs the host in real time: every source of work has its own loop, so that a slow function does not delay the
//! others.

use std::future::Future;
use std::time::Duration;

use futures_util::future::join_all;
use pipeline::ports::Fault;
use tokio::sync::{mpsc, watch};
use tracing::error;

use crate::by_hand::ManualRun;
use crate::folder_events::FolderEvents;
use crate::host::Host;
use crate::invoker::Invoker;
use crate::pause::pause;
use crate::pump::Pump;
use crate::stop::Stop;
use crate::timer::Timer;

/// Interval of folder scans; an event is raised and handled within 5 seconds.
const FOLDER_INTERVAL: Duration = Duration::from_secs(2);

/// Polling interval right after work; it grows while the queue is empty.
const SHORTEST_POLLING_INTERVAL: Duration = Duration::from_millis(100);

/// Pause between steps of a run to rest, which gives timers time to become due.
const BETWEEN_STEPS: Duration = Duration::from_millis(200);

/// Maximum sleep of a loop before it reads the clock again, which may have been set or paused by suspend.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Fires functions in real time until `shutdown`, then completes the work in flight.
///
/// A failed port call is logged and retried: the message or the change remains.
pub async fn run_real(host: &mut Host, shutdown: impl Future<Output = ()>) {
    let stop = Stop::new();
    let bell = Bell::new();
    let longest = host.settings.queues.max_polling_interval;
    let Host { pumps, timers, orders, events, invoker, .. } = host;
    let pumps = &*pumps;
    if let Some(events) = events {
        raise(events, &bell).await;
    }
    let asked = async {
        tokio::select! {
            () = shutdown => stop.ask(),
            () = stop.asked() => {}
        }
    };
    tokio::join!(
        join_all(pumps.iter().map(|pump| pump_loop(pump, longest, &bell, &stop))),
        join_all(timers.iter_mut().map(|timer| timer_loop(timer, &bell, &stop))),
        folder_loop(events.as_mut(), &bell, &stop),
        order_loop(orders, invoker, &bell, &stop),
        asked,
    );
}

/// Fires functions in real time until no work is due now; later work is left to the next run.
///
/// # Errors
/// Returns the fault if a queue or the folder fails.
pub async fn run_to_rest(host: &mut Host) -> Result<(), Fault> {
    loop {
        let raised = host.raise_events().await?;
        host.step().await?;
        if raised == 0 && host.rests_until(host.invoker.now()).await? {
            return Ok(());
        }
        pause(BETWEEN_STEPS).await;
    }
}

/// Wakes queue loops when a queue may have a new message, so that they skip the rest of the polling interval.
struct Bell(watch::Sender<()>);

impl Bell {
    fn new() -> Self {
        Self(watch::Sender::new(()))
    }

    fn ring(&self) {
        self.0.send_replace(());
    }
}

async fn pump_loop(pump: &Pump, longest: Duration, bell: &Bell, stop: &Stop) {
    let mut rung = bell.0.subscribe();
    let mut interval = SHORTEST_POLLING_INTERVAL;
    while !stop.is_asked() {
        interval = match pump.drain(stop).await {
            Ok(0) => (interval * 2).min(longest),
            Ok(_) => {
                bell.ring();
                SHORTEST_POLLING_INTERVAL
            }
            Err(fault) => {
                error!(queue = pump.queue.as_str(), %fault, "queue not read");
                longest
            }
        };
        tokio::select! {
            _ = rung.changed() => interval = SHORTEST_POLLING_INTERVAL,
            () = wait(interval, stop) => {}
        }
    }
}

async fn timer_loop(timer: &mut Timer, bell: &Bell, stop: &Stop) {
    while !stop.is_asked() {
        if timer.fire_if_due().await {
            bell.ring();
        }
        wait(timer.wait().min(LONGEST_WAIT), stop).await;
    }
}

async fn folder_loop(events: Option<&mut FolderEvents>, bell: &Bell, stop: &Stop) {
    let Some(events) = events else { return };
    loop {
        wait(FOLDER_INTERVAL, stop).await;
        if stop.is_asked() {
            return;
        }
        raise(events, bell).await;
    }
}

async fn raise(events: &mut FolderEvents, bell: &Bell) {
    match events.raise().await {
        Ok(0) => {}
        Ok(_) => bell.ring(),
        Err(fault) => error!(%fault, "folder not read"),
    }
}

async fn order_loop(orders: &mut mpsc::Receiver<ManualRun>, invoker: &Invoker, bell: &Bell, stop: &Stop) {
    loop {
        tokio::select! {
            Some(order) = orders.recv() => {
                order.fire(invoker).await;
                bell.ring();
            }
            () = stop.asked() => return,
        }
    }
}

async fn wait(duration: Duration, stop: &Stop) {
    tokio::select! {
        () = pause(duration) => {}
        () = stop.asked() => {}
    }
}
