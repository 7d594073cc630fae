//! Measures `archivist backfill` from an inventory report and a folder of audit logs into SQLite, against SQLite
//! writing as many rows of the same size.

mod files;
mod rows;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::matching::days;
use crate::process::{FinishedProcess, run};
use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured};

const MOST_RESIDENT: u64 = 64 << 20;

/// Measures elapsed time and peak memory.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let (report, logs) = (folder.path().join("report.csv"), folder.path().join("logs"));
    let [catalogue, docs, tables] =
        ["catalogue", "docs", "tables"].map(|name| folder.path().join(format!("{name}.sqlite")));
    let visits = days::visits(effort.pick(100_000, 1_000_000));
    let recordings = files::report(&visits, &report)?;
    files::logs(&visits, &logs)?;
    let (sessions, as_of) = (visits.len(), files::long_after(&visits));
    drop(visits);

    let mut archivist = Command::new(env!("CARGO_BIN_EXE_archivist"));
    archivist.env_clear().env("ARCHIVIST_CATALOGUE", format!("sqlite:{}", catalogue.display()));
    archivist.args(["backfill", "--json", "--as-of", &as_of.to_string()]).current_dir(folder.path());
    archivist.arg("--inventory").arg(&report).arg("--audit-logs").arg(&logs);
    let FinishedProcess { took, output, most_resident } = run(&mut archivist)?;
    check(&output, recordings, sessions as u64)?;
    fs::remove_dir_all(logs)?;

    let against = |cost| [Round { ours: took, baseline: cost }];
    let (docs, tables) = (rows::write_docs(&catalogue, &docs)?, rows::write_tables(&catalogue, &tables)?);
    let of = |path: &Path| fs::metadata(path).map(|file| file.len() / 1_000_000);
    println!("{recordings} recordings and {sessions} sessions are {} MB", of(&catalogue)?);
    Ok(vec![
        Measurement::cost("a session, against its row in batches", &against(docs), sessions, Wanted::AtMost(2.5)),
        Measurement::cost(
            "a session, against all its rows and indexes in batches",
            &against(tables),
            sessions,
            Wanted::Nothing,
        ),
        Measurement::size("resident at most", most_resident, MOST_RESIDENT),
    ])
}

#[derive(Deserialize)]
struct Summary {
    recordings: Recordings,
    sessions: Sessions,
}

#[derive(Deserialize)]
struct Recordings {
    total: u64,
    matched: u64,
    ambiguous: u64,
}

#[derive(Deserialize)]
struct Sessions {
    total: u64,
    ended: u64,
}

/// Returns an error unless everything is in the catalogue and every recording is matched or ambiguous.
fn check(output: &str, recordings: u64, sessions: u64) -> Measured<()> {
    let summary: Summary = serde_json::from_str(output)?;
    let Recordings { total, matched, ambiguous } = summary.recordings;
    let is_whole = total == recordings && matched + ambiguous == recordings && matched > recordings / 2;
    if is_whole && summary.sessions.total == sessions && summary.sessions.ended == sessions {
        Ok(())
    } else {
        Err(format!("{recordings} recordings and {sessions} sessions have become {output}").into())
    }
}
