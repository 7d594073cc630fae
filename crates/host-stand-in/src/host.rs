//! Stand-in of the Functions host: pumps, timers, events and orders of one handler, in discrete steps.

use std::sync::Arc;

use futures_util::future::{join_all, try_join_all};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, Fault};
use tokio::sync::mpsc;

use crate::backlog::Backlog;
use crate::by_hand::{ByHand, ManualRun};
use crate::calls::Calls;
use crate::folder_events::FolderEvents;
use crate::function::{FunctionDefinition, Trigger};
use crate::handler::{Handler, NotReady};
use crate::http::Proxy;
use crate::invoker::Invoker;
use crate::local_queue::LocalQueue;
use crate::place::HandlerPlace;
use crate::pump::Pump;
use crate::settings::HostSettings;
use crate::stop::Stop;
use crate::timer::Timer;

/// Time before a due item from which all timers run on schedule, because the work of one builds on another's.
const AWAKE_BEFORE: SignedDuration = SignedDuration::from_mins(3);

/// Time between the timers that fire after they have skipped runs.
const APART: SignedDuration = SignedDuration::from_secs(7);

/// Parts of the stand-in.
pub struct Setup {
    /// Settings of `host.json`.
    pub settings: HostSettings,
    /// Functions to fire.
    pub functions: Vec<FunctionDefinition>,
    /// Address of the handler.
    pub handler: HandlerPlace,
    /// Queues of the functions.
    pub queue: Arc<dyn LocalQueue>,
    /// Clock, shared with the handler.
    pub clock: Arc<dyn Clock>,
    /// Remaining work in the stores; `None` if only the queues are known.
    pub backlog: Option<Backlog>,
    /// Source of storage events; `None` if another system raises them.
    pub events: Option<FolderEvents>,
}

/// Fires the functions of one handler. [`run_driven`](crate::run_driven) and [`run_real`](crate::run_real) keep it
/// running.
pub struct Host {
    pub(crate) pumps: Vec<Pump>,
    pub(crate) timers: Vec<Timer>,
    pub(crate) orders: mpsc::Receiver<ManualRun>,
    pub(crate) events: Option<FolderEvents>,
    pub(crate) backlog: Option<Backlog>,
    pub(crate) invoker: Arc<Invoker>,
    pub(crate) settings: HostSettings,
    by_hand: ByHand,
    proxy: Proxy,
    stop: Stop,
}

impl Host {
    /// Creates the stand-in; timers start now.
    pub fn new(setup: Setup) -> Self {
        let Setup { settings, functions, handler, queue, clock, backlog, events } = setup;
        let invoker = Arc::new(Invoker::new(Handler::new(handler, settings.function_timeout), clock));
        let (by_hand, orders) = ByHand::new(&functions);
        let proxy = Proxy::new(&functions, &settings.http.route_prefix, Arc::clone(&invoker));
        let (mut pumps, mut timers) = (Vec::new(), Vec::new());
        for function in functions {
            let invoker = Arc::clone(&invoker);
            match function.trigger.clone() {
                Trigger::Queue(name) => {
                    let (port, settings) = (Arc::clone(&queue), settings.clone());
                    pumps.push(Pump { function, queue: name, port, settings, invoker });
                }
                Trigger::Timer { schedule, run_on_startup } => {
                    timers.push(Timer::new(function, schedule, run_on_startup, invoker));
                }
                Trigger::Http { .. } => {}
            }
        }
        Self { pumps, timers, orders, events, backlog, invoker, settings, by_hand, proxy, stop: Stop::new() }
    }

    /// Waits until the handler responds, for at most 30 seconds.
    pub async fn handler_ready(&self) -> Result<(), NotReady> {
        self.invoker.handler().ready().await
    }

    /// Returns the counters of function calls.
    pub fn calls(&self) -> Calls {
        self.invoker.calls().clone()
    }

    /// Returns the handle that fires functions by hand.
    pub(crate) fn by_hand(&self) -> ByHand {
        self.by_hand.clone()
    }

