use estate_simulator::worlds::{SessionFate, Shows};

use super::{HOUR, MINUTE, kind, percent, world};

#[test]
fn a_calm_world_loses_only_unrecordable_sessions() {
    let world = world("calm");
    assert!(world.sessions.iter().all(|session| session.begin.is_some() && session.end.is_some()));
    let is_present = |fate: &SessionFate| matches!(fate, SessionFate::Recorded(_) | SessionFate::NativeClient);
    assert!(world.truth.sessions.iter().all(is_present));
}

#[test]
fn heavy_losses_take_recordings_sessions_and_records() {
    for name in ["heavy losses", "uploaded, heavy losses", "all together"] {
        let world = kind(name).generate(2, 20_000);
        let fates = &world.truth.sessions;
        let lost = percent(fates, |fate| *fate == SessionFate::Lost);
        assert!((9..=14).contains(&lost), "{name}: {lost}");
        assert!((1..=4).contains(&percent(fates, |fate| *fate == SessionFate::Outage)), "{name}");
        let logged = world.truth.recordings.iter().filter(|one| one.shows != Shows::FailedLogin);
        let unlogged = percent(logged, |one| one.shows == Shows::UnloggedSession);
        assert!((8..=14).contains(&unlogged), "{name}: {unlogged}");
        let without_end = percent(&world.sessions, |session| session.end.is_none());
        assert!((7..=13).contains(&without_end), "{name}: {without_end}");
        let without_begin = percent(&world.sessions, |session| session.begin.is_none());
        assert!((1..=4).contains(&without_begin), "{name}: {without_begin}");
    }
}

#[test]
fn an_outage_leaves_three_hours_of_a_bastion_without_recordings() {
    let world = kind("outages of recording").generate(4, 2000);
    let begin_of = |index: usize| world.sessions[index].begin.unwrap().at;
    let is_outage = |index: &usize| world.truth.sessions[*index] == SessionFate::Outage;
    let outage = (0..world.sessions.len()).find(is_outage).unwrap();
    let (bastion, span) = (world.sessions[outage].bastion, begin_of(outage).div_euclid(3 * HOUR));
    for (index, fate) in world.truth.sessions.iter().enumerate() {
        if world.sessions[index].bastion == bastion && begin_of(index).div_euclid(3 * HOUR) == span {
            assert!(matches!(fate, SessionFate::Outage | SessionFate::NativeClient), "{fate:?}");
        }
    }
    assert!((7..=17).contains(&percent(&world.truth.sessions, |fate| *fate == SessionFate::Outage)));
}

#[test]
fn two_in_five_records_are_half_an_hour_to_six_hours_late() {
    let world = world("late records");
    let ends = world.sessions.iter().map(|session| session.end.unwrap());
    let delays: Vec<_> = ends.map(|end| end.readable_at - end.at).collect();
    let late = percent(&delays, |delay| *delay >= 30 * MINUTE);
    assert!((36..=44).contains(&late), "{late}");
    assert!(delays.iter().all(|delay| *delay <= 6 * HOUR));
    assert!(delays.iter().all(|delay| *delay <= 12 * MINUTE || *delay >= 30 * MINUTE));
}
