use std::fmt::Write as _;

use estate_simulator::worlds::{Score, WORLDS, naive, score};

/// Total recordings of all worlds of a kind.
const RECORDINGS: usize = 20_000;

/// Run with `--nocapture` to see the table. A live first day is too small for the naive matcher to go wrong.
#[test]
fn the_naive_matcher_leaves_something_to_improve_in_every_world() {
    let mut table =
        format!("{:38} {:>10} {:>6} {:>8} {:>6} {:>6}\n", "world", "recordings", "goal", "knowable", "naive", "wrong");
    let mut too_easy = Vec::new();
    for kind in WORLDS {
        let mut sum = Score::default();
        for seed in 0..(RECORDINGS / kind.usual_size).min(200) as u64 {
            let world = kind.generate(seed, kind.usual_size);
            let verdicts = naive(&world);
            sum += score(&world, |index| verdicts[index]);
        }
        let goal = kind.goal.map_or(String::from("–"), |goal| format!("{goal:.3}"));
        let (share, knowable) = (sum.share(), sum.knowable_share());
        writeln!(
            table,
            "{:38} {:>10} {goal:>6} {knowable:>8.3} {share:>6.3} {:>6}",
            kind.name, sum.recordings, sum.wrong
        )
        .unwrap();
        assert!(kind.goal.is_none_or(|goal| goal <= sum.knowable_share()), "{} asks for too much", kind.name);
        if sum.wrong == 0 && kind.goal.is_none_or(|goal| share >= goal) {
            too_easy.push(kind.name);
        }
    }
    println!("{table}");
    assert!(too_easy.iter().all(|name| name.starts_with("first day")), "{too_easy:?}");
}
