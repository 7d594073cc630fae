//! Guarantees about names and gaps, over many simulated days.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::record::join::Match;
use domain::record::session::{GapCause, SessionEntry};
use estate_simulator::{BurstBy, EstateDay};
use pipeline::ports::{SessionListRequest, Sessions};

use crate::fewer_cases::one_in;
use crate::simulation::play::{Played, now, play};
use crate::simulation::watcher::{entries, truth_of};
use crate::simulation::world::Processes;

/// Approximate number of sessions of a day.
const SESSIONS: usize = 30;

/// Results of all days.
#[derive(Default)]
struct Score {
    wrong: Vec<String>,
    decidable: u64,
    named: u64,
    people_decidable: u64,
    people_named: u64,
    missed: Vec<String>,
    gaps: Vec<String>,
    /// Sessions reported as one of several, one of which has no recording.
    in_groups: usize,
    bursts: Vec<String>,
}

/// Number of days: a third of the cases of other properties.
fn days() -> u64 {
    one_in(3).into()
}

/// Plays the days on all available threads.
fn score() -> Score {
    let (next, total) = (AtomicU64::new(0), Mutex::new(Score::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= days() {
                        return;
                    }
                    let day = EstateDay::generate(seed, SESSIONS).unwrap();
                    let played = play(&day, Processes::Shared);
                    total.lock().unwrap().add(seed, &day, &played);
                }
            });
        }
    });
    total.into_inner().unwrap()
}

#[test]
fn the_simulation_finds_every_decidable_person_and_gap_without_errors() {
    let score = score();
    let show = |lines: &[String]| lines.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(score.wrong.is_empty(), "{} wrong names:\n{}", score.wrong.len(), show(&score.wrong));
    assert!(score.gaps.is_empty(), "{} wrong gaps:\n{}", score.gaps.len(), show(&score.gaps));
    assert!(score.in_groups as u64 <= days() / 100, "{} sessions are one of several", score.in_groups);
    assert!(score.bursts.is_empty(), "{} wrong bursts:\n{}", score.bursts.len(), show(&score.bursts));
    // Each day is the first one of two bastions, with every kind of trouble, so many names must wait for a day that
    // has learned more.
    let enough = |named: u64, decidable: u64| named * 100 >= decidable * 50;
    assert!(
        enough(score.named, score.decidable),
        "{} of {} named, not:\n{}",
        score.named,
        score.decidable,
        show(&score.missed)
    );
    assert!(
        enough(score.people_named, score.people_decidable),
        "{} people of {} named, not:\n{}",
        score.people_named,
        score.people_decidable,
        show(&score.missed)
    );
    println!(
        "{} of {} recordings named, {} of {} people",
        score.named, score.decidable, score.people_named, score.people_decidable
    );
}

impl Score {
    fn add(&mut self, seed: u64, day: &EstateDay, played: &Played) {
        self.wrong.extend(played.watcher.wrong.iter().map(|wrong| format!("day {seed}: {wrong}")));
        for entry in now(entries(&played.world)) {
            let Some(truth) = truth_of(day, &entry.address, entry.created_at()) else {
                continue;
            };
            let verdict = &entry.match_state.verdict;
            let what = || format!("day {seed}: {} {}: {verdict:?}", entry.address, truth.created_at);
            if day.truth.decidable(truth) {
                self.decidable += 1;
                match verdict {
                    Match::Matched(_) => self.named += 1,
                    _ => self.missed.push(what()),
                }
            }
            if day.truth.decidable_person(truth).is_some() {
                self.people_decidable += 1;
                match verdict.person() {
                    Some(_) => self.people_named += 1,
                    None => self.missed.push(what()),
                }
            }
        }
        self.add_gaps(seed, day, played);
        self.add_bursts(seed, day, played);
    }

    fn add_gaps(&mut self, seed: u64, day: &EstateDay, played: &Played) {
        let request =
            SessionListRequest { bastion: None, without_recording: true, below: None, from: None, limit: usize::MAX };
        let found: Vec<SessionEntry> = now(played.world.sessions.list(&request)).unwrap();
        let certain =
            found.iter().filter(|entry| entry.gap.as_ref().is_some_and(|gap| !matches!(gap.cause, GapCause::OneOf(_))));
        let certain: BTreeSet<String> = certain.map(|entry| entry.id.tunnel.to_string()).collect();
        let unrecorded: BTreeSet<String> = day.truth.unrecorded().map(|session| session.tunnel_id.clone()).collect();
        let line = |what: &str, tunnel: &String| {
            let session = day.truth.sessions.iter().find(|session| session.tunnel_id == *tunnel);
            format!("day {seed}: {what}: {session:?}")
        };
        self.gaps.extend(unrecorded.difference(&certain).map(|tunnel| line("not found", tunnel)));
        self.gaps.extend(certain.difference(&unrecorded).map(|tunnel| line("found in error", tunnel)));
        self.in_groups += found.len() - certain.len();
    }

    fn add_bursts(&mut self, seed: u64, day: &EstateDay, played: &Played) {
        let told = played.watcher.told.iter().filter(|told| told["type"] == "session.failed_logins");
        let told: BTreeSet<(String, String)> = told
            .filter_map(|told| {
                let facts = &told["data"]["facts"];
                let by = facts["counted_by"].as_str()?;
                Some((by.to_owned(), facts[by].as_str()?.to_lowercase()))
            })
            .filter(|(by, _)| by != "target")
            .collect();
        let true_bursts = day.truth.bursts().into_iter().filter_map(|burst| match burst.by {
            BurstBy::Person(person) => Some(("person".to_owned(), person.to_lowercase())),
            BurstBy::Client(client) => Some(("client".to_owned(), client)),
            BurstBy::SessionTarget(_) => None,
        });
        let true_bursts: BTreeSet<(String, String)> = true_bursts.collect();
        self.bursts.extend(true_bursts.difference(&told).map(|burst| format!("day {seed}: not reported: {burst:?}")));
        self.bursts
            .extend(told.difference(&true_bursts).map(|burst| format!("day {seed}: reported in error: {burst:?}")));
    }
}
