//! Runs the product's matcher in every world at full size: `cargo bench -p estate-simulator --bench worlds`.
//!
//! Prints the tables of `docs/matching.md`. `-- calm crowded` selects worlds, `--recordings` sets the recordings per
//! world (100,000), `--seed` the first seed (1,000), `--without-leads` skips the leads.
#![expect(clippy::expect_used, reason = "a bench that cannot continue panics")]
#![expect(clippy::disallowed_methods, reason = "it measures how long the matcher takes")]

#[path = "../../tests/it/matching/estate.rs"]
mod estate;
mod leads;
#[path = "../../tests/it/matching/player.rs"]
mod player;

use std::time::{Duration, Instant};

use domain::record::join::Match;
use estate_simulator::worlds::{Score, WORLDS, World, WorldKind, naive, score};

use crate::estate::{estates, place_of};
use crate::leads::{Best, Leads};
use crate::player::Player;

/// In this world each job matches the previous hour's session of the same person, which says nothing about leads.
const JOBS_OFF: &str = "hourly jobs, log an hour off";

/// Command line arguments.
struct Asked {
    only: Vec<String>,
    recordings: usize,
    seed: u64,
    leads: bool,
}

/// Results of a kind of world.
#[derive(Default)]
struct Played {
    score: Score,
    naive: Score,
    leads: Leads,
    /// Time to learn from the days, to find neighbours, and to judge.
    spent: [Duration; 3],
}

fn main() {
    let asked = Asked::read();
    let mut all = Leads::default();
    println!(
        "| world | goal | knowable | right | wrong (person) | naive: right | naive: wrong | expected wrong | us to learn | to look | to judge |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for kind in WORLDS.iter().filter(|kind| asked.only.is_empty() || asked.only.iter().any(|only| kind.name == only)) {
        let played = play(kind, &asked);
        println!("{}", row(kind, &played));
        if kind.name != JOBS_OFF {
            all.add(&played.leads);
        }
    }
    if asked.leads {
        println!("\nall but \"{JOBS_OFF}\":\n\n{all}");
    }
}

fn play(kind: &WorldKind, asked: &Asked) -> Played {
    let mut played = Played::default();
    for seed in asked.seed..asked.seed + (asked.recordings / kind.usual_size).clamp(1, 2_000) as u64 {
        let world = kind.generate(seed, kind.usual_size);
        let found = verdicts(&world, &mut played, asked.leads);
        let guesses = naive(&world);
        played.score += score(&world, |at| found[at]);
        played.naive += score(&world, |at| guesses[at]);
    }
    played
}

/// Returns the matched session of each recording once everything is readable.
fn verdicts(world: &World, played: &mut Played, leads: bool) -> Vec<Option<usize>> {
    let mut found = vec![None; world.recordings.len()];
    for estate in estates(world, i64::MAX) {
        let began = Instant::now();
        let player = Player::new(&estate, player::ALL_READ);
        played.spent[0] += began.elapsed();
        for (place, in_world) in estate.recordings_in_world.iter().enumerate() {
            let began = Instant::now();
            let near = player.near(place);
            let looked = Instant::now();
            let verdict = player.judged(place, &near);
            played.spent[1] += looked - began;
            played.spent[2] += looked.elapsed();
            if let Match::Matched(matched) = &verdict {
                found[*in_world] = Some(place_of(&matched.session.tunnel_id));
            }
            if leads && let Some(best) = Best::from_verdict(&estate.recordings[place], &near, &verdict) {
                let is_right = world.truth.session_of(*in_world) == Some(best.session);
                played.leads.count(&best, is_right);
            }
        }
    }
    found
}

fn row(kind: &WorldKind, played: &Played) -> String {
    let Played { score, naive, leads, spent } = played;
    let goal = kind.goal.map_or("-".to_owned(), |goal| format!("{goal:.3}"));
    let [learn, look, judge] = spent.map(|spent| spent.as_micros() / score.recordings.max(1) as u128);
    format!(
        "| {} | {goal} | {:.3} | {:.4} | {} ({}) | {:.3} | {} | {:.1} | {learn} | {look} | {judge} |",
        kind.name,
        score.knowable_share(),
        score.share(),
        score.wrong,
        score.wrong_person(),
        naive.share(),
        naive.wrong,
        leads.expected_of_named(),
    )
}

impl Asked {
    fn read() -> Self {
        let mut asked = Self { only: Vec::new(), recordings: 100_000, seed: 1_000, leads: true };
        let mut words = std::env::args().skip(1);
        let number = |word: Option<String>| word.and_then(|word| word.parse::<usize>().ok()).expect("a number");
        while let Some(word) = words.next() {
            match word.as_str() {
                "--bench" => {}
                "--recordings" => asked.recordings = number(words.next()),
                "--seed" => asked.seed = number(words.next()) as u64,
                "--without-leads" => asked.leads = false,
                _ => asked.only.push(word),
            }
        }
        asked
    }
}
