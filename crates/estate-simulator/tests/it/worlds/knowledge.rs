use std::collections::BTreeMap;

use estate_simulator::worlds::{Machine, RecordedBlob, SessionFate, World};

use super::{SECOND, kind};

/// Recordings of one account and machine with the ends of their sessions: `(recording, creation, end)`.
fn uploads_by_place(world: &World) -> Vec<Vec<(usize, i64, i64)>> {
    let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (index, blob) in world.recordings.iter().enumerate() {
        let session = &world.sessions[world.truth.session_of(index).unwrap()];
        let place = places.entry((&session.address, &session.account)).or_default();
        place.push((index, blob.created_at, session.end.unwrap().at));
    }
    places.into_values().collect()
}

/// Two exchangeable uploads are unknowable. An upload that fits only its own session is knowable.
#[test]
fn unknowable_uploads_are_the_exchangeable_ones() {
    let (mut exchanged, mut alone) = (0, 0);
    for name in ["uploaded, calm", "uploaded, shared accounts", "uploaded, crowded"] {
        let world = kind(name).generate(3, 3000);
        for place in uploads_by_place(&world) {
            for one in &place {
                let surely = |created: i64, end: i64| (31 * SECOND..149 * SECOND).contains(&(created - end));
                let hardly = |created: i64, end: i64| (27 * SECOND..153 * SECOND).contains(&(created - end));
                let others = place.iter().filter(|other| other.0 != one.0);
                let is_knowable = world.truth.recordings[one.0].is_knowable;
                if others.clone().any(|other| surely(one.1, other.2) && surely(other.1, one.2)) {
                    assert!(!is_knowable, "{name}");
                    exchanged += 1;
                } else if !others.clone().any(|other| hardly(one.1, other.2)) {
                    assert!(is_knowable, "{name}");
                    alone += 1;
                }
            }
        }
    }
    assert!(exchanged > 300 && alone > 3000, "{exchanged} {alone}");
}

#[test]
fn three_uploads_that_could_change_places_in_a_ring_are_unknowable() {
    let world = kind("uploaded, crowded").generate(3, 20_000);
    let fits = |created: i64, end: i64| (31 * SECOND..149 * SECOND).contains(&(created - end));
    let mut rings = 0;
    for mut place in uploads_by_place(&world) {
        place.sort_unstable_by_key(|one| one.2);
        for three in place.windows(3) {
            let [a, b, c] = [three[0], three[1], three[2]];
            for [a, b, c] in [[a, b, c], [a, c, b]] {
                if fits(a.1, b.2) && fits(b.1, c.2) && fits(c.1, a.2) {
                    rings += 1;
                    assert!([a, b, c].iter().all(|one| !world.truth.recordings[one.0].is_knowable));
                }
            }
        }
    }
    assert!(rings > 50, "{rings}");
}

#[test]
fn a_calm_live_world_is_more_knowable_than_uploads_and_losses() {
    let unknowable = |name: &str| {
        let world = kind(name).generate(5, 4000);
        world.truth.recordings.iter().filter(|one| !one.is_knowable).count()
    };
    assert!(unknowable("calm") <= 2);
    let (calm, shared) = (unknowable("uploaded, calm"), unknowable("uploaded, shared accounts"));
    let (losses, together) = (unknowable("uploaded, heavy losses"), unknowable("everything, mixed"));
    assert!(calm < shared && shared < losses && together > 600, "{calm} {shared} {losses} {together}");
}

#[test]
fn a_recording_is_unknowable_beside_a_lost_recording_that_fits() {
    let world = kind("uploaded, heavy losses").generate(1, 20_000);
    let (mut with_session, mut without) = (0, 0);
    let lost = ends_by_name(&world, |fate| fate == SessionFate::Lost);
    for (index, blob) in world.recordings.iter().enumerate() {
        if lost.get(&base(blob)).is_some_and(|ends| ends.iter().any(|(_, end)| surely_fits(blob, *end))) {
            assert!(!world.truth.recordings[index].is_knowable);
            match world.truth.session_of(index) {
                Some(_) => with_session += 1,
                None => without += 1,
            }
        }
    }
    assert!(with_session > 100 && without > 5, "{with_session} {without}");
}

#[test]
fn an_unlogged_rival_makes_a_recording_unknowable() {
    let world = kind("uploaded, heavy losses").generate(1, 20_000);
    let recorded = ends_by_name(&world, |fate| matches!(fate, SessionFate::Recorded(_)));
    let mut rivals = 0;
    for (index, blob) in world.recordings.iter().enumerate() {
        if world.truth.session_of(index).is_none() {
            let ends = recorded.get(&base(blob)).into_iter().flatten();
            for (session, _) in ends.filter(|(_, end)| surely_fits(blob, *end)) {
                let own = world.truth.recording_of(*session).unwrap();
                assert!(!world.truth.recordings[own].is_knowable && !world.truth.recordings[index].is_knowable);
                rivals += 1;
            }
        }
    }
    assert!(rivals > 50, "{rivals}");
}

/// Returns the logged sessions whose fate satisfies `is_meant`, with their ends, by the base name of their blobs.
fn ends_by_name(world: &World, is_meant: impl Fn(SessionFate) -> bool) -> BTreeMap<String, Vec<(usize, i64)>> {
    let mut ends: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (index, session) in world.sessions.iter().enumerate() {
        let (Machine::Vm(id), Some(end)) = (&session.machine, session.end) else {
            continue;
        };
        if is_meant(world.truth.sessions[index]) {
            let name = format!("{}-{}", id.rsplit('/').next().unwrap(), session.account).to_lowercase();
            ends.entry(name).or_default().push((index, end.at));
        }
    }
    ends
}

fn base(blob: &RecordedBlob) -> String {
    blob.name.rsplit_once('.').map_or(blob.name.as_str(), |(base, _)| base).to_lowercase()
}

fn surely_fits(blob: &RecordedBlob, end: i64) -> bool {
    (31 * SECOND..149 * SECOND).contains(&(blob.created_at - end))
}
