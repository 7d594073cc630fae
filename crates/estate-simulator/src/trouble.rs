//! Troubled scenes: outages, deleted recordings, failed logins.

use jiff::{SignedDuration, Timestamp};

use crate::names::{ACCOUNTS, any_machine};
use crate::stage::{DAY_BEGINS, Draft, Stage, StagePlace};
use crate::truth::{ConnectionKind, RecordingOutage};

/// Distance from an outage's edge within which sessions of the same name must be apart.
const EDGE: SignedDuration = SignedDuration::from_mins(10);

/// Minimum distance between the starts of these sessions.
const APART: SignedDuration = SignedDuration::from_mins(20);

/// An outage of one bastion with sessions that are not recorded.
pub(crate) fn outage(stage: &mut Stage<'_>) {
    let from = DAY_BEGINS + stage.random.minutes(30, 600);
    let until = from + stage.random.minutes(40, 120);
    let outage = RecordingOutage { bastion: stage.random.next() as usize % 2, from, until };
    for _ in 0..stage.random.between(1, 3) {
        let within = stage.random.between(EDGE.as_secs(), until.duration_since(from).as_secs() - EDGE.as_secs());
        let (who, place, length) = (stage.somebody(), stage.place(), stage.length());
        let place = StagePlace { bastion: outage.bastion, ..place };
        stage.web(&who, &place, from + SignedDuration::from_secs(within), length);
    }
    stage.outages.push(outage);
}

/// A recording that is deleted, and a later session that reuses its name.
pub(crate) fn reuse(stage: &mut Stage<'_>) {
    let (people, place) = (stage.people(2), stage.place());
    let start = DAY_BEGINS + stage.random.minutes(5, 120);
    let (length, next) = (stage.random.minutes(1, 60), stage.random.minutes(1, 60));
    // A listing has shown the recording by then, so that it counts as a possible recording of the session.
    let deleted_after = stage.random.minutes(200, 300);
    stage.web(&people[0], &place, start, length).deleted_after = Some(deleted_after);
    let again = start + length + deleted_after + stage.random.minutes(2, 60);
    stage.web(&people[1], &place, again, next);
}

/// A failed login, sometimes followed by a successful one from the same or another person.
pub(crate) fn failed(stage: &mut Stage<'_>) {
    let (people, place, start) = (stage.people(2), stage.place(), stage.moment());
    stage.play(ConnectionKind::Failed, &people[0], &place, start, None);
    let (after, length) = (stage.random.seconds(15, 90), stage.random.seconds(8, 900));
    if stage.random.happens(60) {
        let who = if stage.random.happens(50) { &people[0] } else { &people[1] };
        stage.web(who, &place, start + after, length);
    }
}

/// A burst of failed logins by one person, from one IP address, or at one machine.
pub(crate) fn burst(stage: &mut Stage<'_>) {
    let mut at = stage.moment();
    let bastion = stage.random.next() as usize % 2;
    let sort = stage.random.between(1, 3);
    let (person, target) = (stage.somebody(), any_machine(stage.random));
    for number in 0..stage.random.between(6, 9) {
        let from = format!("198.51.100.{}", if sort == 2 { 7 } else { 20 + number });
        let who = if sort == 1 { person.clone() } else { stage.somebody() };
        let target = if sort == 3 { target.clone() } else { any_machine(stage.random) };
        let account = stage.random.pick(&ACCOUNTS);
        let place = StagePlace { bastion, ..stage.place_at(target, account) };
        stage.play(ConnectionKind::Failed, &who.at_address(&from), &place, at, None);
        at += stage.random.seconds(5, 90);
    }
}

/// Removes sessions that a matcher cannot decide: those that begin near an outage's edge and near another session of
/// the same name.
pub(crate) fn clear_edges(stage: &mut Stage<'_>) {
    let outages = &stage.outages;
    let near = |draft: &Draft| {
        let mut edges = outages.iter().filter(|outage| outage.bastion == draft.place.bastion);
        edges.any(|outage| [outage.from, outage.until].iter().any(|edge| is_within(EDGE, *edge, draft.started_at)))
    };
    let mut kept: Vec<Draft> = Vec::new();
    for draft in stage.drafts.drain(..) {
        let beside = |other: &Draft| {
            other.place.bastion == draft.place.bastion
                && other.place.stem() == draft.place.stem()
                && is_within(APART, other.started_at, draft.started_at)
                && (near(other) || near(&draft))
        };
        if !kept.iter().any(beside) {
            kept.push(draft);
        }
    }
    stage.drafts = kept;
}

fn is_within(span: SignedDuration, one: Timestamp, other: Timestamp) -> bool {
    one.duration_since(other).abs() <= span
}
