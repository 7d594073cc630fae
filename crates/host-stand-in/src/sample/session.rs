//! The sessions of the made-up estate: most of them random, and those that the day is to show.

use jiff::{SignedDuration, Timestamp};

use super::random::Random;
use super::{DAY_BEGINS, DAY_ENDS};

/// One use of the bastion, as far as its recording shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) machine: &'static str,
    pub(super) account: &'static str,
    pub(super) started_at: Timestamp,
    pub(super) length: SignedDuration,
    pub(super) shape: Shape,
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
}

const EMPTY_FIRST: Shape = Shape::Usual { first_size: 0, between: false };

const MACHINES: [&str; 14] = [
    "vm-web-01", "vm-web-02", "vm-web-03", "vm-app-01", "vm-app-02", "vm-db-01", "vm-db-02", "vm-dc-01", "vm-dc-02",
    "vm-files-01", "vm-jump-01", "vm-legacy-01", "lnx-build-01", "lnx-proxy-01",
];

const ACCOUNTS: [&str; 10] = [
    "azureadmin", "dbadmin", "svc-deploy", "m.keller", "j.okafor", "s.lindqvist", "ops.7", "t-nguyen", "helpdesk",
    "auditor",
];

/// An account that is legal in storage and unpleasant everywhere else.
pub(super) const UNPLEASANT_ACCOUNT: &str = "..\\CONTOSO\\zo\u{eb}%2F+50% \u{202e}4pm";

/// A working day with `count` sessions, in the order of their starts.
pub(super) fn sessions(count: usize, random: &mut Random) -> Vec<Session> {
    let mut sessions = staged();
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
    sessions.sort_by_key(|session| session.started_at);
    sessions
}

fn staged() -> Vec<Session> {
    let session = |machine, account, (hour, minute): (i64, i64), minutes, shape| Session {
        machine,
        account,
        started_at: DAY_BEGINS + SignedDuration::from_mins((hour - 6) * 60 + minute),
        length: SignedDuration::from_mins(minutes),
        shape,
    };
    vec![
        session("vm-web-01", "azureadmin", (6, 12), 24, EMPTY_FIRST),
        session("vm-db-01", "dbadmin", (10, 0), 180, EMPTY_FIRST),
        session("vm-app-02", "svc-deploy", (9, 5), 31, Shape::LateEnd(SignedDuration::from_mins(90))),
        session("vm-legacy-01", "helpdesk", (11, 15), 0, Shape::StaysEmpty),
        session("vm-jump-01", UNPLEASANT_ACCOUNT, (13, 40), 12, EMPTY_FIRST),
        // Finds the name free that somebody's deletion gave back.
        session("vm-web-01", "azureadmin", (16, 5), 18, EMPTY_FIRST),
    ]
}

fn random_session(random: &mut Random) -> Session {
    // The sum of two equal chances: few sessions early and late, most of them around one o'clock.
    let into_the_day = random.seconds(0, 24_000) + random.seconds(300, 24_300);
    Session {
        machine: random.pick(&MACHINES),
        account: random.pick(&ACCOUNTS),
        started_at: DAY_BEGINS + into_the_day,
        length: length(random),
        shape: shape(random),
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
    Session { started_at, length: length(random), shape: shape(random), ..session.clone() }
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
