//! Tests the checks of the bastion's way of writing recordings.

use domain::decide::calibration::WayOfWriting;
use domain::decide::habits::{OffsetHabit, RecordingHabits, Share};
use domain::decide::posture::{Question as Q, *};
use domain::policy::join::Tolerances;
use domain::record::notification::Severity::Warning;
use jiff::SignedDuration;

use crate::posture::told::*;
use crate::posture::world::*;

fn of(change: impl Fn(&mut RecordingHabits), question: Q) -> Check {
    let mut known = habits();
    change(&mut known);
    let one = Watched { habits: read(known), ..watched() };
    answer(&check_bastion(&one, std::slice::from_ref(&one), now()), question)
}

const MATCHING: [Q; 4] = [Q::MatchingAlone, Q::MatchingWay, Q::MatchingOffsets, Q::MatchingClocks];

#[test]
fn a_bastion_that_writes_as_ever_is_good() {
    for question in MATCHING {
        is_good(&of(|_| {}, question));
    }
}

#[test]
fn habits_of_too_few_recordings_are_not_checked() {
    for question in MATCHING {
        let few = |habits: &mut RecordingHabits| {
            *habits = RecordingHabits { recordings: 3, alone: Share { count: 3, of: 3 }, ..RecordingHabits::default() };
            habits.starts.pairs = 3;
        };
        is_not_checked(&of(few, question), "not enough recordings");
        is_not_checked(&of(few, question), "3 of 20");
        let one = Watched { habits: unread(), ..watched() };
        is_not_checked(&answer(&check_bastion(&one, std::slice::from_ref(&one), now()), question), FORBIDDEN);
    }
}

#[test]
fn too_few_recordings_that_stand_alone_are_found() {
    let alone = |count| of(|habits| habits.alone.count = count, Q::MatchingAlone);
    is_good(&alone(20));
    is_finding(&alone(19), Warning, "19 of 120 recordings stand alone", "account of their own");
}

#[test]
fn another_way_of_writing_is_found_and_a_mixed_one() {
    use WayOfWriting::{AtEnd, Both, Live, Unknown};
    let way = |before, now| of(|habits| (habits.wrote_before, habits.writes) = (before, now), Q::MatchingWay);
    for (before, now) in [(Unknown, Live), (Live, Live), (AtEnd, AtEnd)] {
        is_good(&way(before, now));
    }
    let fix = "recordings list --bastion bas-hub-01 --match ambiguous";
    is_finding(&way(Live, AtEnd), Warning, "written after the session, before that live", fix);
    is_finding(&way(AtEnd, Live), Warning, "written live, before that after the session", fix);
    is_finding(&way(Live, Both), Warning, "in both ways", fix);
    is_finding(&way(Both, Both), Warning, "in both ways", fix);
}

#[test]
fn an_offset_near_its_tolerance_is_found_with_a_better_tolerance() {
    let usual = |first, last| of(|habits| habits.ends.usual = Some((first, last)), Q::MatchingOffsets);
    is_good(&usual(-269, 269));
    is_finding(&usual(-3, 270), Warning, "end is 3 s before to 270 s after", "matching.end_tolerance to PT9M");
    is_finding(&usual(-290, 4), Warning, "end is 290 s before to 4 s after", "matching.end_tolerance to PT10M");
    let uploads = OffsetHabit { pairs: 40, usual: Some((30, 820)), ..OffsetHabit::default() };
    is_finding(&of(|habits| habits.uploads = uploads, Q::MatchingOffsets), Warning, "upload", "recordings confirm");
}

#[test]
fn the_maximum_tolerance_is_not_recommended_for_raising() {
    let hour = SignedDuration::from_hours(1);
    let mut known = habits();
    known.starts.usual = Some((-2, 3_500));
    let one = Watched { habits: read(known), tolerances: Tolerances { start: hour, end: hour }, ..watched() };
    let found = answer(&check_bastion(&one, std::slice::from_ref(&one), now()), Q::MatchingOffsets);
    is_finding(&found, Warning, "at the tolerance", "at its maximum");
}

#[test]
fn recordings_and_sessions_that_all_miss_each_other_are_found() {
    let shares = |unlogged, lost| {
        of(
            |habits| {
                (habits.unlogged, habits.lost) = (Share { count: unlogged, of: 40 }, Share { count: lost, of: 60 });
            },
            Q::MatchingOffsets,
        )
    };
    is_finding(&shares(20, 30), Warning, "20 of 40 (50 %) and 30 of 60 (50 %)", "PT1H");
    // Sessions without recordings alone are a gap; recordings without sessions alone are a silent log.
    is_good(&shares(1, 60));
    is_good(&shares(40, 2));
}

#[test]
fn an_offset_that_has_moved_is_found() {
    let moved = |before| of(|habits| habits.starts.median_before = Some(before), Q::MatchingClocks);
    is_good(&moved(24));
    is_finding(&moved(25), Warning, "start was 25 s after and is 5 s after", "drift");
    is_finding(&moved(-55), Warning, "start was 55 s before and is 5 s after", "drift");
    let fresh = |habits: &mut RecordingHabits| (habits.starts.median_before, habits.ends.median_before) = (None, None);
    is_not_checked(&of(fresh, Q::MatchingClocks), "no earlier days");
}
