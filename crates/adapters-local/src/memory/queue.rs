//! The queue port in memory.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::past::{is_ahead, is_beyond};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, Fault, LONGEST_DELAY, Queue, QueueMessage, QueueName, Receipt};

use super::lock;

/// Queues whose messages become visible by the given clock.
pub struct MemoryQueue {
    clock: Arc<dyn Clock>,
    rows: Mutex<Rows>,
}

#[derive(Default)]
struct Rows {
    last_id: u64,
    /// In the order of delivery.
    messages: BTreeMap<Place, Message>,
    places: HashMap<u64, Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    queue: QueueName,
    visible_at: Timestamp,
    id: u64,
}

struct Message {
    body: String,
    inserted_at: Timestamp,
    dequeue_count: u32,
    /// Counts receives and releases: only the latest receipt is valid.
    pop: u64,
}

impl MemoryQueue {
    /// Creates empty queues.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, rows: Mutex::default() }
    }

    /// Time at which the first message of a queue is, was or becomes visible. `None` for an empty queue.
    pub async fn next_visible_at(&self, queue: QueueName) -> Result<Option<Timestamp>, Fault> {
        Ok(lock(&self.rows).in_queue(queue).next().map(|place| place.visible_at))
    }

    /// Number of messages in a queue, including hidden ones.
    pub async fn depth(&self, queue: QueueName) -> Result<usize, Fault> {
        Ok(lock(&self.rows).in_queue(queue).count())
    }
}

impl fmt::Debug for MemoryQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryQueue").finish_non_exhaustive()
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: SignedDuration) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut rows = lock(&self.rows);
        rows.last_id += 1;
        let place = Place { queue, visible_at: later(now, delay), id: rows.last_id };
        rows.put(place, Message { body: body.to_owned(), inserted_at: now, dequeue_count: 0, pop: 0 });
        Ok(())
    }

    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden_for: SignedDuration,
    ) -> Result<Vec<QueueMessage>, Fault> {
        let now = self.clock.now();
        let mut rows = lock(&self.rows);
        // Messages sent or hidden under a wrong clock count as visible.
        let is_wrong = |place: &Place| {
            let inserted_at = rows.messages.get(place).map(|message| message.inserted_at);
            is_beyond(place.visible_at, LONGEST_DELAY, now) || inserted_at.is_some_and(|at| is_ahead(at, now))
        };
        let visible = rows.in_queue(queue).filter(|place| place.visible_at <= now || is_wrong(place));
        let visible: Vec<Place> = visible.take(limit).collect();
        let taken = visible.into_iter().filter_map(|place| {
            let mut message = rows.take(place)?;
            message.dequeue_count += 1;
            message.pop += 1;
            let received = QueueMessage {
                is_encoded: true,
                body: message.body.clone(),
                dequeue_count: message.dequeue_count,
                inserted_at: message.inserted_at,
                receipt: Receipt { id: place.id.to_string(), pop: message.pop.to_string() },
            };
            rows.put(Place { visible_at: later(now, hidden_for), ..place }, message);
            Some(received)
        });
        Ok(taken.collect())
    }

    async fn release(&self, queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> Result<bool, Fault> {
        let visible_at = later(self.clock.now(), delay);
        let mut rows = lock(&self.rows);
        let Some((place, mut message)) = rows.take_by(queue, receipt) else {
            return Ok(false);
        };
        message.pop += 1;
        rows.put(Place { visible_at, ..place }, message);
        Ok(true)
    }

    async fn delete(&self, queue: QueueName, receipt: &Receipt) -> Result<bool, Fault> {
        Ok(lock(&self.rows).take_by(queue, receipt).is_some())
    }
}

impl Rows {
    fn in_queue(&self, queue: QueueName) -> impl Iterator<Item = Place> {
        let first = Place { queue, visible_at: Timestamp::MIN, id: 0 };
        self.messages.range(first..).map(|(place, _)| *place).take_while(move |place| place.queue == queue)
    }

    fn put(&mut self, place: Place, message: Message) {
        self.places.insert(place.id, place);
        self.messages.insert(place, message);
    }

    fn take(&mut self, place: Place) -> Option<Message> {
        self.places.remove(&place.id);
        self.messages.remove(&place)
    }

    /// Removes the message whose latest receipt this is.
    fn take_by(&mut self, queue: QueueName, receipt: &Receipt) -> Option<(Place, Message)> {
        let place = *self.places.get(&receipt.id.parse().ok()?)?;
        let latest = self.messages.get(&place)?.pop.to_string();
        if place.queue != queue || latest != receipt.pop {
            return None;
        }
        Some((place, self.take(place)?))
    }
}

fn later(now: Timestamp, delay: SignedDuration) -> Timestamp {
    now.saturating_add(delay).unwrap_or(Timestamp::MAX)
}
