//! Measures hostile input: the cost per byte of a small and of a large input.

use std::time::Duration;

use audit_log::Reader;

use super::CHUNK;
use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured, cpu};

/// Factor by which the large input is larger.
const LARGER: u32 = 10;

/// Name, beginning and endlessly repeated piece of each input.
const PATTERNS: [(&str, &str, &str); 6] = [
    ("one endless string", r#"{"time":""#, "endless "),
    ("objects in objects", "", r#"{"a":"#),
    ("objects in objects, each on its line", "", "{\"a\":\n"),
    ("arrays in an object", r#"{"a":"#, "["),
    ("quotes and backslashes", r#"{"a":""#, r#"\\\""#),
    ("quotes that end and begin", r#"{"a":""#, r#"","a":""#),
];

/// Measures for each pattern the cost per byte of an input ten times as large.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (small, rounds) = (effort.pick(2_000_000, 20_000_000), effort.pick(3, 7));
    let figure = |(name, head, piece): (&str, &str, &str)| {
        let chunk = piece.repeat(CHUNK / piece.len());
        let cost = |bytes| Ok(cpu::measure(cpu::of_this_thread, || read(head, &chunk, bytes)).0);
        let rounds = Round::alternate(rounds, || cost(small * LARGER as usize).map(of_one), || cost(small))?;
        let name = format!("{name}, {LARGER} × {} MB", small / 1_000_000);
        Ok(Measurement::cost(name, &rounds, small, Wanted::AtMost(1.2)))
    };
    PATTERNS.into_iter().map(figure).collect()
}

/// Cost of the share that equals the small input.
fn of_one(cost: Duration) -> Duration {
    cost / LARGER
}

fn read(head: &str, chunk: &str, bytes: usize) {
    let mut reader = Reader::at(0);
    for chunk in std::iter::once(head).chain(std::iter::repeat_n(chunk, bytes / chunk.len())) {
        let mut feed = reader.feed(chunk.as_bytes());
        while feed.next_item().is_some() {}
    }
    std::hint::black_box(reader.finish());
}
