//! Adds up the operations of a month, and their cost by the prices of the page.

use super::page::{asked, number, table};
use super::requests::{KINDS, Requests};

/// Runs of each timer in a month of 30 days: `join_sweep`, `audit_log_tail`, `reconcile_sweep`, `retention_sweep`,
/// `posture_check`.
const RUNS: [i64; 5] = [43_200, 21_600, 720, 720, 30];
const HOURS: i64 = 720;
const DAYS: i64 = 30;
/// Days for which each run of `reconcile_sweep` counts recordings and sessions: today, yesterday and an older one.
pub const DAYS_PER_RUN: i64 = 3;
/// Further days, counted once a day.
const DAYS_PER_DAY: i64 = 6;
/// Blobs on a page of a listing.
pub const LISTED: i64 = 5000;
/// Entries or sessions on a page.
pub const READ: i64 = 1000;
/// Pages of entries read for a page of a daily listing: the full ones, and one that is not full. The position is saved
/// after each.
pub const COMPARED: i64 = LISTED / READ + 1;

/// Checks within a year for the return of a deleted recording.
const LOOKED_FOR: i64 = 20;

/// Totals of a month.
struct Month {
    asked: Requests,
    executions: i64,
    gb_seconds: i64,
}

/// Reads an assumption of the page.
pub fn assumed(what: &str) -> i64 {
    let rows = table("assumption");
    number(&rows.iter().find(|row| row[0] == what).unwrap_or_else(|| panic!("no assumption {what:?}"))[1])
}

/// Requests of one session with its recording, from its first event to its line in the ledger.
pub fn session() -> Requests {
    let idle = asked("`audit_log_tail`, idle");
    let read = |which: &str| asked(&format!("`audit_log_tail`, the {which} of a session")).beyond(idle);
    let told = asked("one delivery attempt to one channel") * assumed("delivery attempts per session");
    let pieces = Requests([assumed("pieces of 4 MiB of a recording") - 1, 0, 0, 0, 0, 0, 0]);
    events() + pieces + read("begin") + read("end") + swept() + asked("hashed") + told
}

/// Part of [`session`] caused by events.
pub fn events() -> Requests {
    asked("first event of a recording") + asked("last event of a recording")
}

/// Part of [`session`] caused by `join_sweep`.
pub fn swept() -> Requests {
    asked("settled, matched and final") + asked("written to the ledger")
}

fn month(sessions: i64) -> Month {
    let kept = sessions * assumed("months that recordings are kept");
    let told = assumed("delivery attempts per session");
    let idle = ["join_sweep", "audit_log_tail", "reconcile_sweep", "retention_sweep"]
        .map(|name| asked(&format!("`{name}`, idle")));
    let timers = idle.into_iter().zip(RUNS).fold(Requests::default(), |sum, (idle, runs)| sum + idle * runs);
    // The first page of recordings and of sessions of a counted day is in the row of the idle timer.
    let counted = Requests::tables(2 * (sessions / DAYS / READ) * (DAYS_PER_RUN * HOURS + DAYS_PER_DAY * DAYS));
    let (first, further) = (kept / LISTED * HOURS, (kept + LISTED - 1) / LISTED * DAYS);
    let listed = Requests([0, 0, first, 0, 0, first, 0]) + Requests::tables(2 * sessions);
    let looked = Requests([0, 0, further, sessions * LOOKED_FOR, 0, 2 * COMPARED * further, 0]);
    // Event Grid puts two messages. The host takes and deletes those, the one for the hash and those for deliveries.
    let host = sessions * (2 + 2 * (3 + told)) + assumed("polls of the host in a month");
    let asked = session() * sessions + timers + counted + listed + looked + Requests([0, 0, 0, 0, host, 0, 0]);
    let executions = sessions * (3 + told) + RUNS.iter().sum::<i64>() + HOURS;
    let read = (counted.table() + looked.table() / 2) * assumed("milliseconds of a page of 1,000 entries") / 1000;
    let hourly = read + (first + further) * assumed("milliseconds of a listing of 5,000 blobs with tags") / 1000;
    let seconds = executions * assumed("milliseconds of a call, at least") / 1000 + hourly;
    Month { asked, executions, gb_seconds: seconds / 2 }
}

fn price(of: &str) -> f64 {
    let rows = table("price of");
    let row = rows.iter().find(|row| row[0] == of).unwrap_or_else(|| panic!("no price of {of:?}"));
    row[1].parse().unwrap()
}

#[expect(clippy::cast_precision_loss, reason = "money is rounded in the end")]
fn dollars(month: &Month) -> [f64; 2] {
    let kinds = KINDS[..6].iter().zip(month.asked.0);
    let requests = kinds.map(|(kind, count)| count as f64 / 10_000.0 * price(kind)).sum();
    let beyond = |count: i64, free: &str| (count as f64 - price(free)).max(0.0);
    let executions = beyond(month.executions, "free executions") / 1e6 * price("a million executions");
    let memory = beyond(month.gb_seconds, "free GB-seconds") * price("a GB-second");
    [requests, executions + memory]
}

fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let group = |(at, digit): (usize, char)| {
        let comma = (at > 0 && (digits.len() - at).is_multiple_of(3)).then_some(',');
        comma.into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(group).collect()
}

#[test]
fn the_documented_monthly_costs_are_current() {
    let mut rows = Vec::new();
    for sessions in [100, 10_000, 1_000_000] {
        let month = month(sessions);
        let [requests, functions] = dollars(&month);
        let counts: Vec<String> = month.asked.0[..6].iter().map(|count| grouped(*count)).collect();
        rows.push(format!(
            "| {} | {} | {} | {} | {requests:.2} | {functions:.2} |",
            grouped(sessions),
            counts.join(" | "),
            grouped(month.executions),
            grouped(month.gb_seconds)
        ));
    }
    let page: Vec<String> = table("sessions").iter().map(|row| format!("| {} |", row.join(" | "))).collect();
    assert_eq!(page, rows, "expected on the page:\n{}\n", rows.join("\n"));
}
