//! Finds the limit a growing number of sessions meets first, with a simulated day, minute by minute.

use super::month::{COMPARED, DAYS_PER_RUN, LISTED, READ, assumed, events, session, swept};
use super::page::{number, table};

/// Distribution of 1,000 sessions over the hours of a day: people come at nine and return from lunch.
const PER_HOUR: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 60.0, 150.0, 140.0, 110.0, 80.0, 60.0, 130.0, 110.0, 80.0, 40.0, 20.0, 10.0,
    0.0, 0.0, 0.0, 0.0, 0.0,
];
const WORKING_DAYS: f64 = 22.0;
/// Longest delay of work, in minutes, before people notice.
const LATE: f64 = 10.0;

/// A limited capacity.
struct Limit {
    /// Name of its row on the page.
    name: &'static str,
    /// Share that one session uses.
    takes: f64,
    /// Share that a day takes beside its sessions, by the number of recordings kept.
    daily: fn(f64) -> f64,
    /// True if the work may wait until the end of the day.
    can_wait: bool,
}

#[expect(clippy::cast_precision_loss, reason = "the page is rounded to two digits")]
fn limits() -> Vec<Limit> {
    let (whole, of_sweep) = (session(), swept());
    let request = seconds("milliseconds of a request");
    // In seconds of a run: further pages of recordings and of sessions of counted days.
    let counted = (2 * DAYS_PER_RUN * 24) as f64 / READ as f64 * seconds("milliseconds of a page of 1,000 entries");
    let at_once = |name, takes| Limit { name, takes, daily: |_| 0.0, can_wait: false };
    vec![
        at_once("requests to one storage account", whole.total() as f64),
        at_once("rows of one table partition (`entries`)", whole.0[6] as f64),
        at_once("messages of one queue (`recording-events`)", 2.0),
        at_once("calls at once of all instances", events().total() as f64 * request),
        at_once("names at once of `join_sweep`", of_sweep.total() as f64 * request),
        Limit { name: "seconds an hour of `reconcile_sweep`", takes: counted, daily: looked, can_wait: true },
    ]
}

/// Seconds of a day for the kept recordings: a page of a listing every hour, and once a day a further one with the
/// entries that are compared with it.
#[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
fn looked(kept: f64) -> f64 {
    let listing = seconds("milliseconds of a listing of 5,000 blobs with tags");
    let page = seconds("milliseconds of a page of 1,000 entries") + seconds("milliseconds of a request");
    kept / LISTED as f64 * (24.0 * listing + listing + COMPARED as f64 * page)
}

#[expect(clippy::cast_precision_loss, reason = "the number is small")]
fn seconds(what: &str) -> f64 {
    assumed(what) as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "the number is small")]
fn months_kept() -> f64 {
    assumed("months that recordings are kept") as f64
}

/// Capacity per second, as the page says.
#[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
fn per_second(limit: &Limit) -> f64 {
    let rows = table("limit");
    let row = rows.iter().find(|row| row[0] == limit.name).unwrap_or_else(|| panic!("no limit {:?}", limit.name));
    let there_is = number(&row[1]) as f64;
    if limit.name.contains("an hour") { there_is / 3600.0 } else { there_is }
}

/// True if a day of a month with this many sessions is finished in time.
fn is_enough(limit: &Limit, sessions: f64) -> bool {
    let per_minute = per_second(limit) * 60.0;
    let mut waiting = (limit.daily)(sessions * months_kept());
    for hour in PER_HOUR {
        let comes = sessions / WORKING_DAYS * hour / 1000.0 / 60.0 * limit.takes;
        for _ in 0..60 {
            waiting = f64::max(waiting + comes - per_minute, 0.0);
            if !limit.can_wait && waiting > LATE * per_minute {
                return false;
            }
        }
    }
    // A backlog at the end of the day would grow from day to day.
    waiting <= per_minute * LATE
}

/// Most sessions per month the limit allows, to two digits.
fn most(limit: &Limit) -> f64 {
    let (mut enough, mut too_many) = (1.0, 1e12);
    while too_many / enough > 1.001 {
        let middle = f64::sqrt(enough * too_many);
        if is_enough(limit, middle) { enough = middle } else { too_many = middle }
    }
    let digits = 10_f64.powf(enough.log10().floor() - 1.0);
    (enough / digits).floor() * digits
}

fn millions(sessions: f64) -> String {
    format!("{:.2}", sessions / 1e6)
}

#[test]
fn the_documented_limits_are_in_the_measured_order() {
    let mut met: Vec<_> = limits().iter().map(|limit| (most(limit), limit.name)).collect();
    met.sort_by(|one, other| one.0.total_cmp(&other.0));
    let met: Vec<_> = met.into_iter().map(|(most, name)| format!("{name}: {}", millions(most))).collect();
    let page: Vec<_> = table("limit").iter().map(|row| format!("{}: {}", row[0], row[2])).collect();
    assert_eq!(page, met, "expected on the page:\n{}\n", met.join("\n"));
}

#[test]
fn a_day_over_its_limits_is_noticed() {
    for limit in limits() {
        let most = most(&limit);
        assert!(is_enough(&limit, most) && !is_enough(&limit, most * 1.2), "{}", limit.name);
    }
}
