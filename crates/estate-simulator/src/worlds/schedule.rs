//! Draws the connections of a world: place, person, begin and length.

use random::SplitMix;

use super::estate::WorldEstate;
use super::plan::{DAY, FIRST_DAY, HOUR, Lengths, MINUTE, Rhythm, SECOND, WorldPlan};
use super::world::Millis;

/// One real connection.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    /// Index of the account and machine.
    pub place: usize,
    pub person: usize,
    pub is_native: bool,
    pub is_failed_login: bool,
    pub begin: Millis,
    pub end: Millis,
}

/// Generates connections in episodes. An episode is a series of connections at one place without a pause.
pub(crate) struct EpisodeSchedule<'a> {
    plan: &'a WorldPlan,
    estate: &'a WorldEstate,
    jobs: usize,
}

/// Number of machines with a job that connects each hour.
const MACHINES_WITH_JOBS: usize = 4;

impl<'a> EpisodeSchedule<'a> {
    pub(crate) fn new(plan: &'a WorldPlan, estate: &'a WorldEstate) -> Self {
        Self { plan, estate, jobs: 0 }
    }

    /// Returns the connections of the next episode, in order.
    pub(crate) fn episode(&mut self, random: &mut SplitMix) -> Vec<Connection> {
        if self.plan.rhythm == Rhythm::HourlyJobs && random.happens(50) {
            return vec![self.job(random)];
        }
        let place = random.between(0, self.estate.places.len() as i64 - 1) as usize;
        let person = random.pick(&self.estate.places[place].people);
        let begin = self.begin(random);
        let mut first = Connection {
            place,
            person,
            is_native: random.happens(self.plan.native),
            is_failed_login: false,
            begin,
            end: begin + self.length(random),
        };
        let mut all = Vec::new();
        if random.happens(self.plan.failed_logins) {
            self.fail_first(&mut first, &mut all, random);
        }
        all.push(first);
        if random.happens(self.plan.reconnects) {
            self.reconnect(&mut all, random);
        }
        all
    }

    /// Adds one to three failed logins of a few seconds each before the successful one.
    fn fail_first(&self, first: &mut Connection, all: &mut Vec<Connection>, random: &mut SplitMix) {
        first.is_native = false;
        let length = first.end - first.begin;
        for _ in 0..random.between(1, 3) {
            let end = first.begin + random.between(4 * SECOND, 25 * SECOND);
            all.push(Connection { is_failed_login: true, end, ..first.clone() });
            first.begin = end + random.between(3 * SECOND, 40 * SECOND);
            first.end = first.begin + length;
        }
    }

    /// Breaks off the last connection, mostly after seconds, and adds a new one within seconds. In half of the cases a
    /// random user of the account connects instead of the same person.
    fn reconnect(&self, all: &mut Vec<Connection>, random: &mut SplitMix) {
        for _ in 0..random.between(1, 3) {
            let Some(broken) = all.last_mut() else { return };
            if random.happens(60) {
                broken.end = broken.begin + random.between(2 * SECOND, 25 * SECOND);
            }
            let mut next = broken.clone();
            next.is_native = false;
            next.begin = broken.end + random.between(SECOND, 8 * SECOND);
            next.end = next.begin + self.length(random);
            if random.happens(50) {
                next.person = random.pick(&self.estate.places[next.place].people);
            }
            all.push(next);
        }
    }

    /// Returns the next job: on a few machines, each hour on the minute, with nearly constant length.
    fn job(&mut self, random: &mut SplitMix) -> Connection {
        let machines = MACHINES_WITH_JOBS.min(self.estate.places.len());
        let place = self.jobs % machines;
        let begin = FIRST_DAY + (self.jobs / machines) as i64 * HOUR + random.between(0, 2 * SECOND);
        self.jobs += 1;
        let end = begin + random.between(40 * SECOND, 70 * SECOND);
        let person = self.estate.places[place].people[0];
        Connection { place, person, is_native: false, is_failed_login: false, begin, end }
    }

    fn begin(&self, random: &mut SplitMix) -> Millis {
        let day = FIRST_DAY + random.between(0, self.plan.span() / DAY - 1) * DAY;
        if random.happens(10) {
            return day + random.between(0, DAY - 1);
        }
        if self.plan.rhythm == Rhythm::ShiftBegin && random.happens(40) {
            return day + 8 * HOUR + random.between(-3 * MINUTE, 5 * MINUTE);
        }
        day + random.between(7 * HOUR, 19 * HOUR)
    }

    fn length(&self, random: &mut SplitMix) -> Millis {
        match self.plan.lengths {
            Lengths::SomeOfTwentyHours if random.happens(10) => random.between(18 * HOUR, 21 * HOUR),
            Lengths::ManyOfTwoSeconds if random.happens(33) => random.between(SECOND, 4 * SECOND),
            _ => random.doublings(MINUTE, 6),
        }
    }
}
