//! Scenes of ordinary use, including those that make it hard to match a recording with a person.

use crate::names::{colliding, machine, unusual};
use crate::stage::{DAY_BEGINS, SceneKind, Stage, StagePlace};
use crate::together::{crowd, end_together, start_together, twice_at_once};
use crate::truth::ConnectionKind;

/// All scenes; repetition sets their frequency.
pub(crate) const SCENES: [SceneKind; 20] = [
    alone, alone, alone, alone, reconnects, reconnects, crowd, crowd, start_together, end_together, twice_at_once,
    native_twin, native_twin, native_alone, colliding_names, colliding_names, both_bastions, unusual_target,
    unusual_target, long,
];

/// One ordinary session.
fn alone(stage: &mut Stage<'_>) {
    let (who, place, start, length) = (stage.somebody(), stage.place(), stage.moment(), stage.length());
    stage.web(&who, &place, start, length);
}

/// One session from morning to evening, or one without an end.
fn long(stage: &mut Stage<'_>) {
    let (who, place) = (stage.somebody(), stage.place());
    let early = DAY_BEGINS + stage.random.minutes(1, 30);
    if stage.random.happens(50) {
        let length = stage.random.minutes(15 * 60, 16 * 60);
        stage.web(&who, &place, early, length);
    } else {
        let start = stage.moment();
        stage.play(ConnectionKind::Web, &who, &place, start, None);
    }
}

/// One person who reconnects several times.
fn reconnects(stage: &mut Stage<'_>) {
    let (who, place, mut start) = (stage.somebody(), stage.place(), stage.moment());
    for _ in 0..stage.random.between(2, 4) {
        let length = stage.random.seconds(4, 600);
        stage.web(&who, &place, start, length);
        start += length + stage.random.seconds(2, 40);
    }
}

/// Reconnects until the number at the end of the recording name equals the end of another account's name, which is
/// used as well.
pub(crate) fn many_reconnects(stage: &mut Stage<'_>) {
    let (people, mut start) = (stage.people(2), stage.moment());
    let place = StagePlace { bastion: stage.random.next() as usize % 2, target: machine(0), account: "ops".to_owned() };
    for number in 0..9 {
        let length = stage.random.seconds(4, 60);
        stage.web(&people[0], &place, start, length);
        start += length + stage.random.seconds(2, 20);
        if number == 6 {
            let other = StagePlace { account: "ops.7".to_owned(), ..place.clone() };
            stage.web(&people[1], &other, start, length);
        }
    }
}

/// A native client and a browser on the same account in the same minute; the browser's records may come last.
fn native_twin(stage: &mut Stage<'_>) {
    let (people, place, start) = (stage.people(2), stage.place(), stage.moment());
    let (length, after) = (stage.random.minutes(1, 60), stage.random.seconds(-50, 50));
    let native = people[0].natively(stage.random);
    stage.play(ConnectionKind::Native, &native, &place, start, Some(start + length));
    let at_browser = if stage.random.happens(30) { &people[0] } else { &people[1] };
    let late = stage.random.happens(50);
    stage.web(at_browser, &place, start + after, length).late = late;
}

/// A native client alone, sometimes without an account.
fn native_alone(stage: &mut Stage<'_>) {
    let (who, mut place, start, length) = (stage.somebody(), stage.place(), stage.moment(), stage.length());
    if stage.random.happens(40) {
        place.account.clear();
    }
    let native = who.natively(stage.random);
    let end = if stage.random.happens(85) { Some(start + length) } else { None };
    stage.play(ConnectionKind::Native, &native, &place, start, end);
}

/// Two machines and accounts with the same recording name, often in the same minute.
fn colliding_names(stage: &mut Stage<'_>) {
    let (people, start, length) = (stage.people(2), stage.moment(), stage.random.minutes(1, 60));
    let spread = if stage.random.happens(60) { 50 } else { 2_000 };
    let places = colliding(stage.random);
    let bastion = stage.random.next() as usize % 2;
    for (who, (target, account)) in people.iter().zip(places) {
        let place = StagePlace { bastion, target, account: account.to_owned() };
        let after = stage.random.seconds(0, spread);
        stage.web(who, &place, start + after, length);
    }
}

/// One account, used through both bastions in the same minute.
fn both_bastions(stage: &mut Stage<'_>) {
    let (people, place, start, length) = (stage.people(2), stage.place(), stage.moment(), stage.length());
    for (bastion, who) in people.iter().enumerate() {
        let after = stage.random.seconds(0, 50);
        stage.web(who, &StagePlace { bastion, ..place.clone() }, start + after, length);
    }
}

/// A session to a scale set instance, an IP address or a shareable link.
fn unusual_target(stage: &mut Stage<'_>) {
    let target = unusual(stage.random);
    let (who, place, start, length) =
        (stage.somebody(), stage.place_at(target, "azureadmin"), stage.moment(), stage.length());
    stage.web(&who, &place, start, length);
}
