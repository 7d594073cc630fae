//! Collects the sessions that the scenes of a day play.

use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use crate::names::{ACCOUNTS, SessionTarget, TargetKind, any_machine, typed};
use crate::people::{Client, Visitor, visitors};
use crate::truth::{ConnectionKind, RecordingOutage};

/// 2026-03-02T06:00:00Z, a Monday.
pub(crate) const DAY_BEGINS: Timestamp = Timestamp::constant(1_772_431_200, 0);

/// Latest start of a session in seconds after [`DAY_BEGINS`].
pub(crate) const LAST_START: i64 = 14 * 3600;

/// Plays an ordinary or a troubled situation.
pub(crate) type SceneKind = fn(&mut Stage<'_>);

/// A session as planned by a scene.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) place: StagePlace,
    pub(crate) person: Option<String>,
    pub(crate) client: Client,
    pub(crate) kind: ConnectionKind,
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    /// True if its records arrive hours late.
    pub(crate) late: bool,
    /// Time between the end and the deletion of its recording; `None` if it is not deleted.
    pub(crate) deleted_after: Option<SignedDuration>,
}

/// A bastion with a target and account.
#[derive(Debug, Clone)]
pub(crate) struct StagePlace {
    pub(crate) bastion: usize,
    pub(crate) target: SessionTarget,
    pub(crate) account: String,
}

/// Sessions and outages played so far.
pub(crate) struct Stage<'r> {
    pub(crate) random: &'r mut SplitMix,
    pub(crate) outages: Vec<RecordingOutage>,
    pub(crate) drafts: Vec<Draft>,
}

impl StagePlace {
    /// Returns the lower-case prefix shared by all recording names of this place, without trailing digits and dots.
    pub(crate) fn stem(&self) -> String {
        let name = format!("{}-{}", self.target.name, self.account).to_ascii_lowercase();
        name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned()
    }
}

impl Stage<'_> {
    /// Returns a random machine and account behind a random bastion.
    pub(crate) fn place(&mut self) -> StagePlace {
        let target = any_machine(self.random);
        let account = self.random.pick(&ACCOUNTS);
        self.place_at(target, account)
    }

    /// Returns this target and account behind a random bastion.
    pub(crate) fn place_at(&mut self, target: SessionTarget, account: &str) -> StagePlace {
        StagePlace { bastion: self.random.next() as usize % 2, target, account: typed(account, self.random) }
    }

    /// Returns a random person at a browser.
    pub(crate) fn somebody(&mut self) -> Visitor {
        self.people(1).swap_remove(0)
    }

    /// Returns `count` different people, each at a browser.
    pub(crate) fn people(&mut self, count: usize) -> Vec<Visitor> {
        visitors(count, self.random)
    }

    /// Returns a random time of the day.
    pub(crate) fn moment(&mut self) -> Timestamp {
        DAY_BEGINS + self.random.seconds(0, LAST_START)
    }

    /// Returns a session length: seconds, minutes or hours.
    pub(crate) fn length(&mut self) -> SignedDuration {
        match self.random.between(1, 10) {
            1 => self.random.seconds(2, 20),
            2..=6 => self.random.minutes(1, 30),
            7..=9 => self.random.minutes(30, 180),
            _ => self.random.minutes(180, 480),
        }
    }

    /// Adds a web session and returns it for changes.
    pub(crate) fn web(
        &mut self,
        who: &Visitor,
        place: &StagePlace,
        start: Timestamp,
        length: SignedDuration,
    ) -> &mut Draft {
        self.play(ConnectionKind::Web, who, place, start, Some(start + length))
    }

    /// Adds a session or failed login and returns it for changes. The person is dropped behind a shareable link.
    pub(crate) fn play(
        &mut self,
        kind: ConnectionKind,
        who: &Visitor,
        place: &StagePlace,
        started_at: Timestamp,
        ended_at: Option<Timestamp>,
    ) -> &mut Draft {
        let person = who.person.clone().filter(|_| place.target.reach != TargetKind::Link);
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
