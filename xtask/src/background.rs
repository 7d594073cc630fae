//! Runs a chore in a child process while other chores continue.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::ROOT;
use crate::step::{StepError, command, step};

/// A running chore; dropping it before [`finish`](Self::finish) kills the process.
pub struct Background {
    name: &'static str,
    process: Child,
    log: PathBuf,
}

impl Background {
    /// Starts `cargo xtask NAME` with its output redirected to `target/NAME.log`.
    pub fn start(name: &'static str) -> Result<Self, StepError> {
        let log = PathBuf::from(ROOT).join("target").join(format!("{name}.log"));
        println!("\n==> {name}: runs in the background; its output follows when it ends");
        let process = spawn(name, &log).map_err(|source| StepError::NotStarted { command: name.to_owned(), source })?;
        Ok(Self { name, process, log })
    }

    /// Waits for the process and prints its output. Returns an error if the chore failed.
    pub fn finish(mut self) -> Result<(), StepError> {
        step(&format!("waiting for {}", self.name), "see its output above", || {
            let command = format!("cargo xtask {}", self.name);
            let unreadable = |source: io::Error| StepError::Unreadable { what: command.clone(), source: source.into() };
            let status = self.process.wait().map_err(unreadable)?;
            println!("{}", fs::read_to_string(&self.log).map_err(unreadable)?);
            if status.success() {
                Ok(())
            } else {
                Err(StepError::Failed { command, status })
            }
        })
    }
}

/// Kills the chore when another failure ends the run.
impl Drop for Background {
    fn drop(&mut self) {
        // Killing fails only if the process has already ended.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

fn spawn(name: &str, log: &Path) -> io::Result<Child> {
    let output = File::create(log)?;
    let mut chore = command(&std::env::current_exe()?.to_string_lossy(), &[name]);
    chore.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).spawn()
}
