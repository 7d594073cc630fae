//! Generates a world from a plan.

use random::SplitMix;

use super::estate::WorldEstate;
use super::knowable::knowable;
use super::log::{Log, Logged};
use super::plan::{FIRST_DAY, HOUR, WorldPlan};
use super::recorder::{RecordedTimes, Recorder};
use super::schedule::{Connection, EpisodeSchedule};
use super::spans::EqualSpans;
use super::truth::{SessionFate, WrittenAs};
use super::world::{Stamp, World};

/// A connection with its traces in storage and in the log.
#[derive(Debug)]
pub(crate) struct Trace {
    pub connection: Connection,
    pub written: Option<RecordedTimes>,
    /// Reason for the missing recording; meaningless if there is a recording.
    pub missing: SessionFate,
    pub logged: Logged,
    /// Record of the failed login, if the login failed and the record is not lost.
    pub tried: Option<Stamp>,
}

impl Trace {
    pub(crate) fn is_logged(&self) -> bool {
        self.logged.begin.is_some() || self.logged.end.is_some()
    }
}

/// Recorder and log of a bastion, and its outages.
#[derive(Debug)]
pub(crate) struct Equipment {
    pub recorder: Recorder,
    log: Log,
    outages: EqualSpans,
}

/// Percent of failed logins with a recording, in worlds with failed logins.
const FAILED_LOGINS_RECORDED: u64 = 80;

impl WorldPlan {
    /// Generates the world of this plan. The same plan and seed give the same world.
    pub(crate) fn generate(&self, seed: u64) -> World {
        let mut random = SplitMix::new(seed.wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ 0x0057_4F52_4C44);
        let estate = WorldEstate::new(&self.estate, &mut random);
        let equipment = self.equipment(&mut random);
        let traces = self.traces(&estate, &equipment, &mut random);
        let knowable = knowable(&estate, &equipment, &traces);
        super::assemble::world(estate, &traces, &knowable, self.names_free_after)
    }

    fn equipment(&self, random: &mut SplitMix) -> Vec<Equipment> {
        let start = random.pick(&[WrittenAs::Live, WrittenAs::Uploaded]);
        let changes_at = FIRST_DAY + self.span() * random.between(40, 60) / 100;
        let one = |bastion| Equipment {
            recorder: Recorder::new(self, bastion, start, changes_at, random),
            log: Log::new(self, random),
            outages: EqualSpans::new(self.losses.outages, 3 * HOUR, self.span(), random),
        };
        (0..self.estate.bastions).map(one).collect()
    }

    /// Generates connections until there are enough recordings.
    fn traces(&self, estate: &WorldEstate, equipment: &[Equipment], random: &mut SplitMix) -> Vec<Trace> {
        let mut schedule = EpisodeSchedule::new(self, estate);
        let mut traces = Vec::new();
        let mut recordings = 0;
        while recordings < self.recordings {
            for connection in schedule.episode(random) {
                let bastion = estate.places[connection.place].bastion;
                let trace = self.trace(connection, &equipment[bastion], random);
                recordings += usize::from(trace.written.is_some());
                traces.push(trace);
                if recordings == self.recordings {
                    break;
                }
            }
        }
        traces
    }

    fn trace(&self, connection: Connection, equipment: &Equipment, random: &mut SplitMix) -> Trace {
        let is_failed = connection.is_failed_login;
        let missing = if connection.is_native {
            Some(SessionFate::NativeClient)
        } else if equipment.outages.contains(connection.begin) {
            Some(SessionFate::Outage)
        } else if random.happens(self.losses.recordings) || is_failed && !random.happens(FAILED_LOGINS_RECORDED) {
            Some(SessionFate::Lost)
        } else {
            None
        };
        let written = missing.is_none().then(|| equipment.recorder.record(&connection, random));
        let tried = if is_failed { equipment.log.failed_login(&connection, random) } else { None };
        let logged = if is_failed {
            Logged::default()
        } else {
            equipment.log.session(&connection, random)
        };
        Trace { connection, written, missing: missing.unwrap_or(SessionFate::Lost), logged, tried }
    }
}
