//! The queue port on SQLite.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::past::SKEW;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, Fault, LONGEST_DELAY, Queue, QueueMessage, QueueName, Receipt};
use rusqlite::{OptionalExtension, Row, params};

use super::SqliteStore;
use super::number::{from_limit, from_time, to_time};

pub(super) const SEND: &str = "INSERT INTO messages (queue, visible_at, inserted_at, dequeue_count, pop, body)
    VALUES (?1, ?2, ?3, 0, 0, ?4)";
pub(super) const VISIBLE: &str = "SELECT id, body, dequeue_count + 1, inserted_at, pop + 1 FROM messages
    WHERE queue = ?1 AND (visible_at <= ?2 OR visible_at > ?4 OR inserted_at > ?5) ORDER BY visible_at, id LIMIT ?3";
pub(super) const TAKE: &str = "UPDATE messages SET visible_at = ?2, dequeue_count = dequeue_count + 1, pop = pop + 1
    WHERE id = ?1";
pub(super) const RELEASE: &str =
    "UPDATE messages SET visible_at = ?4, pop = pop + 1 WHERE id = ?1 AND pop = ?2 AND queue = ?3";
pub(super) const DELETE: &str = "DELETE FROM messages WHERE id = ?1 AND pop = ?2 AND queue = ?3";
pub(super) const NEXT_VISIBLE: &str = "SELECT visible_at FROM messages WHERE queue = ?1 ORDER BY visible_at LIMIT 1";
pub(super) const DEPTH: &str = "SELECT count(*) FROM messages WHERE queue = ?1";

/// Queues whose messages become visible by the given clock; the longest visible one comes first.
#[derive(Clone)]
pub struct SqliteQueue {
    store: SqliteStore,
    clock: Arc<dyn Clock>,
}

impl SqliteQueue {
    /// Opens the queues of a store.
    pub fn new(store: &SqliteStore, clock: Arc<dyn Clock>) -> Self {
        Self { store: store.clone(), clock }
    }

    /// Time at which the first message of a queue is, was or becomes visible. `None` for an empty queue.
    pub async fn next_visible_at(&self, queue: QueueName) -> Result<Option<Timestamp>, Fault> {
        let found = self.store.connections.read(|connection| {
            connection.prepare_cached(NEXT_VISIBLE)?.query_row([queue.as_str()], |row| row.get(0)).optional()
        });
        let found = found.map_err(|error| error.fault(about("inspect", queue)))?;
        Ok(found.map(to_time))
    }

    /// Number of messages in a queue, including hidden ones.
    pub async fn depth(&self, queue: QueueName) -> Result<usize, Fault> {
        let count = self.store.connections.read(|connection| {
            connection.prepare_cached(DEPTH)?.query_row([queue.as_str()], |row| row.get::<_, i64>(0))
        });
        let count = count.map_err(|error| error.fault(about("count", queue)))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Runs a statement on the message of `receipt`. Returns false if this is not its latest receipt.
    async fn settle(
        &self,
        sql: &'static str,
        queue: QueueName,
        receipt: &Receipt,
        visible_at: Option<i64>,
    ) -> Result<bool, Fault> {
        let (Ok(id), Ok(pop)) = (receipt.id.parse::<i64>(), receipt.pop.parse::<i64>()) else {
            return Ok(false);
        };
        let settled = self.store.connections.run(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            match visible_at {
                None => statement.execute(params![id, pop, queue.as_str()]),
                Some(visible_at) => statement.execute(params![id, pop, queue.as_str(), visible_at]),
            }
        });
        let settled = settled.map_err(|error| error.fault(about("settle a message of", queue)))?;
        Ok(settled > 0)
    }

    fn later(&self, delay: SignedDuration) -> i64 {
        from_time(self.clock.now().saturating_add(delay).unwrap_or(Timestamp::MAX))
    }
}

impl fmt::Debug for SqliteQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteQueue").field("store", &self.store).finish_non_exhaustive()
    }
}

#[async_trait]
impl Queue for SqliteQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: SignedDuration) -> Result<(), Fault> {
        let (body, visible_at, now) = (body.to_owned(), self.later(delay), from_time(self.clock.now()));
        let sent = self
            .store
            .connections
            .run(|connection| connection.prepare_cached(SEND)?.execute(params![queue.as_str(), visible_at, now, body]));
        sent.map(|_| ()).map_err(|error| error.fault(about("send to", queue)))
    }

    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden_for: SignedDuration,
    ) -> Result<Vec<QueueMessage>, Fault> {
        let (visible_at, now, limit) = (self.later(hidden_for), from_time(self.clock.now()), from_limit(limit));
        // Messages sent or hidden under a wrong clock count as visible.
        let (beyond, ahead) = (self.later(LONGEST_DELAY.saturating_add(SKEW)), self.later(SKEW));
        let received = self.store.connections.write(|transaction| {
            let mut visible = transaction.prepare_cached(VISIBLE)?;
            let messages = visible.query_map(params![queue.as_str(), now, limit, beyond, ahead], message)?;
            let messages = messages.collect::<rusqlite::Result<Vec<_>>>()?;
            let mut take = transaction.prepare_cached(TAKE)?;
            for (id, _) in &messages {
                take.execute(params![id, visible_at])?;
            }
            Ok((!messages.is_empty()).then_some(messages))
        });
        let received = received.map_err(|error| error.fault(about("receive from", queue)))?;
        Ok(received.unwrap_or_default().into_iter().map(|(_, message)| message).collect())
    }

    async fn release(&self, queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> Result<bool, Fault> {
        self.settle(RELEASE, queue, receipt, Some(self.later(delay))).await
    }

    async fn delete(&self, queue: QueueName, receipt: &Receipt) -> Result<bool, Fault> {
        self.settle(DELETE, queue, receipt, None).await
    }
}

fn message(row: &Row<'_>) -> rusqlite::Result<(i64, QueueMessage)> {
    let (id, pop): (i64, i64) = (row.get(0)?, row.get(4)?);
    let receipt = Receipt { id: id.to_string(), pop: pop.to_string() };
    let (body, dequeue_count, inserted_at) = (row.get(1)?, row.get(2)?, to_time(row.get(3)?));
    Ok((id, QueueMessage { body, is_encoded: true, dequeue_count, inserted_at, receipt }))
}

fn about(what: &str, queue: QueueName) -> String {
    format!("{what} queue {:?}", queue.as_str())
}
