//! Runs one step of a chore: heading, work, elapsed time.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use crate::ROOT;

/// Error that stops a chore.
#[derive(Debug)]
pub enum StepError {
    NotStarted {
        command: String,
        source: io::Error,
    },
    /// The program ended with a failure status.
    Failed {
        command: String,
        status: ExitStatus,
    },
    /// The output of a program, or a file, could not be read or is invalid.
    Unreadable {
        what: String,
        source: Box<dyn std::error::Error>,
    },
    /// Number of broken tidy rules; each finding is already printed.
    Untidy(usize),
    /// A step failed; `remedy` says how to fix it.
    Step {
        name: String,
        remedy: String,
        source: Box<StepError>,
    },
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { command, source } => write!(f, "could not start `{command}`: {source}"),
            Self::Failed { command, status } => write!(f, "`{command}` ended with {status}"),
            Self::Unreadable { what, source } => write!(f, "could not read {what}: {source}"),
            Self::Untidy(1) => f.write_str("1 tidy finding"),
            Self::Untidy(findings) => write!(f, "{findings} tidy findings"),
            Self::Step { name, remedy, source } => write!(f, "step \"{name}\" failed: {source}; {remedy}"),
        }
    }
}

impl std::error::Error for StepError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotStarted { source, .. } => Some(source),
            Self::Unreadable { source, .. } => Some(source.as_ref()),
            Self::Step { source, .. } => Some(source),
            Self::Failed { .. } | Self::Untidy(_) => None,
        }
    }
}

/// Runs the work under a heading and prints the elapsed time. `remedy` says how to fix a failure.
pub fn step(name: &str, remedy: &str, work: impl FnOnce() -> Result<(), StepError>) -> Result<(), StepError> {
    println!("\n==> {name}");
    #[expect(clippy::disallowed_methods, reason = "measures time for the output only; no decision depends on it")]
    let started = Instant::now();
    let outcome = work();
    println!("<== {name}: {:.1} s", started.elapsed().as_secs_f32());
    outcome.map_err(|source| StepError::Step {
        name: name.to_owned(),
        remedy: remedy.to_owned(),
        source: Box::new(source),
    })
}

/// Returns a command with the root of the repository as its working directory.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(ROOT);
    command
}

/// Returns a cargo command with the root of the repository as its working directory.
pub fn cargo(arguments: &[&str]) -> Command {
    command("cargo", arguments)
}

/// Prints and runs the command with inherited output. Returns an error if it cannot start or fails.
pub fn run(mut command: Command) -> Result<(), StepError> {
    println!("    $ {}", line(&command));
    let status = command.status().map_err(|source| StepError::NotStarted { command: line(&command), source })?;
    succeeded(&command, status)
}

/// Runs the command and returns its standard output. Returns an error if it cannot start or fails.
pub fn output(mut command: Command) -> Result<Vec<u8>, StepError> {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|source| StepError::NotStarted { command: line(&command), source })?;
    succeeded(&command, output.status)?;
    Ok(output.stdout)
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<(), StepError> {
    if status.success() {
        Ok(())
    } else {
        Err(StepError::Failed { command: line(command), status })
    }
}

/// Formats the command as typed at the root, without the root in paths.
fn line(command: &Command) -> String {
    let parts = std::iter::once(command.get_program()).chain(command.get_args()).map(OsStr::to_string_lossy);
    parts.collect::<Vec<_>>().join(" ").replace(&format!("{ROOT}/"), "")
}

#[cfg(test)]
mod tests {
    use super::{command, run, step};

    #[test]
    fn a_failed_step_shows_its_remedy() {
        let trouble = step("frobnicate", "see the line above", || run(command("false", &[]))).unwrap_err();
        let said = trouble.to_string();
        assert!(said.starts_with("step \"frobnicate\" failed: `false` ended with"), "{said}");
        assert!(said.ends_with("see the line above"), "{said}");
    }
}
