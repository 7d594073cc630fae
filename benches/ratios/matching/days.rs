//! Recordings and sessions of some weeks, the same in every run.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use domain::join::{Attended, JoinKey, Recorded};
use domain::session::{SessionFacts, TunnelId};
use jiff::{SignedDuration, Timestamp};

use crate::Measured;
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

    /// Its recording, where it has one.
    pub fn recorded(&self) -> Option<Recorded> {
        let (begins, ends) = self.recording?;
        let keys = [JoinKey::fold(&self.name())].into();
        Some(Recorded { id: None, keys, created_at: at(begins), last_modified: at(ends), has_ended: true })
    }

    /// What the audit log says of it.
    pub fn attended(&self, number: usize) -> Option<Attended> {
        let facts = SessionFacts {
            tunnel_id: TunnelId::parse(&format!("5f0c1c1e-7a5e-4a1c-9a55-{number:012}"))?,
            user_name: Some(self.account.into()),
            user_email: Some(format!("user{:03}@contoso.com", self.person).into()),
            client_ip: Some("203.0.113.20".into()),
            protocol: Some("ssh".into()),
            target_resource_id: Some(
                format!(
                    "/SUBSCRIPTIONS/8D2C9A54-1F0B-4E7D-9B0E-3D5F6A7B8C90/RESOURCEGROUPS/RG-APP/PROVIDERS/\
                 MICROSOFT.COMPUTE/VIRTUALMACHINES/VM-{:04}",
                    self.machine
                )
                .into(),
            ),
            target_ip: Some(format!("10.1.{}.{}", self.machine / 250, self.machine % 250).into()),
            started_at: Some(at(self.begins)),
            ended_at: Some(at(self.ends)),
            duration: Some(SignedDuration::from_secs(self.ends - self.begins)),
        };
        Some(Attended { ended_at: facts.ended_at, keys: [JoinKey::fold(&self.name())].into(), facts })
    }
}

/// A moment of these weeks.
pub fn at(seconds: i64) -> Timestamp {
    START + SignedDuration::from_secs(seconds)
}

/// Writes what a database needs to know of both sides.
pub fn write(visits: &[Visit], recordings: &Path, sessions: &Path) -> Measured<()> {
    let mut recorded = BufWriter::new(File::create(recordings)?);
    let mut attended = BufWriter::new(File::create(sessions)?);
    writeln!(recorded, "name,created,modified")?;
    writeln!(attended, "name,started,ended")?;
    for visit in visits {
        let name = visit.name();
        writeln!(attended, "{name},{},{}", visit.begins, visit.ends)?;
        if let Some((created, modified)) = visit.recording {
            writeln!(recorded, "{name},{created},{modified}")?;
        }
    }
    recorded.flush()?;
    Ok(attended.flush()?)
}

struct Random(u64);

impl Random {
    /// A number below this one.
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32 % limit
    }
}
