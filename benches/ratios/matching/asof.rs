//! Compares matching with a plain nearest-start join in DuckDB.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::cost;
use super::estates::{BenchEstate, Habits};
use crate::process::run;
use crate::python::Python;
use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured};

/// Measures learning and judging every recording against the join alone. The join knows no rivals, no probabilities and
/// no second way of writing.
pub fn figures(effort: Effort, folder: &Path) -> Measured<Vec<Measurement>> {
    let (python, size) = (Python::ready()?, effort.pick(2_000, 200_000));
    let [recordings, sessions] = ["recordings.csv", "sessions.csv"].map(|file| folder.join(file));
    let mut figures = Vec::new();
    for (habits, name) in [(Habits::CALM, "calm"), (Habits::CROWDED, "crowded")] {
        let estate = BenchEstate::new(&habits, size);
        fs::write(&recordings, estate.recordings_csv())?;
        fs::write(&sessions, estate.sessions_csv())?;
        let join = || joined(&python, size, [&recordings, &sessions]);
        let rounds = Round::alternate(effort.pick(3, 7), || cost(&estate), join)?;
        let name = format!("one of {size} recordings of {name} names, against DuckDB's ASOF join");
        figures.push(Measurement::cost(name, &rounds, size, Wanted::Nothing));
    }
    Ok(figures)
}

/// Runs the join and returns its CPU time.
fn joined(python: &Python, size: usize, files: [&Path; 2]) -> Measured<Duration> {
    let ran = run(python.script("matching/duckdb_asof.py").args(files))?;
    let (pairs, nanoseconds) = ran.output.trim_end().split_once(' ').ok_or("the join printed no numbers")?;
    // A session that starts again within minutes hides the right one from the join.
    if pairs.parse::<usize>()? * 10 < size * 7 {
        return Err(format!("the join found only {pairs} of {size} pairs").into());
    }
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}
