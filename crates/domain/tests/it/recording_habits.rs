//! Tests the displayed habits of a bastion's way of writing recordings.

use domain::decide::calibration::{DayCounts, Histogram, HourCounts, WayOfWriting};
use domain::decide::habits::{NameCounts, RecordingHabits, Share};
use domain::record::join::UndecidedReason;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::{prop_assert_eq, proptest};

/// A day of lonely pairs, written live and created `second` seconds after the start of the session.
fn live(pairs: u32, second: i16) -> DayCounts {
    let mut counts = DayCounts { recordings: pairs, sessions: pairs, ..DayCounts::default() };
    counts.starts.add_many(second, pairs);
    counts.ends.add_many(3, pairs);
    let hour = HourCounts { with: pairs, without: 0 };
    (counts.recordings_alone.0[9], counts.sessions_alone.0[9]) = (hour, hour);
    counts
}

/// A day of lonely pairs, uploaded `second` seconds after the end of the session.
fn uploaded(pairs: u32, second: i16) -> DayCounts {
    let mut counts = DayCounts { at_once: pairs, ..live(pairs, 0) };
    (counts.starts, counts.ends) = (Histogram::default(), Histogram::default());
    counts.uploads.add_many(second, pairs);
    counts
}

fn learn(days: &[DayCounts]) -> RecordingHabits {
    RecordingHabits::learn(days, NameCounts::default())
}

fn said(habits: &RecordingHabits, label: &str) -> Option<String> {
    habits.explained().into_iter().find(|(known, _)| *known == label).map(|(_, said)| said)
}

#[test]
fn a_habit_without_observations_is_unknown() {
    let habits = learn(&[]);
    assert_eq!(habits, RecordingHabits::default());
    assert_eq!((habits.starts.usual, habits.lost.known(), habits.is_changing()), (None, None, false));
    assert!(habits.explained().iter().all(|(_, said)| said.starts_with("not known yet")), "{:?}", habits.explained());
}

#[test]
fn habits_need_twenty_recordings_over_all_days() {
    let few = learn(&[live(9, 5), live(10, 5)]);
    assert_eq!((few.writes, few.starts.usual, few.starts.pairs), (WayOfWriting::Unknown, None, 19));
    assert_eq!(said(&few, "recordings are").unwrap(), "not known yet: not enough recordings, 19 of 20");
    assert_eq!(said(&few, "created").unwrap(), "not known yet: not enough recordings that stand alone, 19 of 20");
    let enough = learn(&[live(9, 5), live(11, 5)]);
    assert_eq!((enough.writes, enough.starts.pairs), (WayOfWriting::Live, 20));
    let (first, last) = enough.starts.usual.unwrap();
    assert!(-30 < first && first < 5 && 5 < last && last < 40, "{first}..{last}");
}

#[test]
fn an_offset_is_that_of_the_newest_days_that_have_enough() {
    let habits = learn(&[live(15, 65), live(15, 65), live(400, 5), live(400, 5)]);
    assert_eq!((habits.starts.pairs, habits.starts.median, habits.starts.median_before), (30, Some(65), Some(5)));
    assert_eq!((habits.starts.moved(), habits.ends.moved()), (Some((5, 65)), None));
    assert!(said(&habits, "created").unwrap().ends_with("; before that about 5 s after"));
    assert_eq!(learn(&[live(30, 20), live(400, 5)]).starts.moved(), None);
    assert_eq!(learn(&[live(20, 65), live(30, 5)]).starts.pairs, 20);
}

/// Reproducible pseudo-random numbers below a limit.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> i16 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i16::try_from((self.0 >> 33) % limit).unwrap_or_default()
    }
}

#[test]
fn stable_offsets_are_hardly_ever_reported_as_moved() {
    for (width, a_day) in [(10, 3), (30, 5), (120, 3), (120, 25), (250, 4)] {
        let mut numbers = Numbers(7);
        let moved = (0..2_000).filter(|_| {
            let day = |numbers: &mut Numbers| {
                let mut counts = DayCounts::default();
                (0..a_day).for_each(|_| counts.uploads.add_many(30 + numbers.below(width), 1));
                counts
            };
            let days: Vec<DayCounts> = (0..14).map(|_| day(&mut numbers)).collect();
            learn(&days).uploads.moved().is_some()
        });
        let moved = moved.count();
        assert!(moved <= 4, "{width} s wide, {a_day} a day: {moved} of 2,000");
    }
}

