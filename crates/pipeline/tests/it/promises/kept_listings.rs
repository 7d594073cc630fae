//! Listings cached in memory: they save requests and never change a verdict.

use std::sync::Arc;

use domain::record::join::Match;
use jiff::{SignedDuration, Timestamp};
use pipeline::Archivist;
use pipeline::testing::Gate;
use pipeline::testing::schedule::now;
use proptest::prelude::*;

use crate::fewer_cases::{check, config};
use crate::promises::host::{Work, perform};
use crate::promises::outcome::entries;
use crate::promises::visits::Visit;
use crate::promises::world::World;

const NAME: &str = "vm-user";

/// A world with an archivist that keeps running.
struct Kept {
    world: World,
    archivist: Archivist,
    gate: Arc<Gate>,
}

impl Kept {
    fn new() -> Self {
        let (world, gate) = (World::with_log(), Arc::new(Gate::open()));
        Self { archivist: world.archivist_behind(&gate), world, gate }
    }

    fn does(&self, work: &Work) {
        now(perform(&self.archivist, work)).unwrap();
    }

    /// Number of listing requests so far.
    fn listed(&self) -> usize {
        self.gate.calls().get("blobs.list").copied().unwrap_or_default()
    }

    fn pass_minutes(&self, minutes: i64) {
        self.world.pass_time(SignedDuration::from_mins(minutes));
    }

    /// Processes a ten-minute recording begun this long ago; returns the listing requests meanwhile.
    fn judges(&self, name: &str, minutes_ago: i64) -> usize {
        let visit = self.visit(name, minutes_ago);
        let event = self.world.record(name, visit.start, visit.end);
        self.does(&self.world.tells(&visit.over()));
        let before = self.listed();
        self.does(&Work::Event(event));
        self.listed() - before
    }

    fn visit(&self, tunnel: &str, minutes_ago: i64) -> Visit {
        Visit::new(tunnel, self.world.now() - SignedDuration::from_mins(minutes_ago), 10)
    }

    fn verdict(&self, name: &str) -> Match {
        let found = entries(&self.world).into_iter().find(|entry| entry.address.name.as_str() == name);
        found.unwrap().match_state.verdict
    }
}

/// Processes this many recordings of one name, each with a session logged at the end, then sweeps. Returns the
/// listing requests of the sweep.
fn listed_by_a_sweep(many: i64) -> usize {
    let kept = Kept::new();
    let begun = kept.world.now();
    kept.pass_minutes(60 * 24 * 30);
    let start = |n| begun + SignedDuration::from_hours(3) * n;
    let visits: Vec<Visit> =
        (0..many).map(|n| Visit::new(&format!("t{n}"), start(i32::try_from(n).unwrap()), 10)).collect();
    for (n, visit) in visits.iter().enumerate() {
        kept.does(&Work::Event(kept.world.record(&format!("{NAME}.{n}"), visit.start, visit.end)));
    }
    kept.does(&kept.world.tells(&visits.iter().map(Visit::over).collect::<String>()));
    let before = kept.listed();
    kept.does(&Work::Sweep);
    let matched = entries(&kept.world).iter().filter(|entry| entry.match_state.verdict.name() == "matched").count();
    assert_eq!(i64::try_from(matched).unwrap(), many);
    kept.listed() - before
}

#[test]
fn a_sweep_lists_a_name_once_however_many_recordings_it_has() {
    let few = listed_by_a_sweep(4);
    assert!(few > 0);
    assert_eq!(listed_by_a_sweep(40), few);
}

#[test]
fn a_cached_listing_is_reused_for_ten_minutes() {
    let kept = Kept::new();
    let all = kept.judges("vm-user.1", 600);
    assert!(all > 0);
    assert_eq!(kept.judges("vm-user.2", 300), 0);
    kept.pass_minutes(9);
    assert_eq!(kept.judges("vm-user.3", 200), 0);
    kept.pass_minutes(2);
    assert_eq!(kept.judges("vm-user.4", 500), all, "it is too old");
    kept.pass_minutes(-1);
    assert_eq!(kept.judges("vm-user.5", 400), all, "it is of a time to come");
}

#[test]
fn a_cached_listing_is_not_used_for_a_recent_recording() {
    for (minutes_ago, is_near) in [(20, true), (34, true), (37, false)] {
        let kept = Kept::new();
        kept.judges("vm-user.1", 600);
        assert_eq!(kept.judges("vm-user.2", minutes_ago) > 0, is_near, "{minutes_ago}");
    }
}

