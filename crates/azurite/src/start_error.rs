use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Reason why the emulator could not be started, or npm packages not be installed.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// A required program is not installed.
    #[error("{0} is not here: install Node.js 20 or later with npm")]
    Missing(&'static str),
    /// A required program could not be run.
    #[error("could not run {program}")]
    NotRun {
        /// Name of the program.
        program: &'static str,
        /// Error of the system.
        source: io::Error,
    },
    /// A file of the installation could not be read, locked or written.
    #[error("could not use {}", path.display())]
    File {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// npm could not install the packages.
    #[error("`npm ci` in {} ended with {status}:\n{output}", folder.display())]
    NotInstalled {
        /// Folder of the lock file.
        folder: PathBuf,
        /// Exit status of npm.
        status: ExitStatus,
        /// Output of npm.
        output: String,
    },
    /// The emulator ended, or was stopped after a minute, before all three services listened.
    #[error("the storage emulator did not start:\n{output}")]
    NotReady {
        /// Output of the emulator.
        output: String,
    },
}

impl EmulatorError {
    /// Interprets the error of starting `program`.
    pub(crate) fn of_program(program: &'static str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(program),
            _ => Self::NotRun { program, source },
        }
    }
}
