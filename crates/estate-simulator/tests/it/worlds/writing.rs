use estate_simulator::worlds::{WrittenAs, score};

use super::{HOUR, MINUTE, SECOND, begin_delays, end_delays, kind, pairs, percent, upload_delays, world};

#[test]
fn a_live_recording_spans_the_session_from_begin_to_end() {
    for (name, most) in [("calm", 4), ("shared accounts", 25), ("crowded", 12)] {
        let world = world(name);
        let (first, last) = (-SECOND, most * SECOND);
        assert!(begin_delays(&world).iter().all(|delay| (first..=last).contains(delay)), "{name}");
        assert!(end_delays(&world).iter().all(|delay| (first - last / 5..=last).contains(delay)), "{name}");
        assert!(begin_delays(&world).iter().any(|delay| *delay > last / 2), "{name}");
    }
}

#[test]
fn an_uploaded_recording_is_created_30_to_150_seconds_after_the_end() {
    for name in ["uploaded, calm", "uploaded, shared accounts", "uploaded, crowded", "uploaded, reconnects"] {
        let world = world(name);
        let delays = upload_delays(&world);
        assert!(delays.iter().all(|delay| (29 * SECOND..=150 * SECOND).contains(delay)), "{name}");
        let early = percent(&delays, |delay| *delay < 90 * SECOND);
        assert!((45..=55).contains(&early), "{name}: {early}");
        let takes = world.recordings.iter().map(|blob| blob.last_write_at - blob.created_at);
        assert!(takes.clone().all(|takes| (0..=6 * SECOND).contains(&takes)), "{name}");
        assert!((50..=60).contains(&percent(takes, |takes| takes == 0)), "{name}");
    }
}

#[test]
fn one_last_write_in_twenty_is_minutes_late() {
    let world = world("heavy tails");
    let delays = end_delays(&world);
    let late = percent(&delays, |delay| *delay > 55 * SECOND);
    assert!((4..=6).contains(&late), "{late}");
    assert!(delays.iter().all(|delay| *delay < 9 * MINUTE));
    assert!(begin_delays(&world).iter().all(|delay| *delay <= 25 * SECOND));
    let uploads = upload_delays(&self::world("uploaded, heavy tails"));
    assert!((4..=5).contains(&percent(uploads, |delay| delay > 150 * SECOND)));
}

#[test]
fn a_mixed_world_has_both_ways_of_writing() {
    for name in ["mixed in time", "mixed by bastion", "mixed and crowded", "everything, mixed"] {
        let world = kind(name).generate(7, 20_000);
        let live = percent(&world.truth.recordings, |one| one.way == WrittenAs::Live);
        assert!((35..=65).contains(&live), "{name}: {live}");
    }
}

#[test]
fn the_way_changes_once_and_in_either_direction() {
    let mut first_ways = Vec::new();
    for seed in 0..10 {
        let world = kind("mixed in time").generate(seed, 2000);
        let begins = world.truth.recordings.iter().enumerate();
        let mut ways: Vec<_> = begins
            .filter_map(|(index, one)| Some((world.sessions[world.truth.session_of(index)?].begin?.at, one.way)))
            .collect();
        ways.sort_by_key(|(begin, _)| *begin);
        assert_eq!(ways.windows(2).filter(|two| two[0].1 != two[1].1).count(), 1);
        first_ways.push(ways[0].1);
    }
    assert!(first_ways.contains(&WrittenAs::Live) && first_ways.contains(&WrittenAs::Uploaded));
}

#[test]
fn some_bastions_write_one_way_and_some_the_other() {
    let world = world("mixed by bastion");
    let ways = world.recordings.iter().zip(&world.truth.recordings);
    let mut ways: Vec<_> = ways.map(|(blob, truth)| (blob.container, truth.way == WrittenAs::Live)).collect();
    ways.sort_unstable();
    ways.dedup();
    assert_eq!(ways.len(), 2);
    assert_ne!(ways[0].1, ways[1].1);
}

#[test]
fn most_recordings_are_seen_within_a_minute_and_all_within_an_hour() {
    let world = world("calm");
    let delay = |seen: i64, at: i64| seen - at;
    let delays: Vec<_> = world.recordings.iter().map(|one| delay(one.last_write_seen_at, one.last_write_at)).collect();
    assert!(percent(&delays, |delay| *delay <= MINUTE + SECOND) >= 95);
    assert!(delays.iter().all(|delay| *delay <= HOUR + SECOND));
}

#[test]
fn a_live_recording_is_seen_before_its_session_ends() {
    let world = world("sessions of 20 hours");
    let is_long = |begin: i64, end: i64| end - begin > 2 * HOUR;
    let times = pairs(&world).map(|(blob, one)| (blob.created_seen_at, one.begin.unwrap().at, one.end.unwrap().at));
    let long: Vec<_> = times.filter(|(_, begin, end)| is_long(*begin, *end)).collect();
    assert!(long.len() > 300);
    assert!(long.iter().all(|(seen, _, end)| seen < end));
}

#[test]
fn a_big_world_is_made_in_memory() {
    let world = kind("crowded").generate(1, 200_000);
    let truth = score(&world, |index| world.truth.session_of(index));
    assert_eq!((truth.recordings, truth.right), (200_000, 200_000));
}
