//! Tests that verdicts depend neither on the order nor on unread parts.

use domain::decide::join::{Neighbourhood, RecordingEvidence, SessionEvidence};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::join::world::{HOUR, judged, live, named, near, read_to, recording, session, unfinished, uploading};

/// Times near enough to be confused.
fn second() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), Just(3), Just(7), Just(60), Just(119), Just(240), 0i64..300]
}

fn recordings() -> impl Strategy<Value = Vec<RecordingEvidence>> {
    let one = (second(), second(), 0..4).prop_map(|(from, to, kind)| match kind {
        0 => unfinished(from, 1000 + to),
        1 => recording(1000 + from, 1000 + from),
        _ => recording(from, 1000 + to),
    });
    vec(one, 0..5)
}

fn sessions() -> impl Strategy<Value = Vec<SessionEvidence>> {
    vec((second(), proptest::option::weighted(0.8, second())), 1..6).prop_map(|times| {
        let numbered = times.into_iter().enumerate();
        numbered.map(|(n, (from, to))| session(&format!("s{n}"), from, to.map(|to| 1000 + to))).collect()
    })
}

fn on_a_day(kind: u8, near: Neighbourhood) -> Neighbourhood {
    match kind {
        0 => near,
        1 => live(near),
        _ => uploading(near),
    }
}

proptest! {
    #[test]
    fn the_order_of_neighbours_changes_no_verdict(
        from in second(), to in second(), others in recordings(), sessions in sessions(), read in 0i64..60, day in 0u8..3,
    ) {
        let subject = recording(from, 1000 + to);
        let forth = near(others.clone(), sessions.clone());
        let back = near(others.into_iter().rev().collect(), sessions.into_iter().rev().collect());
        let seen = |near| judged(&subject, &read_to(read * HOUR, on_a_day(day, near)));
        prop_assert_eq!(seen(forth), seen(back));
    }

    #[test]
    fn a_match_from_partial_data_holds_with_all_data(
        from in second(), to in second(), others in recordings(), sessions in sessions(), steps in 0usize..6, day in 0u8..3,
    ) {
        let subject = recording(from, 1000 + to);
        let whole = read_to(100 * HOUR, on_a_day(day, near(others, sessions)));
        let part = Neighbourhood { steps_read: steps, ..whole.clone() };
        let (by_part, by_all) = (judged(&subject, &part), judged(&subject, &whole));
        if let Some(name) = named(&by_part) {
            prop_assert_eq!(named(&by_all), Some(name));
        }
    }

    #[test]
    fn one_session_is_matched_to_one_recording(
        recordings in recordings(), sessions in sessions(), read in 0i64..60, day in 0u8..3,
    ) {
        let mut taken = std::collections::BTreeSet::new();
        for (at, subject) in recordings.iter().enumerate() {
            let others = recordings.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other.clone());
            let beside = on_a_day(day, near(others.collect(), sessions.clone()));
            let verdict = judged(subject, &read_to(read * HOUR, beside));
            if let Some(name) = named(&verdict) {
                prop_assert!(taken.insert(name.to_owned()), "{} is on two recordings", name);
            }
        }
    }
}
