//! Sessions of the fictitious estate: mostly random ones, and the hand-written ones.

use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use super::staged::{recorded, troubled};
use super::{DAY_BEGINS, DAY_ENDS, people};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SampleSession {
    pub(super) machine: &'static str,
    pub(super) account: &'static str,
    pub(super) person: &'static str,
    pub(super) started_at: Timestamp,
    pub(super) length: SignedDuration,
    pub(super) shape: Shape,
    pub(super) kind: SampleConnectionKind,
    pub(super) told: LoggedRecords,
}

/// Times at which the bastion writes a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// At the start with this many bytes, possibly once in between, and at the end.
    Usual { first_size: u64, between: bool },
    /// At the start and at the end; the event of the end is delayed by this time.
    LateEnd(SignedDuration),
    /// At the start, empty, and never again.
    StaysEmpty,
    /// Never.
    Unrecorded,
}

/// Kind of connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleConnectionKind {
    /// Browser session.
    Browser,
    /// Native client, which the bastion cannot record.
    NativeClient,
    /// Failed login.
    FailedLogin,
}

/// Audit records of a session that reach the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoggedRecords {
    /// Start and end.
    Both,
    /// Start only; the end is lost.
    Start,
    /// End only; the start is lost.
    End,
    /// No record.
    Nothing,
}

/// Written empty at the start and complete at the end.
pub(super) const EMPTY_FIRST: Shape = Shape::Usual { first_size: 0, between: false };

const ACCOUNTS: [&str; 10] = [
    "azureadmin", "dbadmin", "svc-deploy", "m.keller", "j.okafor", "s.lindqvist", "ops.7", "t-nguyen", "helpdesk",
    "auditor",
];

/// Returns a working day with `count` recorded sessions and the hand-written difficult ones, by start time.
pub(super) fn difficult_day(machines: &[&'static str], count: usize, random: &mut SplitMix) -> Vec<SampleSession> {
    let mut sessions = ordinary(recorded(), machines, count, random);
    sessions.extend(troubled());
    sessions.sort_by_key(|session| session.started_at);
    sessions
}

/// Returns a working day with `count` recorded sessions, by start time.
pub(super) fn ordinary_day(machines: &[&'static str], count: usize, random: &mut SplitMix) -> Vec<SampleSession> {
    let mut sessions = ordinary(Vec::new(), machines, count, random);
    sessions.sort_by_key(|session| session.started_at);
    sessions
}

/// Adds random sessions until there are `count`.
fn ordinary(
    mut sessions: Vec<SampleSession>,
    machines: &[&'static str],
    count: usize,
    random: &mut SplitMix,
) -> Vec<SampleSession> {
    while sessions.len() < count {
        let mut session = random_session(machines, random);
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
    sessions
}

fn random_session(machines: &[&'static str], random: &mut SplitMix) -> SampleSession {
    // The sum of two uniform values: few sessions early and late, most around one o'clock.
    let into_the_day = random.whole_seconds(0, 24_000) + random.whole_seconds(300, 24_300);
    let account = random.pick(&ACCOUNTS);
    SampleSession {
        machine: random.pick(machines),
        account,
        person: people::of_account(account, random),
        started_at: DAY_BEGINS + into_the_day,
        length: length(random),
        shape: shape(random),
        kind: SampleConnectionKind::Browser,
        told: told(random),
    }
}

/// Next session of the same person: after a lost connection, or in a second window while the first is open.
fn following(session: &SampleSession, random: &mut SplitMix) -> SampleSession {
    let overlaps = session.length > SignedDuration::from_mins(2) && random.happens(30);
    let after = if overlaps {
        session.length / 2
    } else {
        session.length + random.whole_seconds(10, 180)
    };
    let started_at = session.started_at + SignedDuration::from_secs(after.as_secs());
    SampleSession { started_at, length: length(random), shape: shape(random), told: told(random), ..session.clone() }
}

fn length(random: &mut SplitMix) -> SignedDuration {
    match random.between(1, 10) {
        1..=3 => random.whole_seconds(14, 17),
        4..=8 => random.whole_seconds(60, 1_500),
        _ => random.whole_seconds(1_500, 4_500),
    }
}

fn shape(random: &mut SplitMix) -> Shape {
    let first_size = if random.happens(60) { 0 } else { 512 };
    Shape::Usual { first_size, between: random.happens(20) }
}

fn told(random: &mut SplitMix) -> LoggedRecords {
    match random.between(1, 100) {
        1..=4 => LoggedRecords::Start,
        5..=6 => LoggedRecords::End,
        _ => LoggedRecords::Both,
    }
}
