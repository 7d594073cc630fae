//! A catalogue of recordings whose deletion has been announced: a thousand become due each day, the others years
//! later.

use std::path::Path;
use std::time::Duration;

use adapters_local::sqlite::SqliteStore;
use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::tags::{CLASS, HOLD, NO_HOLD, TagSet};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{CheckpointKey, CheckpointKind};
use pipeline::retention::RetentionRun;
use pipeline::testing::sample::{expiring, policy};
use tokio::runtime::Runtime;

use crate::sqlite::bare::{Bare, Row};
use crate::world::{BenchWorld, Number, START, address};
use crate::{Measured, cpu};

/// Recordings deleted per round.
pub const DUE: Number = 1_000;
/// Entries written to a database per transaction.
const TOGETHER: Number = 10_000;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Time after which the recordings of one day are due and those of the next are not.
const GRACE_IS_OVER: SignedDuration = SignedDuration::from_hours(80);
/// Creation of the recordings that stay, relative to the start.
const LATER: SignedDuration = SignedDuration::from_hours(24 * 2_000);

/// A catalogue whose policy has been applied to all entries.
pub struct Archive {
    world: BenchWorld,
    runtime: Runtime,
}

impl Archive {
    /// Creates a database of `size` entries, of which [`DUE`] become due in each round.
    pub fn fill(size: Number, rounds: Number, file: &Path) -> Measured<Self> {
        let mut bare = Bare::open(file)?;
        for first in (0..size).step_by(TOGETHER as usize) {
            let numbers = first..size.min(first + TOGETHER);
            let rows =
                numbers.map(|number| Row::from_entry(&entry(number, rounds)?, 1)).collect::<Measured<Vec<_>>>()?;
            bare.insert(&rows)?;
        }
        drop(bare);
        let archive = Self::open(&SqliteStore::open(file)?, rounds)?;
        archive.count(size)?;
        archive.world.wait_until(START);
        let first = archive.retain()?;
        if first.in_step != 0 || first.unfinished || first.planned.delete.count != 0 {
            return Err(format!("no work was expected yet: {first:?}").into());
        }
        Ok(archive)
    }

    /// Opens a filled database.
    pub fn open(store: &SqliteStore, rounds: Number) -> Measured<Self> {
        let world = BenchWorld::in_sqlite_under(store, policy())?;
        let tags = [(HOLD, NO_HOLD), (CLASS, "brief")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        let tags = TagSet(tags.into());
        for number in 0..rounds * DUE {
            let address = address(number)?;
            if world.blobs.put(&address, 1, made_at(number, rounds)) != etag(number) {
                return Err("the store counts versions otherwise".into());
            }
            world.blobs.set_tags(&address, tags.clone());
        }
        Ok(Self { world, runtime: crate::runtime()? })
    }

    /// Runs retention when the recordings of this round are due. Returns the cost.
    pub fn sweep(&self, round: Number) -> Measured<Duration> {
        self.world.wait_until(START + DAY * i32::try_from(round)? + GRACE_IS_OVER);
        // The database may use its own threads.
        let (cost, retained) = cpu::measure(cpu::of_this_process, || self.retain());
        let retained = retained?;
        if retained.ordered != u64::from(DUE) || retained.failed != 0 {
            return Err(format!("{DUE} recordings were due: {retained:?}").into());
        }
        Ok(cost)
    }

    fn retain(&self) -> Measured<RetentionRun> {
        Ok(self.runtime.block_on(self.world.archivist.retention.run_retention(&|| true))?)
    }

    /// Stores a count of the container's blobs.
    fn count(&self, size: Number) -> Measured<()> {
        let key = CheckpointKey { kind: CheckpointKind::Container, name: address(0)?.container().to_string() };
        let doc = format!(r#"{{"schema":1,"counted":{size}}}"#);
        let saved = self.runtime.block_on(self.world.ports.checkpoints.save(&key, None, &doc))?;
        Ok(saved.map(drop).ok_or("another writer has counted")?)
    }
}

fn entry(number: Number, rounds: Number) -> Measured<Entry> {
    let mut entry = expiring(&address(number)?, &etag(number), made_at(number, rounds));
    if number >= rounds * DUE {
        entry.custody.disposal = None;
        entry.state = RecordingState::Settled;
    }
    Ok(entry)
}

fn made_at(number: Number, rounds: Number) -> Timestamp {
    let of_day = SignedDuration::from_secs(i64::from(number % DUE));
    match i32::try_from(number / DUE) {
        Ok(day) if number < rounds * DUE => START + DAY * day + of_day,
        _ => START + LATER + SignedDuration::from_secs(i64::from(number)),
    }
}

/// Returns the ETag that the memory store gives to the blob of this number.
fn etag(number: Number) -> ETag {
    ETag::new(&format!("0x8D{:013X}", number + 1))
}
