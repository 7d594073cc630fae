//! Ports that count, yield, fail and die on purpose.
//!
//! A [`Gate`] stands for one run of the program: all its port calls pass the gate.

mod ports;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use crate::ports::{Fault, FaultKind};

/// Time of the program's death. Calls are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Dies before this call is made.
    Before(usize),
    /// Dies after this call is made; its answer is lost.
    After(usize),
}

/// Gate that all port calls of one run of the program pass.
///
/// Calls have names like `catalogue.save`. After death, every call fails without reaching a port.
#[derive(Debug, Default)]
pub struct Gate {
    yields: bool,
    death: Option<Death>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    made: usize,
    fails_at: Option<(usize, FaultKind)>,
    failed_in: Option<&'static str>,
    calls: BTreeMap<&'static str, usize>,
    failing: Vec<(&'static str, FaultKind)>,
    died_in: Option<&'static str>,
}

enum Fate {
    Made,
    AnswerLost,
    Failed(Fault),
}

impl Gate {
    /// Returns a gate that only counts.
    pub fn open() -> Self {
        Self::default()
    }

    /// Returns a gate at which the program dies.
    pub fn deadly(death: Death) -> Self {
        Self { death: Some(death), ..Self::default() }
    }

    /// Returns a gate at which only call `number`, counted from 1, fails, with this kind of error.
    pub fn failing_at(number: usize, kind: FaultKind) -> Self {
        let gate = Self::open();
        gate.state().fails_at = Some((number, kind));
        gate
    }

    /// Makes the gate yield once before every call, so that the poller chooses the next future.
    pub fn yielding(self) -> Self {
        Self { yields: true, ..self }
    }

    /// Makes calls whose name begins with `prefix` fail with this kind of error from now on.
    pub fn fail(&self, prefix: &'static str, kind: FaultKind) {
        self.state().failing.push((prefix, kind));
    }

    /// Ends all failures set by [`fail`](Self::fail); a dead program stays dead.
    pub fn mend(&self) {
        self.state().failing.clear();
    }

    /// Returns the number of calls made, by name.
    pub fn calls(&self) -> BTreeMap<&'static str, usize> {
        self.state().calls.clone()
    }

    /// Returns the call in which the program died, or `None` while it lives.
    pub fn died_in(&self) -> Option<&'static str> {
        self.state().died_in
    }

    /// Returns the call that [failed](Self::failing_at), or `None` if it was not reached yet.
    pub fn failed_in(&self) -> Option<&'static str> {
        self.state().failed_in
    }

    async fn pass<T>(
        &self,
        call: &'static str,
        made: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Fault> {
        if self.yields {
            GiveWay::default().await;
        }
        match self.enter(call) {
            Fate::Made => made.await,
            Fate::AnswerLost => made.await.and_then(|_| Err(dead(call))),
            Fate::Failed(fault) => Err(fault),
        }
    }

    fn enter(&self, call: &'static str) -> Fate {
        let mut state = self.state();
        if state.died_in.is_some() {
            return Fate::Failed(dead(call));
        }
        let number = state.made + 1;
        if self.death == Some(Death::Before(number)) {
            state.died_in = Some(call);
            return Fate::Failed(dead(call));
        }
        if let Some((_, kind)) = state.fails_at.take_if(|(at, _)| *at == number) {
            state.failed_in = Some(call);
            return Fate::Failed(fault(call, kind));
        }
        if let Some((_, kind)) = state.failing.iter().find(|(prefix, _)| call.starts_with(prefix)) {
            return Fate::Failed(fault(call, *kind));
        }
        state.made = number;
        *state.calls.entry(call).or_default() += 1;
        if self.death == Some(Death::After(number)) {
            state.died_in = Some(call);
            return Fate::AnswerLost;
        }
        Fate::Made
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn dead(call: &str) -> Fault {
    Fault::transient(format!("call {call}"), "the program is dead")
}

fn fault(call: &str, kind: FaultKind) -> Fault {
    let mut fault = Fault::transient(format!("call {call}"), "it fails on purpose");
    fault.kind = kind;
    fault
}

/// Pending once; wakes itself immediately.
#[derive(Default)]
struct GiveWay {
    given: bool,
}

impl Future for GiveWay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.given, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
