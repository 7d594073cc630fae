//! Runs months of events in minutes, to detect growing memory use of the packaged app.
//!
//! The process gets the same calls as from the host, with its state in one database file. Each step writes and deletes
//! recordings with duplicate events, adds a megabyte of audit log, and calls the timers; afterwards only the catalogue
//! keeps anything of a step. Memory is read after each step, so the samples depend on progress and not on time.

mod calls;

use std::fs;
use std::path::Path;

use adapters_local::SystemClock;
use pipeline::ports::Clock;

use crate::handler::load::{Connection, request_to, send_all};
use crate::package::program::{self, Program, RunningProgram};
use crate::reader::log;
use crate::report::{Measurement, Wanted};
use crate::{Effort, Measured, cpu};

use calls::{ACCOUNT, LOGS, ProcessLives, RECORDINGS};

/// Number of steps.
const STEPS: usize = 100;
/// Concurrent invocations: `batchSize` of `host.json`.
const PARALLEL: usize = 8;
/// Recordings per step in a quick and in a full run, with four events each.
const LIVES: (usize, usize) = (52, 520);
/// Audit log bytes per step in a quick and in a full run.
const LOG_BYTES: (usize, usize) = (105_000, 1_050_000);
/// Timers, called once per step like the sweeps of each minute.
const TIMERS: [&str; 3] = ["join_sweep", "audit_log_tail", "reconcile_sweep"];

/// Measures resident memory in the last quarter of the steps, against the second quarter.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let program = program::with_log(folder.path())?;
    let (lives, log_bytes) = (effort.pick(LIVES.0, LIVES.1), effort.pick(LOG_BYTES.0, LOG_BYTES.1));
    let soaked = soak(&program, folder.path(), lives, log_bytes)?;
    let quarter = |number: usize| &soaked.resident[number * STEPS / 4..(number + 1) * STEPS / 4];
    let most = |number: usize| quarter(number).iter().copied().max().unwrap_or_default();
    let mebibytes = |bytes: u64| (bytes as f64 / f64::from(1 << 20) * 10.0).round() / 10.0;
    let what = "resident at most (MiB), last quarter of the run to the second";
    Ok(vec![
        Measurement::count(what, mebibytes(most(3)), mebibytes(most(1)), Wanted::AtMost(1.1)),
        Measurement::number("resident at most (MiB) in the first quarter", mebibytes(most(0))),
        Measurement::number("events", soaked.events as f64),
        Measurement::number("audit log (MB)", (soaked.log_bytes as f64 / 1e5).round() / 10.0),
        Measurement::shown("one event or timer, with all that comes with it", soaked.took.div_f64(soaked.calls as f64)),
    ])
}

struct Soaked {
    /// Resident memory after each step in bytes.
    resident: Vec<u64>,
    events: usize,
    log_bytes: usize,
    calls: usize,
    took: std::time::Duration,
}

fn soak(program: &Program, folder: &Path, lives: usize, log_bytes: usize) -> Measured<Soaked> {
    let began = cpu::elapsed();
    let (_, running) = RunningProgram::start(program)?;
    let timers: Vec<Vec<u8>> = TIMERS.iter().map(|timer| request_to(timer, b"{}")).collect();
    let connect = || (0..PARALLEL).map(|_| Connection::open(running.address(), &timers[0]));
    let mut connections = connect().collect::<Measured<Vec<_>>>()?;
    let recordings = folder.join(ACCOUNT).join(RECORDINGS);
    let mut soaked =
        Soaked { resident: Vec::new(), events: 0, log_bytes: 0, calls: PARALLEL, took: Default::default() };
    let mut line = 0;
    for step in 0..STEPS {
        let step_lives = ProcessLives { step, count: lives, at: SystemClock.now() };
        step_lives.write_all(&recordings)?;
        let mut send = |requests: &[Vec<u8>]| {
            soaked.calls += requests.len();
            send_all(&mut connections, requests.iter().map(Vec::as_slice))
        };
        for written in step_lives.written()? {
            send(&written)?;
            soaked.events += written.len();
        }
        let mut text = String::new();
        while text.len() < log_bytes {
            text.push_str(&log::line(line));
            line += 1;
        }
        let name = calls::log_name(step, SystemClock.now());
        let path = folder.join(ACCOUNT).join(LOGS).join(&name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(&path, &text)?;
        send(&[calls::log_landed(&name, SystemClock.now())?])?;
        (soaked.events, soaked.log_bytes) = (soaked.events + 1, soaked.log_bytes + text.len());
        step_lives.remove_all(&recordings)?;
        let deleted = step_lives.deleted()?;
        send(&deleted)?;
        soaked.events += deleted.len();
        send(&timers)?;
        soaked.resident.push(running.resident()?);
    }
    soaked.took = cpu::elapsed().saturating_sub(began);
    Ok(soaked)
}
