//! Audit logs that grow while one or two readers read them.

use std::sync::Arc;

use azurite::{Account, Azurite};
use jiff::SignedDuration;
use pipeline::Archivist;
use pipeline::testing::{Saves, WatchedSessions};

use crate::promises::outcome::{PromiseOutcome, outcome};
use crate::promises::run::Run;
use crate::promises::services::{LogLines, Services};
use crate::promises::visits::{AzureVisit, BROKEN};
use crate::promises::world::{AzureWorld, logging};

/// Growth of the log per step, in bytes: more than a record, and never a multiple of one.
const GROWS_BY: usize = 1_009;
/// Number of valid records in the log.
const RECORDS: usize = 15;

/// A log of seven overlapping sessions and a failed login, with a broken line among them.
fn text(world: &AzureWorld) -> String {
    let visit = |n: i64| {
        AzureVisit::new(&format!("t{n}"), world.now() + SignedDuration::from_secs(n), SignedDuration::from_mins(10))
    };
    let begun = (0..7).map(|n| visit(n).begun());
    let over = (0..7).rev().map(|n| visit(n).over());
    begun.chain([BROKEN.to_owned(), visit(7).failed()]).chain(over).collect()
}

/// A growing log in an account of its own, with its reader.
struct Growing {
    world: AzureWorld,
    account: Account,
    saves: Arc<Saves>,
    text: String,
}

impl Growing {
    async fn new() -> Self {
        let account = Azurite::shared().unwrap().account().unwrap();
        let world = AzureWorld::new(&LogLines::new(&account), &account, &account, &Run::UNDISTURBED, logging()).await;
        world.storage.begin_log().await;
        Self { text: text(&world), saves: Arc::default(), world, account }
    }

    /// Creates another reader with its own connections.
    fn reader(&self) -> Archivist {
        let services = Services::new(&self.account, &LogLines::new(&self.account).retrying.to(&self.account));
        let sessions = Arc::new(WatchedSessions { sessions: services.sessions.clone(), saves: self.saves.clone() });
        self.world.archivist_on(&Services { sessions, ..services }, &Arc::default())
    }

    /// Steps by which the log grows. Most end inside a record.
    fn pieces(&self) -> impl Iterator<Item = &str> {
        self.text.as_bytes().chunks(GROWS_BY).map(|piece| std::str::from_utf8(piece).unwrap())
    }

    async fn outcome(&self) -> PromiseOutcome {
        self.saves.lost_nothing();
        self.world.settle().await;
        let outcome = outcome(&self.world).await;
        assert_eq!((self.world.repeats(), outcome.quarantine.len(), outcome.sessions.len()), (0, 1, 8));
        let length = self.text.len() as u64;
        assert_eq!(outcome.positions, [(length, length)], "it was read to its end");
        outcome
    }
}

/// Outcome of a complete log read once.
async fn read_once() -> PromiseOutcome {
    let whole = Growing::new().await;
    whole.world.storage.grow_log(&whole.text).await;
    let read = whole.reader().tailing.tail(&|| true).await.unwrap().read;
    assert_eq!((read.records, read.rejected, read.changed), (RECORDS, 1, 8));
    whole.outcome().await
}

#[tokio::test]
async fn a_log_read_while_growing_gives_the_same_result() {
    let growing = Growing::new().await;
    let reader = growing.reader();
    let (mut records, mut rejected) = (0, 0);
    for piece in growing.pieces().chain([""]) {
        let grows = async {
            if !piece.is_empty() {
                growing.world.storage.grow_log(piece).await;
            }
        };
        let ((), tailed) = tokio::join!(grows, reader.tailing.tail(&|| true));
        let tailed = tailed.unwrap();
        assert_eq!((tailed.failed, tailed.unfinished), (0, false));
        (records, rejected) = (records + tailed.read.records, rejected + tailed.read.rejected);
    }
    assert_eq!((records, rejected), (RECORDS, 1), "each is read once");
    assert_eq!(reader.tailing.tail(&|| true).await.unwrap().read.records, 0, "there is nothing new");
    assert!((8..=RECORDS).contains(&growing.saves.of_records()), "a record is saved once");
    assert_eq!(growing.outcome().await, read_once().await);
}

#[tokio::test]
async fn two_readers_of_a_growing_log_give_the_same_result() {
    let growing = Growing::new().await;
    let readers = [growing.reader(), growing.reader()];
    let mut records = 0;
    for piece in growing.pieces() {
        growing.world.storage.grow_log(piece).await;
        let (one, other) = tokio::join!(readers[0].tailing.tail(&|| true), readers[1].tailing.tail(&|| true));
        for tailed in [one.unwrap(), other.unwrap()] {
            assert_eq!((tailed.failed, tailed.unfinished), (0, false));
            records += tailed.read.records;
        }
    }
    assert!(records > RECORDS, "they meet");
    assert!((8..=RECORDS).contains(&growing.saves.of_records()), "a record is saved once");
    assert_eq!(growing.outcome().await, read_once().await);
}
