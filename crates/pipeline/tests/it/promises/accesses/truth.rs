//! Estates with known accesses: each viewing is shown and announced once, none is invented.

use std::collections::BTreeMap;

use domain::record::access::{AccessKind, WITHIN};
use domain::record::accessor::AccessRole;
use domain::record::notification::Event;
use jiff::{SignedDuration, Timestamp};
use pipeline::coverage_report::{AccessCounts, ReportMonth, coverage_report};
use pipeline::testing::schedule::now;
use proptest::prelude::*;

use super::estate::{ARCHIVIST, BASTION_ID, Request, Who, log_of, world};
use crate::promises::world::World;

const READERS: [Who; 7] = [
    Who::Person("ada@contoso.example"),
    Who::Person("grace@contoso.example"),
    Who::Application("sdk"),
    Who::Signature("SasSignature(1)"),
    Who::Signature("SasSignature(2)"),
    Who::Application(ARCHIVIST),
    Who::Application(BASTION_ID),
];
const NAMES: [&str; 2] = ["vm-user", "vm-user.1"];
const OPERATIONS: [&str; 4] = ["GetBlob", "GetBlob", "GetBlobProperties", "GetBlobTags"];

/// A request, and the fate of its line: minutes of delay and number of copies.
#[derive(Debug, Clone)]
struct Fated {
    request: Request,
    delay: i64,
    copies: usize,
}

fn fated() -> impl Strategy<Value = Vec<(i64, usize, usize, usize, i64, usize, bool)>> {
    let one = (0_i64..300, 0..READERS.len(), 0..NAMES.len(), 0..OPERATIONS.len(), 0_i64..9, 0_usize..4, any::<bool>());
    proptest::collection::vec(one, 1..40)
}

fn requests(start: Timestamp, chosen: Vec<(i64, usize, usize, usize, i64, usize, bool)>) -> Vec<Fated> {
    let mut all = Vec::new();
    for (id, (minute, who, name, operation, delay, copies, is_refused)) in (1..).zip(chosen) {
        let at = start + SignedDuration::from_mins(minute);
        let mut request = Request::new(id, at, READERS[who], OPERATIONS[operation]);
        NAMES[name].clone_into(&mut request.name);
        if is_refused && copies == 3 {
            request.status = 403;
        }
        all.push(Fated { request, delay, copies });
    }
    all
}

/// Times of the viewings of each reader and recording, computed from the lines that were not lost.
fn truth(all: &[Fated]) -> BTreeMap<(String, Who), Vec<Timestamp>> {
    let mut reads: BTreeMap<(String, Who), Vec<Timestamp>> = BTreeMap::new();
    for Fated { request, .. } in all.iter().filter(|one| one.copies > 0) {
        let ours = [Who::Application(ARCHIVIST), Who::Application(BASTION_ID)];
        if request.operation == "GetBlob" && request.status == 200 && !ours.contains(&request.who) {
            reads.entry((request.name.clone(), request.who)).or_default().push(request.at);
        }
    }
    for times in reads.values_mut() {
        times.sort_unstable();
        let all = times.clone();
        let begins = |at: usize| at == 0 || all[at].duration_since(all[at - 1]) > WITHIN;
        *times = (0..all.len()).filter(|at| begins(*at)).map(|at| all[at]).collect();
    }
    reads
}

fn play(all: &[Fated]) -> World {
    play_in(world(), all)
}

fn play_in(world: World, all: &[Fated]) -> World {
    NAMES.iter().for_each(|name| world.recorded(name));
    for _ in 0..64 {
        let until = world.now();
        let from = until - SignedDuration::from_mins(5);
        let arrives = |one: &&Fated| {
            let at = one.request.at + SignedDuration::from_mins(one.delay);
            at > from && at <= until
        };
        let mut lines: Vec<Request> = Vec::new();
        for one in all.iter().filter(arrives) {
            lines.extend(std::iter::repeat_n(one.request.clone(), one.copies));
        }
        lines.reverse();
        if !lines.is_empty() {
            world.appends_requests(&lines);
        }
        world.reads_for(5);
    }
    world.reads_for(30);
    world
}

