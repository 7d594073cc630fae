use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Why the emulator could not be started, or packages of npm not be installed.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A program that it needs is not on this machine.
    #[error("{0} is not here: install Node.js 20 or later with npm")]
    Missing(&'static str),
    /// A program that it needs could not be run.
    #[error("could not run {program}")]
    NotRun {
        /// The program.
        program: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the installation could not be read, locked or written.
    #[error("could not use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// npm could not install it.
    #[error("`npm ci` in {} ended with {status}:\n{output}", folder.display())]
    NotInstalled {
        /// Where.
        folder: PathBuf,
        /// How npm ended.
        status: ExitStatus,
        /// What npm wrote.
        output: String,
    },
    /// It ended, or was stopped after a minute, before all three services listened.
    #[error("the storage emulator did not start:\n{output}")]
    NotReady {
        /// What it wrote.
        output: String,
    },
}

impl StartError {
    /// What it means that this program could not be started.
    pub(crate) fn of_program(program: &'static str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(program),
            _ => Self::NotRun { program, source },
        }
    }
}
