//! Calls the processes concurrently, like the platform and the hosts.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use adapters_local::SystemClock;
use domain::digest;
use jiff::SignedDuration;
use pipeline::TRIES;
use pipeline::ports::{Clock, Queue, QueueName};

use crate::support::azure::EmulatorAccount;
use crate::support::envelope;
use crate::support::process::http::post;

/// Concurrent calls per process.
const IN_FLIGHT: usize = 8;

/// Delivers all messages to every process, in a different order for each, and retries failed ones.
pub fn deliver(ports: &[u16], messages: &[String]) {
    let queues: Vec<_> = (0..ports.len()).map(|seed| Mutex::new(shuffled(seed, messages))).collect();
    thread::scope(|scope| {
        for (port, queue) in ports.iter().zip(&queues).flat_map(|one| [one; IN_FLIGHT]) {
            scope.spawn(move || {
                // A `while let` on the lock itself would hold the lock during the call.
                let next = || queue.lock().unwrap().pop_front();
                while let Some((message, tries)) = next() {
                    if call(*port, "recording_landed", message, tries) != 200 {
                        assert!(tries < TRIES, "given up: {message}");
                        queue.lock().unwrap().push_back((message, tries + 1));
                    }
                }
            });
        }
    });
}

/// Runs a sweep in all processes at the same time.
pub fn sweep(ports: &[u16]) {
    let run = envelope::timer("join_sweep", SystemClock.now());
    together(ports, |port| post(port, "/join_sweep", &run).unwrap().status);
}

/// Delivers every message of the notification queue to two processes at the same time, until none is visible. Returns
/// the number of messages.
///
/// The second process queues the attempt again, with a delay after which the first one counts as dead.
pub fn notify(account: &EmulatorAccount, ports: &[u16]) -> usize {
    let queue = QueueName::Notifications;
    let taken = AtomicUsize::new(0);
    let pump = || {
        loop {
            let hidden_for = SignedDuration::from_mins(10);
            let messages = account.runtime.block_on(account.queues.receive(queue, 4, hidden_for)).unwrap();
            if messages.is_empty() {
                return;
            }
            for message in messages {
                let turn = taken.fetch_add(1, Ordering::Relaxed);
                let twice = [turn, turn + 1].map(|turn| ports[turn % ports.len()]);
                let statuses =
                    together(&twice, |port| call(port, "notification_delivery", &message.body, message.dequeue_count));
                account
                    .runtime
                    .block_on(async {
                        match statuses.as_slice() {
                            [200, 200] => account.queues.delete(queue, &message.receipt).await,
                            _ => account.queues.release(queue, &message.receipt, SignedDuration::ZERO).await,
                        }
                    })
                    .unwrap();
            }
        }
    };
    thread::scope(|scope| (0..IN_FLIGHT).for_each(|_| drop(scope.spawn(pump))));
    taken.into_inner()
}

/// Calls all these processes at the same time.
fn together(ports: &[u16], call: impl Fn(u16) -> u16 + Sync) -> Vec<u16> {
    let call = &call;
    thread::scope(|scope| {
        let calls: Vec<_> = ports.iter().map(|port| scope.spawn(move || call(*port))).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    })
}

fn call(port: u16, function: &str, message: &str, tries: u32) -> u16 {
    let body = envelope::queue(function, message, tries.into(), SystemClock.now());
    post(port, &format!("/{function}"), &body).unwrap().status
}

fn shuffled(seed: usize, messages: &[String]) -> VecDeque<(&str, u32)> {
    let mut shuffled: Vec<_> = messages.iter().map(|message| (message.as_str(), 1)).collect();
    shuffled.sort_by_cached_key(|(message, _)| digest::hash_parts(&[&seed.to_be_bytes(), message.as_bytes()]));
    shuffled.into()
}
