use estate_simulator::{ConnectionKind, EstateDay, TrueRecording, TrueSession};
use jiff::{SignedDuration, Timestamp};

use crate::days;

#[test]
fn a_session_fits_its_own_recording() {
    for day in days() {
        for recording in &day.truth.recordings {
            let own = &day.truth.sessions[recording.session];
            assert_eq!(day.truth.fits(recording, own), own.ended_at.is_some());
        }
    }
}

#[test]
fn no_recording_fits_a_session_whose_own_was_never_made() {
    for seed in 0..1000 {
        let day = EstateDay::generate(seed, 40).unwrap();
        let unrecorded =
            day.truth.sessions.iter().filter(|one| one.kind == ConnectionKind::Web && one.recording.is_none());
        for session in unrecorded {
            assert!(!day.truth.recordings.iter().any(|recording| day.truth.may_fit(recording, session)), "seed {seed}");
        }
    }
}

#[test]
fn most_recordings_can_be_decided_and_many_cannot() {
    let (mut decidable, mut all) = (0, 0);
    for day in days() {
        all += day.truth.recordings.len();
        decidable += day.truth.recordings.iter().filter(|recording| day.truth.decidable(recording)).count();
    }
    assert!((40..80).contains(&(decidable * 100 / all)), "{decidable} of {all}");
}

#[test]
fn no_other_person_fits_a_decidable_recording() {
    let mut more = 0;
    for truth in days().map(|day| &day.truth) {
        for recording in &truth.recordings {
            let Some(person) = truth.decidable_person(recording) else { continue };
            let mut told = truth.sessions.iter().filter(|one| one.kind == ConnectionKind::Web && one.is_told());
            let is_else = |one: &TrueSession| one.person.as_deref() != Some(person);
            assert!(!told.any(|one| is_else(one) && truth.may_fit(recording, one)));
            more += usize::from(!truth.decidable(recording));
        }
    }
    assert!(more > 0);
}

#[test]
fn two_recordings_of_one_logged_session_are_undecidable() {
    let mut strange = 0;
    for truth in days().map(|day| &day.truth) {
        for recording in &truth.recordings {
            let own = &truth.sessions[recording.session];
            let untold = |other: &TrueRecording| !truth.sessions[other.session].is_told();
            let contested = truth.recordings.iter().any(|other| untold(other) && truth.fits(other, own));
            assert!(!contested || !truth.decidable(recording));
            strange += usize::from(contested && own.is_told());
        }
    }
    assert!(strange > 0);
}

#[test]
fn two_indistinguishable_sessions_are_undecidable() {
    for day in days() {
        let truth = &day.truth;
        for recording in truth.recordings.iter().filter(|recording| truth.decidable(recording)) {
            let own = &truth.sessions[recording.session];
            let close = |other: &&TrueSession| {
                let apart = |one: Timestamp, other| one.duration_since(other).abs();
                other.kind == ConnectionKind::Web
                    && (other.bastion, &other.target, &other.account) == (own.bastion, &own.target, &own.account)
                    && apart(other.started_at, own.started_at) < SignedDuration::from_secs(85)
                    && other
                        .ended_at
                        .zip(own.ended_at)
                        .is_some_and(|(a, b)| apart(a, b) < SignedDuration::from_secs(145))
            };
            assert_eq!(truth.sessions.iter().filter(close).count(), 1, "{own:?}");
        }
    }
}
