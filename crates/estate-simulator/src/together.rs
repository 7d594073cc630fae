//! Scenes with several people on one account at the same time.

use jiff::SignedDuration;

use crate::stage::{DAY_BEGINS, Stage};

/// Several people on one account whose sessions begin and end within a minute or two of each other, so that they
/// cannot be distinguished.
pub(crate) fn crowd(stage: &mut Stage<'_>) {
    let (count, place, start, length) =
        (stage.random.between(2, 3), stage.place(), stage.moment(), stage.length() + SignedDuration::from_secs(40));
    let late = stage.random.happens(60);
    for (number, who) in stage.people(count as usize).iter().enumerate() {
        let (after, longer) = (stage.random.seconds(0, 60), stage.random.seconds(-30, 30));
        stage.web(who, &place, start + after, length + longer).late = late && number == 0;
    }
}

/// Two people who begin together and end at different times.
pub(crate) fn start_together(stage: &mut Stage<'_>) {
    let (place, start) = (stage.place(), stage.moment());
    let mut length = stage.random.minutes(3, 40);
    for who in &stage.people(2) {
        let after = stage.random.seconds(0, 40);
        stage.web(who, &place, start + after, length);
        length += stage.random.minutes(10, 120);
    }
}

/// Two people who begin at different times and end together.
pub(crate) fn end_together(stage: &mut Stage<'_>) {
    let (place, end) = (stage.place(), DAY_BEGINS + stage.random.minutes(240, 850));
    let mut length = stage.random.minutes(3, 40);
    for who in &stage.people(2) {
        let before = stage.random.seconds(0, 40);
        stage.web(who, &place, end - before - length, length);
        length += stage.random.minutes(10, 120);
    }
}

/// One person in two windows, opened and closed in the same minute; sometimes with a second person whose records
/// arrive late.
pub(crate) fn twice_at_once(stage: &mut Stage<'_>) {
    let (people, place, start) = (stage.people(2), stage.place(), stage.moment());
    let length = stage.random.minutes(2, 60);
    let after = stage.random.seconds(1, 30);
    stage.web(&people[0], &place, start, length);
    stage.web(&people[0], &place, start + after, length);
    if stage.random.happens(30) {
        let meanwhile = stage.random.seconds(0, 30);
        stage.web(&people[1], &place, start + meanwhile, length).late = true;
    }
}