#[test]
fn a_new_way_of_writing_shows_after_enough_recordings() {
    let way = |days: &[DayCounts]| {
        let habits = learn(days);
        (habits.wrote_before, habits.writes, habits.is_changing())
    };
    use WayOfWriting::{AtEnd, Both, Live, Unknown};
    assert_eq!(way(&[live(30, 5), live(30, 5)]), (Live, Live, false));
    assert_eq!(way(&[uploaded(30, 60), live(30, 5)]), (Live, AtEnd, true));
    assert_eq!(way(&[uploaded(10, 60), live(30, 5), live(30, 5)]), (Live, Both, true));
    assert_eq!(way(&[uploaded(30, 60)]), (Unknown, AtEnd, false));
}

#[test]
fn offsets_of_the_other_way_of_writing_are_not_shown() {
    let (live, uploaded) = (learn(&[live(30, 5)]), learn(&[uploaded(30, 60)]));
    let is_said =
        |habits: &RecordingHabits| ["created", "last written", "uploaded"].map(|one| said(habits, one).is_some());
    assert_eq!((is_said(&live), is_said(&uploaded)), ([true, true, false], [false, false, true]));
}

#[test]
fn shares_are_of_those_that_stand_alone() {
    let mut day = live(90, 5);
    day.recordings = 120;
    day.recordings_alone.0[3].without = 10;
    day.sessions_alone.0[4].without = 30;
    let habits = learn(&[day]);
    assert_eq!(habits.alone, Share { count: 90, of: 120 });
    assert_eq!((habits.unlogged, habits.lost), (Share { count: 10, of: 100 }, Share { count: 30, of: 120 }));
    assert_eq!(said(&habits, "session is not in the log").unwrap(), "10 of 100 (10 %)");
}

#[test]
fn unavoidable_errors_are_expected_with_losses_and_close_sessions() {
    let unavoidable = |lost, unlogged, twins| {
        let mut day = live(60, 5);
        day.sessions_alone.0[4].without = lost;
        day.recordings_alone.0[4].without = unlogged;
        day.twins.near = twins;
        learn(&[day]).unavoidable
    };
    assert_eq!(learn(&[live(19, 5)]).unavoidable, None);
    assert_eq!(unavoidable(20, 20, 0), Some(0));
    let (few, many) = (unavoidable(0, 0, 6).unwrap(), unavoidable(20, 20, 6).unwrap());
    assert!(0 < few && few < 10 && 4_000 < many && many < 7_000, "{few} {many}");
    let mut uploads = uploaded(60, 90);
    uploads.twins.near = 60;
    assert_eq!(learn(&[uploads]).unavoidable, Some(0), "an upload is told apart by its end alone");
}

#[test]
fn undecided_names_are_explained_by_their_most_frequent_reasons() {
    let names = NameCounts {
        matched: 90,
        unmatched: 4,
        pending: [(UndecidedReason::NotRead, 7)].into(),
        undecided: [(UndecidedReason::NoEnd, 2), (UndecidedReason::RivalSession, 4)].into(),
    };
    let habits = RecordingHabits::learn(&[], names);
    assert_eq!(
        said(&habits, "name cannot be decided").unwrap(),
        "6 of 100 (6 %): 4 because another session is nearly as likely; 2 because the audit log lacks the end of the \
         likeliest session"
    );
    assert!(said(&habits, "name is not decided yet").unwrap().starts_with("7 because the audit log has not been read"));
    assert_eq!(said(&learn(&[]), "name is not decided yet"), None);
}

proptest! {
    #[test]
    fn names_of_parts_add_up_to_the_names_of_the_whole(parts in vec((any::<u16>(), any::<u16>(), 0_usize..14, any::<bool>()), 0..20)) {
        let of = |(matched, more, reason, is_pending): &(u16, u16, usize, bool)| {
            let counts = [(UndecidedReason::ALL[*reason], u32::from(*more))].into();
            let (pending, undecided) = if *is_pending { (counts, [].into()) } else { ([].into(), counts) };
            NameCounts { matched: u32::from(*matched), unmatched: 1, pending, undecided }
        };
        let mut forwards = NameCounts::default();
        parts.iter().for_each(|part| forwards.merge(&of(part)));
        let mut backwards = NameCounts::default();
        parts.iter().rev().for_each(|part| backwards.merge(&of(part)));
        prop_assert_eq!(&forwards, &backwards);
        let decided: u32 = parts.iter().map(|part| u32::from(part.0) + 1).sum();
        prop_assert_eq!(forwards.undecided_share().of - forwards.undecided_share().count, decided);
    }
}
