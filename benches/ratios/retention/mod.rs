//! Measures a retention run that deletes some recordings of a large SQLite catalogue, against one that deletes as many
//! of a small catalogue, and its memory.

mod archive;

use std::path::Path;
use std::process::Command;

use adapters_local::sqlite::SqliteStore;
use archive::{Archive, DUE};

use crate::process::run;
use crate::report::{Measurement, Round, Wanted};
use crate::world::Number;
use crate::{Effort, Measured, cpu};

/// Argument that makes this program run retention once.
pub const ARGUMENT: &str = "--sweep-retention";

const SMALL: Number = 10_000;
/// Maximum number of rounds; each deletes recordings of the small catalogue for good.
const MOST_ROUNDS: Number = SMALL / DUE - 1;
const MOST_RESIDENT: u64 = 32 << 20;

/// Measures CPU per deleted recording, and the memory of a process that runs retention on the large catalogue.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (large, rounds) = (effort.pick(100_000, 1_000_000), effort.pick(5, MOST_ROUNDS));
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let file = |size: Number| folder.path().join(format!("{size}.sqlite"));
    let begin = cpu::elapsed();
    let [many, few] = [large, SMALL].map(|size| Archive::fill(size, MOST_ROUNDS + 1, &file(size)));
    let (many, few) = (many?, few?);
    println!("{large} entries written and read in {:.0} s", cpu::elapsed().saturating_sub(begin).as_secs_f64());

    let (mut of_many, mut of_few) = (0..rounds, 0..rounds);
    let sweep = |archive: &Archive, round: Option<Number>| archive.sweep(round.ok_or("there are no more rounds")?);
    let measured = Round::alternate(rounds as usize, || sweep(&many, of_many.next()), || sweep(&few, of_few.next()))?;
    drop(many);
    let name = format!("CPU per recording that goes, SQLite, {DUE} of {large} against {DUE} of {SMALL}");
    Ok(vec![
        Measurement::cost(name, &measured, DUE as usize, Wanted::AtMost(2.0)),
        Measurement::size(
            format!("resident at most, {DUE} of {large}"),
            resident(&file(large), rounds)?,
            MOST_RESIDENT,
        ),
    ])
}

/// Runs retention once; runs in the measured process.
pub fn sweep_once(file: &str, round: &str) -> Measured<()> {
    let archive = Archive::open(&SqliteStore::open(file)?, MOST_ROUNDS + 1)?;
    let cost = archive.sweep(round.parse()?)?;
    println!("{}", cost.as_nanos());
    Ok(())
}

fn resident(file: &Path, round: Number) -> Measured<u64> {
    let mut command = Command::new(std::env::current_exe()?);
    Ok(run(command.arg(ARGUMENT).arg(file).arg(round.to_string()))?.most_resident)
}
