//! Made-up recordings and sessions of some weeks, the same in every run.

use jiff::{SignedDuration, Timestamp};

use crate::world::START;

/// Number of machines; each has several accounts.
const MACHINES: u32 = 5_000;
const ACCOUNTS: [&str; 4] = ["azureadmin", "ops", "svc-deploy", "j.doe"];
/// One in this many sessions overlaps another one of the same machine and account.
const TWIN_EVERY: u32 = 20;

/// A session in seconds since the first one began.
#[derive(Debug, Clone, Copy)]
pub struct BenchVisit {
    pub machine: u32,
    pub account: &'static str,
    pub person: u32,
    pub begins: i64,
    pub ends: i64,
    /// Creation and last write of its recording; `None` without a recording.
    pub recording: Option<(i64, i64)>,
}

/// Returns `count` sessions in order of their begin; every tenth on average has a recording.
pub fn visits(count: u32) -> Vec<BenchVisit> {
    let (mut random, mut visits) = (Random(0x9E37_79B9_7F4A_7C15), Vec::new());
    // Time at which each machine and account is free. A long pause follows, so that no other session is near.
    let mut free = vec![0; MACHINES as usize * ACCOUNTS.len()];
    while visits.len() < count as usize {
        let which = random.below(free.len() as u32) as usize;
        let (machine, account) = ((which / ACCOUNTS.len()) as u32, ACCOUNTS[which % ACCOUNTS.len()]);
        let begins: i64 = free[which] + 1_200 + i64::from(random.below(100_000));
        let mut ends = begins + 60 + i64::from(random.below(7_200));
        visits.push(BenchVisit { machine, account, person: random.below(900), begins, ends, recording: None });
        if random.below(TWIN_EVERY) == 0 {
            // The ends are either nearly equal or far apart.
            let (later, longer) = (5 + random.below(55), random.below(60) + 900 * random.below(2));
            ends += i64::from(longer);
            let begins = begins + i64::from(later);
            visits.push(BenchVisit { machine, account, person: random.below(900), begins, ends, recording: None });
        }
        free[which] = ends;
    }
    visits.truncate(count as usize);
    visits.sort_by_key(|visit| visit.begins);
    for visit in &mut visits {
        if random.below(10) == 0 {
            let (begins, ends) = (visit.begins + i64::from(random.below(20)), visit.ends + i64::from(random.below(30)));
            visit.recording = Some((begins, ends));
        }
    }
    visits
}

impl BenchVisit {
    /// Returns the base name of its recording.
    pub fn name(&self) -> String {
        format!("vm-{:04}-{}", self.machine, self.account)
    }
}

/// Converts seconds into a time of these weeks.
pub fn at(seconds: i64) -> Timestamp {
    START + SignedDuration::from_secs(seconds)
}

/// A deterministic random number generator.
pub struct Random(pub u64);

impl Random {
    /// Returns a number below `limit`.
    pub fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32 % limit
    }
}