#[test]
fn a_saved_verdict_is_compared_with_new_entries_by_its_own_listing() {
    let kept = Kept::new();
    // The machine in each spelling: `vm`, `V` and `vM`.
    assert_eq!(kept.judges("vm-user.1", 20), 3);
    kept.pass_minutes(1);
    assert_eq!(kept.judges("vm-user.2", 20), 3, "a verdict needs listings of its own");
}

#[test]
fn a_recording_unfinished_at_its_listing_is_listed_again() {
    let kept = Kept::new();
    // No event reports it. Its session began next to that of the second recording, which has ended.
    let goes_on = kept.visit("b", 120);
    drop(kept.world.record("vm-user.9", goes_on.start, kept.world.now() - SignedDuration::from_mins(1)));
    kept.judges("vm-user.1", 600);
    assert!(kept.judges("vm-user.2", 119) > 0);
}

#[test]
fn a_recording_deleted_after_listing_still_blocks_a_match() {
    let kept = Kept::new();
    let rival = kept.visit("b", 120);
    drop(kept.world.record("vm-user.9", rival.start + SignedDuration::from_secs(10), rival.end));
    kept.judges("vm-user.1", 600);
    drop(kept.world.delete("vm-user.9"));
    assert_eq!(kept.judges("vm-user.2", 120), 0);
    kept.does(&Work::Sweep);
    assert_eq!(kept.verdict("vm-user.2").session(), None, "the session may be of the one that is gone");
}

/// A session and its recording, in minutes.
#[derive(Debug, Clone)]
struct Recorded {
    begins: u8,
    lasts: u8,
    /// True if the recording is uploaded at the end, false if it is written during the session.
    is_uploaded: bool,
    /// True if its events arrive.
    is_heard: bool,
    /// Minutes from the end until the session is logged, or `None` if it never is.
    told_after: Option<u8>,
}

fn recorded() -> impl Strategy<Value = Recorded> {
    let told_after = prop::option::weighted(0.8, 0..40u8);
    let all = (0..60u8, 2..30u8, prop::bool::weighted(0.2), prop::bool::weighted(0.6), told_after);
    all.prop_map(|(begins, lasts, is_uploaded, is_heard, told_after)| Recorded {
        begins,
        lasts,
        is_uploaded,
        is_heard,
        told_after,
    })
}

impl Recorded {
    /// Writes and events of this minute.
    fn minute(&self, number: usize, minute: u8, begun: Timestamp, world: &World) -> Vec<Work> {
        let (ends, mut work) = (self.begins + self.lasts, Vec::new());
        let is_written = minute == ends || (!self.is_uploaded && (self.begins..ends).contains(&minute));
        if is_written {
            let raised = world.write(&format!("{NAME}.{number}"), u64::from(minute) + 1);
            work.extend(self.is_heard.then_some(Work::Event(raised)));
        }
        if self.told_after.is_some_and(|after| ends + after == minute) {
            let start = begun + SignedDuration::from_mins(i64::from(self.begins));
            work.push(world.tells(&Visit::new(&format!("t{number}"), start, i64::from(self.lasts)).over()));
        }
        work
    }
}

/// For any writes, events and records, with any overlap.
#[test]
fn cached_listings_give_the_same_matches_as_fresh_ones() {
    check(config(16), &prop::collection::vec(recorded(), 2..7), |all| {
        let (kept, anew) = (Kept::new(), World::with_log());
        let begun = kept.world.now();
        for minute in 0..130 {
            for (number, one) in all.iter().enumerate() {
                let work = [&kept.world, &anew].map(|world| one.minute(number, minute, begun, world));
                work[0].iter().for_each(|work| kept.does(work));
                work[1].iter().for_each(|work| anew.does(work));
            }
            kept.does(&Work::Sweep);
            anew.does(&Work::Sweep);
            let verdicts = [&kept.world, &anew].map(|world| {
                let verdict = |entry: domain::record::catalogue::Entry| (entry.address.name, entry.match_state.verdict);
                entries(world).into_iter().map(verdict).collect::<Vec<_>>()
            });
            prop_assert_eq!(&verdicts[0], &verdicts[1], "minute {}", minute);
            kept.pass_minutes(1);
            anew.pass_time(SignedDuration::from_mins(1));
        }
        Ok(())
    });
}
