use std::collections::{BTreeMap, BTreeSet};

use estate_simulator::worlds::LoggedSession;

use super::{HOUR, MINUTE, SECOND, kind, percent, world};

const DAY: i64 = 24 * HOUR;

fn begin(session: &LoggedSession) -> i64 {
    session.begin.unwrap().at
}

fn length(session: &LoggedSession) -> i64 {
    session.end.unwrap().at - begin(session)
}

fn days(sessions: &[LoggedSession]) -> usize {
    sessions.iter().map(|session| begin(session).div_euclid(DAY)).collect::<BTreeSet<_>>().len()
}

#[test]
fn a_crowd_makes_20_000_recordings_on_24_names_in_five_days() {
    let world = kind("crowded").generate(0, 20_000);
    let base = |name: &str| name.split('.').next().map(str::to_owned);
    let names: BTreeSet<_> = world.recordings.iter().map(|blob| (blob.container, base(&blob.name))).collect();
    assert_eq!((names.len(), days(&world.sessions)), (24, 5));
}

#[test]
fn a_first_day_is_one_day_of_one_bastion() {
    for size in [3, 10, 100] {
        let world = kind(&format!("first day, {size} sessions")).generate(9, size);
        assert_eq!((world.bastions.len(), world.recordings.len(), world.sessions.len()), (1, size, size));
        assert_eq!(days(&world.sessions), 1);
    }
}

#[test]
fn several_people_share_an_account() {
    let world = world("shared accounts");
    let mut people: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for session in &world.sessions {
        people.entry((&session.address, &session.account)).or_default().insert(&session.person);
    }
    assert_eq!(people.len(), 8);
    assert!(people.values().all(|people| people.len() == 12));
}

#[test]
fn another_person_often_connects_right_after_a_disconnect() {
    let of_others = |name: &str| {
        let world = world(name);
        let mut sessions: Vec<_> = world.sessions.iter().collect();
        sessions.sort_by_key(|one| (&one.address, &one.account, begin(one)));
        percent(sessions.windows(2), |two| {
            let gap = begin(two[1]) - two[0].end.unwrap().at;
            two[0].address == two[1].address
                && two[0].account == two[1].account
                && (0..=8 * SECOND).contains(&gap)
                && two[0].person != two[1].person
        })
    };
    let (calm, reconnects) = (of_others("shared accounts"), of_others("reconnects"));
    assert!(calm <= 3 && reconnects >= 10, "{calm} {reconnects}");
}

#[test]
fn two_sessions_in_five_begin_with_the_shift() {
    let world = world("shift begin");
    let near_eight = percent(&world.sessions, |one| (begin(one) % DAY - 8 * HOUR).abs() <= 5 * MINUTE);
    assert!((33..=43).contains(&near_eight), "{near_eight}");
}

#[test]
fn a_job_connects_each_hour_on_the_minute() {
    let world = world("hourly jobs");
    let jobs: Vec<_> =
        world.sessions.iter().filter(|one| begin(one) % HOUR <= 2 * SECOND && length(one) <= 70 * SECOND).collect();
    assert!((45..=55).contains(&(jobs.len() * 100 / world.sessions.len())));
    let slots: BTreeSet<_> = jobs.iter().map(|one| (&one.address, &one.account, begin(one) / HOUR)).collect();
    assert!(slots.len() + 5 > jobs.len(), "one job an hour on each machine");
}

#[test]
fn sessions_are_as_long_as_the_name_says() {
    let share = |name: &str, lengths: std::ops::RangeInclusive<i64>| {
        percent(&world(name).sessions, |session| lengths.contains(&length(session)))
    };
    assert!((8..=12).contains(&share("sessions of 20 hours", 18 * HOUR..=21 * HOUR)));
    assert!((28..=36).contains(&share("sessions of 2 seconds", SECOND..=4 * SECOND)));
    assert_eq!(share("calm", 18 * HOUR..=21 * HOUR), 0);
    assert!(share("calm", MINUTE..=128 * MINUTE) >= 95);
}

#[test]
fn a_login_fails_shortly_before_the_same_person_gets_in() {
    let world = world("failed logins");
    let failed = world.failed_logins.iter().filter(|login| {
        let follows = |one: &&LoggedSession| {
            one.person == login.person
                && one.address == login.address
                && (0..4 * MINUTE).contains(&(begin(one) - login.tried.at))
        };
        world.sessions.iter().any(|one| follows(&one))
    });
    assert!(world.failed_logins.len() > 400);
    assert!(failed.count() + 5 > world.failed_logins.len());
}
