//! Queue behaviour beyond the port on which the local host stand-in relies.

use std::sync::Arc;

use adapters_local::memory::MemoryQueue;
use adapters_local::sqlite::{SqliteQueue, SqliteStore};
use jiff::SignedDuration;
use pipeline::ports::{Clock, Queue, QueueName};
use pipeline::testing::TestClock;
use tempfile::TempDir;

const EVENTS: QueueName = QueueName::RecordingEvents;

fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}

fn memory(clock: Arc<TestClock>) -> (MemoryQueue, ()) {
    (MemoryQueue::new(clock), ())
}

fn sqlite(clock: Arc<TestClock>) -> (SqliteQueue, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("catalogue.sqlite")).unwrap();
    (SqliteQueue::new(&store, clock), folder)
}

macro_rules! queue_tests {
    ($make:ident) => {
        mod $make {
            use super::*;

            #[tokio::test]
            async fn the_longest_visible_message_comes_first() {
                let clock = Arc::new(TestClock::default());
                let (queue, _alive) = $make(clock.clone());
                for (body, delay) in [("a", 0), ("c", 3), ("b", 0), ("d", 3), ("never", 9)] {
                    queue.send(EVENTS, body, seconds(delay)).await.unwrap();
                }
                clock.advance(seconds(5));
                queue.send(EVENTS, "e", seconds(0)).await.unwrap();
                let taken = queue.receive(EVENTS, 4, seconds(1)).await.unwrap();
                assert_eq!(taken.iter().map(|message| message.body.as_str()).collect::<String>(), "abcd");
                clock.advance(seconds(2));
                let taken = queue.receive(EVENTS, 10, seconds(1)).await.unwrap();
                assert_eq!(taken.iter().map(|message| message.body.as_str()).collect::<String>(), "eacbd");
            }

            #[tokio::test]
            async fn the_next_visible_time_follows_sends_takings_and_deletes() {
                let clock = Arc::new(TestClock::default());
                let start = clock.now();
                let (queue, _alive) = $make(clock);
                let next = async || queue.next_visible_at(EVENTS).await.unwrap();
                assert_eq!(next().await, None);
                queue.send(EVENTS, "later", seconds(9)).await.unwrap();
                assert_eq!(next().await, Some(start + seconds(9)));
                queue.send(EVENTS, "now", seconds(0)).await.unwrap();
                assert_eq!(next().await, Some(start));
                let message = queue.receive(EVENTS, 1, seconds(5)).await.unwrap().remove(0);
                assert_eq!(next().await, Some(start + seconds(5)));
                queue.delete(EVENTS, &message.receipt).await.unwrap();
                assert_eq!(next().await, Some(start + seconds(9)));
                assert_eq!(queue.next_visible_at(QueueName::Notifications).await.unwrap(), None);
            }

            #[tokio::test]
            async fn the_depth_counts_hidden_messages_too() {
                let (queue, _alive) = $make(Arc::new(TestClock::default()));
                for delay in [0, 0, 9] {
                    queue.send(EVENTS, "body", seconds(delay)).await.unwrap();
                }
                let taken = queue.receive(EVENTS, 1, seconds(5)).await.unwrap().remove(0);
                assert_eq!(queue.depth(EVENTS).await.unwrap(), 3);
                queue.delete(EVENTS, &taken.receipt).await.unwrap();
                assert_eq!(queue.depth(EVENTS).await.unwrap(), 2);
                assert_eq!(queue.depth(QueueName::Notifications).await.unwrap(), 0);
            }

            #[tokio::test]
            async fn a_receipt_of_a_deleted_message_never_fits_a_later_one() {
                let (queue, _alive) = $make(Arc::new(TestClock::default()));
                queue.send(EVENTS, "first", seconds(0)).await.unwrap();
                let first = queue.receive(EVENTS, 1, seconds(5)).await.unwrap().remove(0);
                queue.delete(EVENTS, &first.receipt).await.unwrap();
                queue.send(EVENTS, "second", seconds(0)).await.unwrap();
                let second = queue.receive(EVENTS, 1, seconds(5)).await.unwrap().remove(0);
                assert_ne!(first.receipt, second.receipt);
                assert!(!queue.delete(EVENTS, &first.receipt).await.unwrap());
                assert_eq!(queue.depth(EVENTS).await.unwrap(), 1);
            }
        }
    };
}

queue_tests!(memory);
queue_tests!(sqlite);
