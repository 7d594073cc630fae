//! Runs programs to their end.

use std::fs;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::{Measured, cpu};

/// Interval at which the memory of a running program is read.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// Result of running a program.
#[derive(Debug)]
pub struct FinishedProcess {
    /// Elapsed time from start to end.
    pub took: Duration,
    /// Standard output.
    pub output: String,
    /// Peak resident memory in bytes.
    pub most_resident: u64,
}

/// Runs a program with little output. Returns an error unless it succeeds.
#[expect(clippy::disallowed_methods, reason = "a benchmark waits for the program anyway")]
pub fn run(command: &mut Command) -> Measured<FinishedProcess> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let begin = cpu::elapsed();
    let mut child = command.spawn().map_err(|error| format!("{program} was not started: {error}"))?;
    let mut most_resident = 0;
    let status = loop {
        most_resident = most_resident.max(resident(&child));
        match child.try_wait()? {
            Some(status) => break status,
            None => sleep(LOOK_EVERY),
        }
    };
    let took = cpu::elapsed().saturating_sub(begin);
    let (output, trouble) = (all_of(child.stdout.take())?, all_of(child.stderr.take())?);
    if status.success() {
        Ok(FinishedProcess { took, output, most_resident })
    } else {
        Err(format!("{program} ended with {status}: {output}{trouble}").into())
    }
}

/// Returns the peak resident memory of a process so far; 0 if it has ended.
fn resident(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    most.and_then(|most| most.trim().trim_end_matches(" kB").parse::<u64>().ok()).map_or(0, |most| most * 1024)
}

fn all_of(pipe: Option<impl Read>) -> Measured<String> {
    let mut text = String::new();
    pipe.map(|mut pipe| pipe.read_to_string(&mut text)).transpose()?;
    Ok(text)
}