    /// Returns the proxy for HTTP functions.
    pub(crate) fn proxy(&self) -> Proxy {
        self.proxy.clone()
    }

    /// Returns the source of storage events, or `None` if another system raises them.
    pub fn events(&mut self) -> Option<&mut FolderEvents> {
        self.events.as_mut()
    }

    /// Raises events for changes in the folder. Returns their number.
    pub async fn raise_events(&mut self) -> Result<usize, Fault> {
        match &mut self.events {
            Some(events) => events.raise().await,
            None => Ok(0),
        }
    }

    /// Does all work due now: fires timers, drains visible messages, follows orders, until none is left. Returns when
    /// the next work is due, or `None` if there is neither a timer nor a message.
    ///
    /// On return nothing is in flight, so a driven clock may advance.
    pub async fn step(&mut self) -> Result<Option<Timestamp>, Fault> {
        while self.pass().await? > 0 {}
        self.next_at().await
    }

    /// Returns true if no queue of a function and no poison queue holds a message, visible or hidden, and the backlog
    /// is empty.
    pub async fn is_at_rest(&self) -> Result<bool, Fault> {
        self.rests_until(Timestamp::MAX).await
    }

    /// Returns true if no message is visible and nothing is due at `until` or before. Call it only while nothing is in
    /// flight.
    pub(crate) async fn rests_until(&self, until: Timestamp) -> Result<bool, Fault> {
        let messages = try_join_all(self.pumps.iter().map(Pump::next_at)).await?;
        let poison = try_join_all(self.pumps.iter().map(Pump::next_poison_at)).await?;
        let mut messages = messages.into_iter().chain(poison).flatten();
        let nothing_to_do = match &self.backlog {
            Some(backlog) => backlog.is_empty(until).await?,
            None => true,
        };
        Ok(nothing_to_do && messages.all(|at| at > until))
    }

    /// Lets frequent timers skip runs until shortly before the next due item, if no message can cause work earlier.
    pub(crate) async fn doze(&mut self) -> Result<(), Fault> {
        let messages = try_join_all(self.pumps.iter().map(Pump::next_at)).await?;
        let poison = try_join_all(self.pumps.iter().map(Pump::next_poison_at)).await?;
        let (None, Some(backlog)) = (messages.into_iter().chain(poison).flatten().next(), &self.backlog) else {
            return Ok(());
        };
        let Some(due) = backlog.next_at().await? else { return Ok(()) };
        let until = due.saturating_sub(AWAKE_BEFORE).unwrap_or(Timestamp::MIN);
        self.timers.iter_mut().for_each(|timer| timer.doze(until));
        Ok(())
    }

    /// Lets all timers skip their runs before `until`. Those with skipped runs then fire one after the other.
    pub(crate) fn sleep(&mut self, until: Timestamp) {
        for (number, timer) in (0..).zip(&mut self.timers) {
            timer.sleep(until + APART * number);
        }
    }

    async fn pass(&mut self) -> Result<usize, Fault> {
        let mut done = 0;
        while let Ok(order) = self.orders.try_recv() {
            order.fire(&self.invoker).await;
            done += 1;
        }
        done +=
            join_all(self.timers.iter_mut().map(Timer::fire_if_due)).await.into_iter().filter(|fired| *fired).count();
        // Collects all results before failing, so that work in flight in other queues is completed.
        let drained: Result<Vec<usize>, Fault> =
            join_all(self.pumps.iter().map(|pump| pump.drain(&self.stop))).await.into_iter().collect();
        Ok(done + drained?.into_iter().sum::<usize>())
    }

    /// Returns when the next timer or message is due.
    pub(crate) async fn next_at(&self) -> Result<Option<Timestamp>, Fault> {
        let messages = try_join_all(self.pumps.iter().map(Pump::next_at)).await?;
        Ok(messages.into_iter().flatten().chain(self.timers.iter().map(Timer::next_at)).min())
    }
}
