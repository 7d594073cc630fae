//! Deterministic scheduler for futures in tests.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;

/// Future scheduled by a test.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Schedule: index of the future to poll at each step, modulo the number of running ones.
#[derive(Clone, Default)]
pub struct Turns(pub Vec<u8>);

/// One line keeps a shrunk case readable.
impl fmt::Debug for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// Generates schedules. Each future runs for several steps, because most races need one to get through meanwhile.
pub fn turns() -> impl Strategy<Value = Turns> {
    prop::collection::vec((0u8..6, 1usize..10), 0..12)
        .prop_map(|runs| Turns(runs.into_iter().flat_map(|(who, turns)| vec![who; turns]).collect()))
}

/// Runs a future that waits for no other.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    interleaved(vec![Box::pin(future)], &Turns::default()).remove(0)
}

/// Runs futures on one thread. After each poll, the next turn selects the future to continue. After the last turn, the
/// futures run one after the other.
pub fn interleaved<T>(tasks: Vec<Task<'_, T>>, turns: &Turns) -> Vec<T> {
    let mut results: Vec<Option<T>> = tasks.iter().map(|_| None).collect();
    let mut running: Vec<(usize, Task<'_, T>)> = tasks.into_iter().enumerate().collect();
    let mut turns = turns.0.iter();
    let mut context = Context::from_waker(Waker::noop());
    while !running.is_empty() {
        let turn = turns.next().map_or(0, |turn| usize::from(*turn) % running.len());
        let (index, task) = &mut running[turn];
        if let Poll::Ready(result) = task.as_mut().poll(&mut context) {
            results[*index] = Some(result);
            drop(running.remove(turn));
        }
    }
    results.into_iter().flatten().collect()
}
