//! A catalogue of recordings of which people have been warned: a thousand may go each day, the rest years later.

use std::path::Path;
use std::time::Duration;

use adapters_local::sqlite::SqliteStore;
use domain::blob::ETag;
use domain::catalogue::{Entry, State};
use domain::tags::{CLASS, HOLD, NO_HOLD, TagSet};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{CheckpointKey, CheckpointKind};
use pipeline::retention::Retained;
use pipeline::testing::sample::{expiring, policy};
use tokio::runtime::Runtime;

use crate::sqlite::bare::{Bare, Row};
use crate::world::{Number, START, World, address};
use crate::{Measured, cpu};

/// How many recordings go in a round.
pub const DUE: Number = 1_000;
/// How many entries are written to a database at a time.
const TOGETHER: Number = 10_000;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// After so long those of a day may go, and those of the next may not.
const GRACE_IS_OVER: SignedDuration = SignedDuration::from_hours(80);
/// When the recordings that stay were made.
const LATER: SignedDuration = SignedDuration::from_hours(24 * 2_000);

/// A catalogue whose policy has been applied to all entries.
pub struct Archive {
    world: World,
    runtime: Runtime,
}

impl Archive {
    /// Makes a database of so many entries, of which [`DUE`] go in each of so many rounds.
    pub fn fill(size: Number, rounds: Number, file: &Path) -> Measured<Self> {
        let mut bare = Bare::open(file)?;
        for first in (0..size).step_by(TOGETHER as usize) {
            let numbers = first..size.min(first + TOGETHER);
            let rows = numbers.map(|number| Row::of(&entry(number, rounds)?, 1)).collect::<Measured<Vec<_>>>()?;
            bare.insert(&rows)?;
        }
        drop(bare);
        let archive = Self::open(&SqliteStore::open(file)?, rounds)?;
        archive.count(size)?;
        archive.world.wait_until(START);
        let first = archive.retain()?;
        if first.in_step != 0 || first.unfinished || first.planned.delete.count != 0 {
            return Err(format!("nothing was to be done yet: {first:?}").into());
        }
        Ok(archive)
    }

    /// A database that is filled.
    pub fn open(store: &SqliteStore, rounds: Number) -> Measured<Self> {
        let world = World::in_sqlite_under(store, policy())?;
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

    /// Sweeps when those of this round may go. Gives what that cost.
    pub fn sweep(&self, round: Number) -> Measured<Duration> {
        self.world.wait_until(START + DAY * i32::try_from(round)? + GRACE_IS_OVER);
        // The database works in threads of its own where it wants to.
        let (cost, retained) = cpu::of(cpu::of_this_process, || self.retain());
        let retained = retained?;
        if retained.ordered != u64::from(DUE) || retained.failed != 0 {
            return Err(format!("{DUE} recordings were to go: {retained:?}").into());
        }
        Ok(cost)
    }

    fn retain(&self) -> Measured<Retained> {
        Ok(self.runtime.block_on(self.world.archivist.retain(&|| true))?)
    }

    /// Somebody has counted the blobs of the container.
    fn count(&self, size: Number) -> Measured<()> {
        let key = CheckpointKey { kind: CheckpointKind::Container, name: address(0)?.container().to_string() };
        let doc = format!(r#"{{"schema":2,"counted":{size}}}"#);
        let saved = self.runtime.block_on(self.world.ports.checkpoints.save(&key, None, &doc))?;
        Ok(saved.map(drop).ok_or("somebody else has counted")?)
    }
}

fn entry(number: Number, rounds: Number) -> Measured<Entry> {
    let mut entry = expiring(&address(number)?, &etag(number), made_at(number, rounds));
    if number >= rounds * DUE {
        entry.custody.disposal = None;
        entry.state = State::Settled;
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

/// The version that a store in memory gives to its blob of this number.
fn etag(number: Number) -> ETag {
    ETag::new(&format!("0x8D{:013X}", number + 1))
}
