//! Recordings and sessions of some weeks, the same in every run.

use jiff::{SignedDuration, Timestamp};

use crate::world::START;

/// How many machines there are; each has several accounts.
const MACHINES: u32 = 5_000;
const ACCOUNTS: [&str; 4] = ["azureadmin", "ops", "svc-deploy", "j.doe"];
/// Of so many sessions one begins beside another one of the same machine and account.
const TWIN_EVERY: u32 = 20;

/// A session as it was, in seconds since the first one began.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    pub machine: u32,
    pub account: &'static str,
    pub person: u32,
    pub begins: i64,
    pub ends: i64,
    /// When its recording was created and last written, where it has one.
    pub recording: Option<(i64, i64)>,
}

/// So many sessions in the order of their beginning, of which every tenth was recorded.
pub fn visits(count: u32) -> Vec<Visit> {
    let (mut random, mut visits) = (Random(0x9E37_79B9_7F4A_7C15), Vec::new());
    // When each machine and account is free again, so long that nothing else is near.
    let mut free = vec![0; MACHINES as usize * ACCOUNTS.len()];
    while visits.len() < count as usize {
        let which = random.below(free.len() as u32) as usize;
        let (machine, account) = ((which / ACCOUNTS.len()) as u32, ACCOUNTS[which % ACCOUNTS.len()]);
        let begins: i64 = free[which] + 1_200 + i64::from(random.below(100_000));
        let mut ends = begins + 60 + i64::from(random.below(7_200));
        visits.push(Visit { machine, account, person: random.below(900), begins, ends, recording: None });
        if random.below(TWIN_EVERY) == 0 {
            // The ends are either nearly the same, or far from it.
            let (later, longer) = (5 + random.below(55), random.below(60) + 900 * random.below(2));
            ends += i64::from(longer);
            let begins = begins + i64::from(later);
            visits.push(Visit { machine, account, person: random.below(900), begins, ends, recording: None });
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

impl Visit {
    /// The name of its recording.
    pub fn name(&self) -> String {
        format!("vm-{:04}-{}", self.machine, self.account)
    }
}

/// A moment of these weeks.
pub fn at(seconds: i64) -> Timestamp {
    START + SignedDuration::from_secs(seconds)
}

/// Numbers that are the same in every run.
pub struct Random(pub u64);

impl Random {
    /// A number below this one.
    pub fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32 % limit
    }
}
