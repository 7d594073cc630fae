//! The sessions of the made-up estate: most of them random, and those that the day is to show.

use jiff::{SignedDuration, Timestamp};

use super::random::Random;
use super::staged::{recorded, troubled};
use super::{DAY_BEGINS, DAY_ENDS, people};

/// One use of the bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) machine: &'static str,
    pub(super) account: &'static str,
    pub(super) person: &'static str,
    pub(super) started_at: Timestamp,
    pub(super) length: SignedDuration,
    pub(super) shape: Shape,
    pub(super) kind: Kind,
    pub(super) told: Told,
}

/// How the bastion writes a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// When the session starts, with this many bytes; maybe once in between; when it ends.
    Usual { first_size: u64, between: bool },
    /// When it starts and when it ends; the event of the end comes this late.
    LateEnd(SignedDuration),
    /// When it starts, with no bytes, and never again.
    StaysEmpty,
    /// Not at all.
    Unrecorded,
}

/// What kind of a connection it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Made with a browser.
    Browser,
    /// Made with a client that the bastion cannot record.
    NativeClient,
    /// A login that failed.
    FailedLogin,
}

/// Which of a session's two records are ever written into the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Start and end.
    Both,
    /// The end got lost.
    Start,
    /// The start got lost.
    End,
    /// Both got lost.
    Nothing,
}

/// Written empty at the start, and whole at the end.
pub(super) const EMPTY_FIRST: Shape = Shape::Usual { first_size: 0, between: false };

const MACHINES: [&str; 14] = [
    "vm-web-01", "vm-web-02", "vm-web-03", "vm-app-01", "vm-app-02", "vm-db-01", "vm-db-02", "vm-dc-01", "vm-dc-02",
    "vm-files-01", "vm-jump-01", "vm-legacy-01", "lnx-build-01", "lnx-proxy-01",
];

const ACCOUNTS: [&str; 10] = [
    "azureadmin", "dbadmin", "svc-deploy", "m.keller", "j.okafor", "s.lindqvist", "ops.7", "t-nguyen", "helpdesk",
    "auditor",
];

/// A working day with `count` recorded sessions and those that make trouble, in the order of their starts.
pub(super) fn sessions(count: usize, random: &mut Random) -> Vec<Session> {
    let mut sessions = recorded();
    while sessions.len() < count {
        let mut session = random_session(random);
        let mut reconnects = if random.happens(25) { random.between(1, 3) } else { 0 };
        while reconnects > 0 && sessions.len() + 1 < count {
            let next = following(&session, random);
            sessions.push(session);
            session = next;
            reconnects -= 1;
        }
        sessions.push(session);
    }
    sessions.retain(|session| session.started_at + session.length < DAY_ENDS);
    sessions.extend(troubled());
    sessions.sort_by_key(|session| session.started_at);
    sessions
}

fn random_session(random: &mut Random) -> Session {
    // The sum of two equal chances: few sessions early and late, most of them around one o'clock.
    let into_the_day = random.seconds(0, 24_000) + random.seconds(300, 24_300);
    let account = random.pick(&ACCOUNTS);
    Session {
        machine: random.pick(&MACHINES),
        account,
        person: people::of_account(account, random),
        started_at: DAY_BEGINS + into_the_day,
        length: length(random),
        shape: shape(random),
        kind: Kind::Browser,
        told: told(random),
    }
}

/// The same person again: after a lost connection, or in a second window while the first is open.
fn following(session: &Session, random: &mut Random) -> Session {
    let overlaps = session.length > SignedDuration::from_mins(2) && random.happens(30);
    let after = if overlaps {
        session.length / 2
    } else {
        session.length + random.seconds(10, 180)
    };
    let started_at = session.started_at + SignedDuration::from_secs(after.as_secs());
    Session { started_at, length: length(random), shape: shape(random), told: told(random), ..session.clone() }
}

fn length(random: &mut Random) -> SignedDuration {
    match random.between(1, 10) {
        1..=3 => random.seconds(14, 17),
        4..=8 => random.seconds(60, 1_500),
        _ => random.seconds(1_500, 4_500),
    }
}

fn shape(random: &mut Random) -> Shape {
    let first_size = if random.happens(60) { 0 } else { 512 };
    Shape::Usual { first_size, between: random.happens(20) }
}

fn told(random: &mut Random) -> Told {
    match random.between(1, 100) {
        1..=4 => Told::Start,
        5..=6 => Told::End,
        _ => Told::Both,
    }
}
