//! Measures a process that reads and sums up a file, against other programs that do the same, and its memory.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{Sum, read, write};
use crate::process::{FinishedProcess, run};
use crate::python::Python;
use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured, cpu};

/// Argument that makes this program read a file.
pub const ARGUMENT: &str = "--sum-up-audit-log";

const MOST_RESIDENT: u64 = 16 << 20;

/// Sums up the file; runs in the measured process.
pub fn sum_up(file: &str) -> Measured<()> {
    let Sum { records, letters, ports, ends } = read(Path::new(file))?;
    println!("{records} {letters} {ports} {ends} {}", cpu::of_this_process().as_nanos());
    Ok(())
}

/// Measures CPU from start to end, against DuckDB and Python with orjson, and peak memory.
pub fn figures(effort: Effort, folder: &Path, file: &Path) -> Measured<Vec<Measurement>> {
    let (python, rounds) = (Python::ready()?, effort.pick(3, 7));
    let mut figures = Vec::new();
    for (name, script, wanted) in [
        ("DuckDB's read_json", "reader/duckdb_read_json.py", 2.0),
        ("Python with orjson", "reader/orjson_lines.py", 4.0),
    ] {
        let (mut ours_said, mut theirs_said) = (String::new(), String::new());
        let rounds = Round::alternate(
            rounds,
            || told(&ours(file)?, &mut ours_said),
            || told(&run(python.script(script).arg(file))?, &mut theirs_said),
        )?;
        if ours_said != theirs_said {
            return Err(format!("the log is not read alike: {ours_said:?}, {name} {theirs_said:?}").into());
        }
        figures.push(Measurement::rate(format!("whole process, {name}"), &rounds, 1, Wanted::AtLeast(wanted)));
    }
    for bytes in [20_000_000, 200_000_000] {
        let file = folder.join("resident.json");
        write(&file, bytes)?;
        let name = format!("resident at most, {} MB", bytes / 1_000_000);
        figures.push(Measurement::size(name, ours(&file)?.most_resident, MOST_RESIDENT));
    }
    Ok(figures)
}

/// Parses a process's output into its sums and its CPU time.
fn told(ran: &FinishedProcess, sums: &mut String) -> Measured<Duration> {
    let (said, nanoseconds) = ran.output.trim_end().rsplit_once(' ').ok_or("a process printed nothing")?;
    said.clone_into(sums);
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

fn ours(file: &Path) -> Measured<FinishedProcess> {
    run(Command::new(std::env::current_exe()?).arg(ARGUMENT).arg(file))
}
