//! Measures the deployed package: cold start, memory and size.
//!
//! Needs the output of `cargo xtask package`; `cargo xtask bench` builds the package first.

pub mod program;

use std::fs;
use std::path::Path;

use azurite::Azurite;
use program::{Program, RunningProgram};

use crate::azure::storage::BenchStorage;
use crate::handler::{calls, load};
use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured};

const MIB: u64 = 1 << 20;
/// Concurrent invocations: `batchSize` of `host.json`.
const PARALLEL: usize = 8;

/// Measures the cold start against an empty server, resident memory, and the size of the archive.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (runtime, emulator) = (crate::runtime()?, Azurite::start()?);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut storage = runtime.block_on(BenchStorage::new(emulator.account()?))?;
    let empty = program::empty_server(folder.path())?;
    let in_file = program::in_file(&folder.path().join("in-file"))?;
    let in_storage = program::in_storage(&folder.path().join("in-storage"), &storage.account)?;

    let rounds = effort.pick(11, 81);
    let mut figures = vec![
        cold_start("cold start, catalogue in SQLite", &in_file, &empty, rounds)?,
        cold_start("cold start, state in a storage account", &in_storage, &empty, rounds)?,
        Measurement::size("resident when idle, catalogue in SQLite", idle(&in_file)?.resident()?, 8 * MIB),
    ];
    let running = idle(&in_storage)?;
    figures.push(Measurement::size("resident when idle, state in a storage account", running.resident()?, 8 * MIB));
    let landed = runtime.block_on(storage.land(effort.pick(80, 400)))?;
    let requests: Vec<_> = landed.iter().map(|landed| load::request(&calls::body_of(landed))).collect();
    let (first, rest) = requests.split_at(PARALLEL);
    let connections = first.iter().map(|request| load::Connection::open(running.address(), request));
    load::send_all(&mut connections.collect::<Measured<Vec<_>>>()?, rest.iter().map(Vec::as_slice))?;
    let what = format!("resident at most, {PARALLEL} invocations at a time, state in a storage account");
    figures.push(Measurement::size(what, running.most_resident()?, 32 * MIB));
    let archive = Path::new(program::ROOT).join("archivist.zip");
    figures.push(Measurement::size("archive", fs::metadata(archive)?.len(), 8_000_000));
    Ok(figures)
}

fn cold_start(name: &str, ours: &Program, empty: &Program, rounds: usize) -> Measured<Measurement> {
    // The first start creates tables and files; a function app starts far more often than it is set up.
    idle(ours)?;
    let start = |program: &Program| RunningProgram::start(program).map(|(cost, _)| cost);
    let rounds = Round::alternate(rounds, || start(ours), || start(empty))?;
    Ok(Measurement::cost(name, &rounds, 1, Wanted::AtMost(2.0)))
}

/// Starts a handler and makes one sweep, which it does every minute; then the handler is idle.
fn idle(program: &Program) -> Measured<RunningProgram> {
    let (_, running) = RunningProgram::start(program)?;
    load::Connection::open(running.address(), &load::request_to("join_sweep", b"{}"))?;
    Ok(running)
}
