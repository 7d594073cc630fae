//! Where the scenes of a day are played.

use jiff::{SignedDuration, Timestamp};

use crate::names::{ACCOUNTS, Reach, Target, any_machine, typed};
use crate::people::{Client, Visitor, visitors};
use crate::random::Random;
use crate::truth::{Kind, Outage};

/// 2026-03-02T06:00:00Z, a Monday.
pub(crate) const DAY_BEGINS: Timestamp = Timestamp::constant(1_772_431_200, 0);

/// How far into the day sessions begin, in seconds.
pub(crate) const LAST_START: i64 = 14 * 3600;

/// Something that people do, or that goes wrong.
pub(crate) type Scene = fn(&mut Stage<'_>);

/// A session as the scene wants it.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) place: Place,
    pub(crate) person: Option<String>,
    pub(crate) client: Client,
    pub(crate) kind: Kind,
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    /// Whether its records come hours late.
    pub(crate) late: bool,
    /// How long after its end somebody deletes its recording.
    pub(crate) deleted_after: Option<SignedDuration>,
}

/// A bastion, and what is behind it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) bastion: usize,
    pub(crate) target: Target,
    pub(crate) account: String,
}

/// What the scenes have played so far.
pub(crate) struct Stage<'r> {
    pub(crate) random: &'r mut Random,
    pub(crate) outages: Vec<Outage>,
    pub(crate) drafts: Vec<Draft>,
}

impl Place {
    /// What all names of recordings here begin with, in lower case, without anything that looks like a number behind a
    /// dot.
    pub(crate) fn stem(&self) -> String {
        let name = format!("{}-{}", self.target.name, self.account).to_ascii_lowercase();
        name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned()
    }
}

impl Stage<'_> {
    /// A machine's account, behind either bastion.
    pub(crate) fn place(&mut self) -> Place {
        let target = any_machine(self.random);
        let account = self.random.pick(&ACCOUNTS);
        self.place_at(target, account)
    }

    /// This account of this target, behind either bastion.
    pub(crate) fn place_at(&mut self, target: Target, account: &str) -> Place {
        Place { bastion: self.random.next() as usize % 2, target, account: typed(account, self.random) }
    }

    /// Somebody at a browser.
    pub(crate) fn somebody(&mut self) -> Visitor {
        self.people(1).swap_remove(0)
    }

    /// So many people, each another one, each at a browser.
    pub(crate) fn people(&mut self, count: usize) -> Vec<Visitor> {
        visitors(count, self.random)
    }

    /// Some time of the day.
    pub(crate) fn moment(&mut self) -> Timestamp {
        DAY_BEGINS + self.random.seconds(0, LAST_START)
    }

    /// How long a session lasts: seconds, minutes or hours.
    pub(crate) fn length(&mut self) -> SignedDuration {
        match self.random.between(1, 10) {
            1 => self.random.seconds(2, 20),
            2..=6 => self.random.minutes(1, 30),
            7..=9 => self.random.minutes(30, 180),
            _ => self.random.minutes(180, 480),
        }
    }

    /// Plays a session in a browser; it can be changed afterwards.
    pub(crate) fn web(&mut self, who: &Visitor, place: &Place, start: Timestamp, length: SignedDuration) -> &mut Draft {
        self.play(Kind::Web, who, place, start, Some(start + length))
    }

    /// Plays anything.
    pub(crate) fn play(
        &mut self,
        kind: Kind,
        who: &Visitor,
        place: &Place,
        started_at: Timestamp,
        ended_at: Option<Timestamp>,
    ) -> &mut Draft {
        let person = who.person.clone().filter(|_| place.target.reach != Reach::Link);
        let at = self.drafts.len();
        self.drafts.push(Draft {
            place: place.clone(),
            person,
            client: who.client.clone(),
            kind,
            started_at,
            ended_at,
            late: false,
            deleted_after: None,
        });
        &mut self.drafts[at]
    }
}