proptest! {
    #[test]
    fn each_viewing_is_shown_and_announced_once_and_none_is_invented(chosen in fated()) {
        let start = world().now() + SignedDuration::from_mins(1);
        let all = requests(start, chosen);
        let (world, truth) = (play(&all), truth(&all));
        let mut shown: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
        for name in NAMES {
            for access in world.accesses_of(&world.entry_of(name)).accesses {
                let who = &access.viewing.accessor;
                prop_assert!(access.viewing.kind != AccessKind::Read || access.role != AccessRole::Bastion
                    || who.object_id.as_deref() == Some(BASTION_ID));
                prop_assert_eq!(who.person.is_some(), who.object_id.as_ref().is_some_and(|id| id.starts_with("oid-")));
                if access.viewing.kind == AccessKind::Read
                    && matches!(access.role, AccessRole::Other | AccessRole::Unknown) {
                    shown.entry(name.to_owned()).or_default().push(access.viewing.from);
                }
            }
        }
        let mut expected: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
        for ((name, _), times) in &truth {
            expected.entry(name.clone()).or_default().extend(times);
        }
        shown.values_mut().chain(expected.values_mut()).for_each(|times| times.sort_unstable());
        prop_assert_eq!(&shown, &expected);
        let told = world.told_of(Event::RecordingViewed);
        let mut ids: Vec<&str> = told.iter().map(|body| body["data"]["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        let count: usize = expected.values().map(Vec::len).sum();
        prop_assert_eq!((told.len(), ids.len()), (count, count));
    }
}

/// Viewings and downloads of each month, computed from the lines that were not lost. One request of all 9 bytes makes a
/// download of its viewing.
fn months(all: &[Fated]) -> BTreeMap<ReportMonth, (u64, u64)> {
    let mut months = BTreeMap::<ReportMonth, (u64, u64)>::new();
    for ((name, who), times) in truth(all) {
        let ends = times.iter().skip(1).copied().chain([Timestamp::MAX]);
        for (begin, end) in times.iter().zip(ends) {
            let is_whole = all.iter().any(|Fated { request, copies, .. }| {
                let is_of = *copies > 0 && request.name == name && request.who == who && request.status == 200;
                is_of && request.operation == "GetBlob" && request.bytes == 9 && (*begin..end).contains(&request.at)
            });
            let (viewings, downloads) = months.entry(ReportMonth::at(*begin)).or_default();
            *viewings += 1;
            *downloads += u64::from(is_whole);
        }
    }
    months
}

proptest! {
    #[test]
    fn the_report_counts_the_viewings_and_downloads_of_the_truth_in_each_month(chosen in fated()) {
        let world = world();
        // The last hours of March and the first ones of April.
        world.pass_time("2026-03-31T21:30:00Z".parse::<Timestamp>().unwrap().duration_since(world.now()));
        // Without a log of every day, nothing is known of a month.
        let first: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        (0..59).for_each(|day| world.grow(&log_of(first + SignedDuration::from_hours(24 * day)), ""));
        let start = world.now() + SignedDuration::from_mins(1);
        let mut all = requests(start, chosen);
        all.iter_mut().for_each(|one| one.request.bytes = if one.request.id % 3 == 0 { 9 } else { 3 });
        let (world, truth) = (play_in(world, &all), months(&all));
        world.appends_requests(&[]);
        world.reads_for(15);
        for month in ["2026-02", "2026-03", "2026-04"].map(|month| ReportMonth::parse(month).unwrap()) {
            let report = now(coverage_report(&world.archivist().reading(), month, &[])).unwrap();
            let (viewings, downloads) = truth.get(&month).copied().unwrap_or_default();
            prop_assert_eq!(report.bastions[0].counts.accesses, Ok(AccessCounts { viewings, downloads }));
            prop_assert_eq!(report.total.accesses, report.bastions[0].counts.accesses);
        }
    }
}

proptest! {
    #[test]
    fn lines_in_any_order_and_number_give_the_same_accesses(chosen in fated(), turns in 0_usize..40) {
        let start = world().now();
        let lines: Vec<Request> = requests(start, chosen).into_iter().map(|one| one.request).collect();
        let shown = |lines: &[Request], at_once: bool| {
            let world = world();
            NAMES.iter().for_each(|name| world.recorded(name));
            for chunk in lines.chunks(if at_once { lines.len() } else { 3 }) {
                world.logs_requests(chunk);
            }
            NAMES.map(|name| world.accesses_of(&world.entry_of(name)))
        };
        let mut other = lines.clone();
        other.rotate_left(turns % lines.len());
        other.reverse();
        other.extend(lines.iter().take(turns).cloned());
        prop_assert_eq!(shown(&lines, true), shown(&other, false));
    }
}
