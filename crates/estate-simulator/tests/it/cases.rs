//! Checks that every hard case occurs.

use std::collections::{BTreeMap, BTreeSet};

use estate_simulator::{Arriving, BurstBy, ConnectionKind, EstateDay, TargetKind, TrueSession};
use jiff::{SignedDuration, Timestamp};

use crate::days;
use crate::logs::records;

/// A case with the function that counts it on a day.
type Case = (&'static str, fn(&EstateDay) -> usize);

const CASES: [Case; 36] = [
    ("two places with one name in one minute", |day| {
        web_pairs(day, |a, b| one_name(a, b) && !one_place(a, b) && start(a, b))
    }),
    ("one name by a number and by an account", |day| recordings(day, read_as_another)),
    ("several people nobody can tell apart", |day| {
        web_pairs(day, |a, b| one_place(a, b) && two(a, b) && start(a, b) && end(a, b))
    }),
    ("only start together", |day| web_pairs(day, |a, b| one_place(a, b) && two(a, b) && start(a, b) && !end(a, b))),
    ("only end together", |day| web_pairs(day, |a, b| one_place(a, b) && two(a, b) && !start(a, b) && end(a, b))),
    ("one person twice at once", |day| {
        web_pairs(day, |a, b| one_place(a, b) && !two(a, b) && start(a, b) && end(a, b))
    }),
    ("one person twice, and a stranger told last", |day| web_pairs_with_a_stranger(day)),
    ("both bastions at once", |day| {
        web_pairs(day, |a, b| a.target == b.target && a.bastion != b.bastion && start(a, b))
    }),
    ("a native client in the same minute", |day| {
        pairs(day, |a, b| {
            a.kind != b.kind
                && a.kind != ConnectionKind::Failed
                && b.kind != ConnectionKind::Failed
                && one_place(a, b)
                && start(a, b)
        })
    }),
    ("a native client without an account", |day| sessions(day, |s| s.account.is_empty())),
    ("a native client that looks like a browser", |day| {
        sessions(day, |s| s.kind == ConnectionKind::Native && s.client.agent.starts_with("Mozilla"))
    }),
    ("a reconnect within seconds", |day| web_pairs(day, |a, b| one_place(a, b) && !two(a, b) && follows(a, b))),
    ("a session of seconds", |day| {
        sessions(day, |s| s.length().is_some_and(|length| length < SignedDuration::from_secs(20)))
    }),
    ("a session of hours", |day| {
        sessions(day, |s| s.length().is_some_and(|length| length > SignedDuration::from_hours(3)))
    }),
    ("a session of the whole day", |day| {
        sessions(day, |s| s.length().is_some_and(|length| length > SignedDuration::from_hours(14)))
    }),
    ("a session that stays open", |day| sessions(day, |s| s.kind == ConnectionKind::Web && s.ended_at.is_none())),
    ("a failed login alone", |day| {
        sessions(day, |s| s.kind == ConnectionKind::Failed).min(usize::from(day.truth.bursts().is_empty()))
    }),
    ("a failed login with a recording", |day| {
        sessions(day, |s| s.kind == ConnectionKind::Failed && s.recording.is_some())
    }),
    ("a burst of a person", |day| bursts(day, |by| matches!(by, BurstBy::Person(_)))),
    ("a burst of a client", |day| bursts(day, |by| matches!(by, BurstBy::Client(_)))),
    ("a burst at a target", |day| bursts(day, |by| matches!(by, BurstBy::SessionTarget(_)))),
    ("an unrecorded session of an outage", |day| {
        day.truth.unrecorded().filter(|s| s.kind == ConnectionKind::Web).count()
    }),
    ("an unrecorded native session", |day| day.truth.unrecorded().filter(|s| s.kind == ConnectionKind::Native).count()),
    ("a recording without any record", |day| sessions(day, |s| s.recording.is_some() && !s.is_told())),
    ("a lost start", |day| sessions(day, |s| s.start_told_at.is_none() && s.end_told_at.is_some())),
    ("a lost end", |day| {
        sessions(day, |s| s.ended_at.is_some() && s.end_told_at.is_none() && s.start_told_at.is_some())
    }),
    ("an end before its start", |day| {
        sessions(day, |s| s.end_told_at.zip(s.start_told_at).is_some_and(|(end, start)| end < start))
    }),
    ("a record that is ten hours late", |day| {
        sessions(day, |s| {
            s.start_told_at.is_some_and(|told| told.duration_since(s.started_at) > SignedDuration::from_hours(10))
        })
    }),
    ("the right record last", |day| recordings(day, right_one_last)),
    ("a scale set", |day| sessions(day, |s| s.target.reach == TargetKind::Instance)),
    ("an address", |day| sessions(day, |s| s.target.reach == TargetKind::Address)),
    ("a link", |day| sessions(day, |s| s.target.reach == TargetKind::Link && s.person.is_none())),
    ("a name used again", |day| {
        recordings(day, |day, r| {
            day.truth.recordings.iter().filter(|o| o.address == day.truth.recordings[r].address).count() > 1
        })
    }),
    ("a record in two files", |day| doubled(day)),
    ("an account in another case than typed", |day| other_case(day)),
    ("a clock that is 25 seconds off", |day| recordings(day, |day, r| skew(day, r) > SignedDuration::from_secs(25))),
];

#[test]
fn every_hard_case_comes_up_in_200_days() {
    for (case, count) in CASES {
        let times: usize = days().map(count).sum();
        assert!(times >= 5, "{case}: {times}");
    }
}

#[test]
fn events_are_lost_doubled_late_and_out_of_order() {
    let (mut lost, mut doubled, mut late, mut disordered) = (0, 0, 0, 0);
    for day in days() {
        let mut heard: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut happened = 0;
        for arrival in &day.arrivals {
            match &arrival.what {
                Arriving::Event { address, event } => {
                    heard.entry(address.to_string()).or_default().push(event.sequencer.clone());
                    late += usize::from(arrival.at.duration_since(event.at) > SignedDuration::from_mins(90));
                }
                Arriving::BlobPresent { .. } | Arriving::BlobGone { .. } => happened += 1,
                Arriving::LogAppended { .. } => {}
            }
        }
        disordered += heard.values().filter(|sequencers| !sequencers.is_sorted()).count();
        let all: usize = heard.values().map(Vec::len).sum();
        let unlike = |sequencers: &Vec<_>| sequencers.iter().collect::<BTreeSet<_>>().len();
        let unlike: usize = heard.values().map(unlike).sum();
        lost += happened - unlike;
        doubled += all - unlike;
    }
    assert!(lost > 50 && doubled > 50 && late > 50 && disordered > 50, "{lost} {doubled} {late} {disordered}");
}

fn sessions(day: &EstateDay, is_one: fn(&TrueSession) -> bool) -> usize {
    day.truth.sessions.iter().filter(|session| is_one(session)).count()
}

fn pairs(day: &EstateDay, is_one: fn(&TrueSession, &TrueSession) -> bool) -> usize {
    let sessions = day.truth.sessions.iter().enumerate();
    sessions.map(|(at, a)| day.truth.sessions[at + 1..].iter().filter(|b| is_one(a, b)).count()).sum()
}

fn web_pairs(day: &EstateDay, is_one: fn(&TrueSession, &TrueSession) -> bool) -> usize {
    let mut web = day.clone();
    web.truth.sessions.retain(|session| session.kind == ConnectionKind::Web);
    pairs(&web, is_one)
}

fn web_pairs_with_a_stranger(day: &EstateDay) -> usize {
    recordings(day, |day, recording| {
        let recording = &day.truth.recordings[recording];
        let own = &day.truth.sessions[recording.session];
        let others = || day.truth.sessions.iter().filter(|other| two(own, other) && day.truth.fits(recording, other));
        let earlier = others().filter(|other| notified_before(other, own));
        earlier.clone().any(|a| earlier.clone().any(|b| a.tunnel_id != b.tunnel_id && !two(a, b)))
    })
}

fn recordings(day: &EstateDay, is_one: fn(&EstateDay, usize) -> bool) -> usize {
    (0..day.truth.recordings.len()).filter(|recording| is_one(day, *recording)).count()
}

fn bursts(day: &EstateDay, is_one: fn(&BurstBy) -> bool) -> usize {
    day.truth.bursts().iter().filter(|burst| is_one(&burst.by)).count()
}

fn name(session: &TrueSession) -> String {
    format!("{}-{}", session.target.name, session.account).to_ascii_lowercase()
}

fn one_name(a: &TrueSession, b: &TrueSession) -> bool {
    a.bastion == b.bastion && name(a) == name(b)
}

fn one_place(a: &TrueSession, b: &TrueSession) -> bool {
    one_name(a, b) && a.target == b.target
}

fn two(a: &TrueSession, b: &TrueSession) -> bool {
    a.person != b.person
}

fn start(a: &TrueSession, b: &TrueSession) -> bool {
    close(a.started_at, b.started_at)
}

fn end(a: &TrueSession, b: &TrueSession) -> bool {
    a.ended_at.zip(b.ended_at).is_some_and(|(a, b)| close(a, b))
}

fn close(a: Timestamp, b: Timestamp) -> bool {
    a.duration_since(b).abs() < SignedDuration::from_secs(90)
}

fn follows(a: &TrueSession, b: &TrueSession) -> bool {
    a.ended_at
        .is_some_and(|end| b.started_at >= end && b.started_at.duration_since(end) < SignedDuration::from_secs(41))
}

/// Returns true if a session with a different name fits.
fn read_as_another(day: &EstateDay, recording: usize) -> bool {
    let recording = &day.truth.recordings[recording];
    let own = &day.truth.sessions[recording.session];
    day.truth.sessions.iter().any(|other| name(other) != name(own) && day.truth.fits(recording, other))
}

/// Returns true if another web session fits and its end arrives before the own one's.
fn right_one_last(day: &EstateDay, recording: usize) -> bool {
    let recording = &day.truth.recordings[recording];
    let own = &day.truth.sessions[recording.session];
    let mut others = day.truth.sessions.iter().filter(|other| other.kind == ConnectionKind::Web && two(own, other));
    others.any(|other| notified_before(other, own) && day.truth.fits(recording, other))
}

fn notified_before(other: &TrueSession, own: &TrueSession) -> bool {
    other.end_told_at.zip(own.end_told_at).is_some_and(|(other, own)| other < own)
}

fn skew(day: &EstateDay, recording: usize) -> SignedDuration {
    let recording = &day.truth.recordings[recording];
    recording.created_at.duration_since(day.truth.sessions[recording.session].started_at).abs()
}

/// Counts the records that are in several files.
fn doubled(day: &EstateDay) -> usize {
    let mut files: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (file, record) in records(day) {
        files.entry(format!("{record:?}")).or_default().insert(file);
    }
    files.values().filter(|files| files.len() > 1).count()
}

fn other_case(day: &EstateDay) -> usize {
    let typed = |tunnel: &str| {
        let mut sessions = day.truth.sessions.iter();
        sessions.find(|session| session.tunnel_id.eq_ignore_ascii_case(tunnel)).map(|session| session.account.clone())
    };
    let records = records(day);
    let other = records
        .iter()
        .filter(|(_, record)| record.user_name.as_deref() != typed(record.tunnel_id.as_deref().unwrap()).as_deref());
    other.filter(|(_, record)| record.user_name.is_some()).count()
}
