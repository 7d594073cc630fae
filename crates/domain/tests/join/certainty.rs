//! A name that has been given stands, whatever is learned later of those who were there.

use domain::join::{Attended, Recorded};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::world::{HOUR, at, judged, named, near, read_to, recording, session, unfinished};

/// Times that are near enough to each other to be confused.
fn second() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), Just(60), Just(119), Just(150), Just(240), 0i64..300]
}

fn recordings() -> impl Strategy<Value = Vec<Recorded>> {
    let one = (second(), second(), any::<bool>()).prop_map(|(from, to, has_ended)| {
        if has_ended { recording(from, 1000 + to) } else { unfinished(from, 1000 + to) }
    });
    vec(one, 0..4)
}

fn sessions() -> impl Strategy<Value = Vec<Attended>> {
    vec((second(), proptest::option::of(second())), 1..5).prop_map(|times| {
        let numbered = times.into_iter().enumerate();
        numbered.map(|(n, (from, to))| session(&format!("s{n}"), from, to.map(|to| 1000 + to))).collect()
    })
}

/// What is not known yet becomes known: it ends with one of the recordings, or far from all.
fn learned(session: &Attended, ends: &[i64], choice: Index) -> Attended {
    if session.ended_at.is_some() {
        return session.clone();
    }
    let mut ended = session.clone();
    ended.ended_at = Some(at(ends[choice.index(ends.len())]));
    ended.facts.ended_at = ended.ended_at;
    ended
}

proptest! {
    #[test]
    fn a_name_stands_whatever_is_learned_later(
        from in second(), to in second(), others in recordings(), sessions in sessions(), confirmed in any::<bool>(),
        choices in vec(any::<Index>(), 8),
    ) {
        let subject = recording(from, 1000 + to);
        let read = if confirmed { 1000 + to + 6 * HOUR } else { 0 };
        let verdict = judged(&subject, &read_to(read, near(others.clone(), sessions.clone())));
        if let (Some(name), false) = (named(&verdict), confirmed) {
            let ends = [1000 + to, 1090, 1240, 9000];
            let sessions = sessions.iter().zip(&choices).map(|(one, choice)| learned(one, &ends, *choice));
            let others = others.iter().zip(choices.iter().rev()).map(|(one, choice)| {
                let last = ends[choice.index(ends.len())].max(one.last_modified.as_second() - at(0).as_second());
                if one.has_ended { one.clone() } else { Recorded { has_ended: true, last_modified: at(last), ..one.clone() } }
            });
            let later = near(others.collect(), sessions.collect());
            let then = judged(&subject, &read_to(100 * HOUR, later));
            prop_assert_eq!(named(&then), Some(name));
        }
    }

    #[test]
    fn the_order_in_which_others_are_seen_changes_nothing(
        from in second(), to in second(), others in recordings(), sessions in sessions(), read in 0i64..60,
    ) {
        let subject = recording(from, 1000 + to);
        let forth = read_to(read * HOUR, near(others.clone(), sessions.clone()));
        let back = read_to(read * HOUR, near(others.into_iter().rev().collect(), sessions.into_iter().rev().collect()));
        prop_assert_eq!(judged(&subject, &forth), judged(&subject, &back));
    }

    #[test]
    fn one_session_is_named_on_one_recording(recordings in recordings(), sessions in sessions(), read in 0i64..60) {
        let mut taken = std::collections::BTreeSet::new();
        for (at, subject) in recordings.iter().enumerate() {
            let others = recordings.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other.clone());
            let verdict = judged(subject, &read_to(read * HOUR, near(others.collect(), sessions.clone())));
            if let Some(name) = named(&verdict) {
                prop_assert!(taken.insert(name.to_owned()), "{} is on two recordings", name);
            }
        }
    }
}
