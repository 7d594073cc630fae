//! Process between this one and the emulator. It stops the emulator when this process ends, however that happens.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::account;
use crate::install;
use crate::options::{EmulatorPorts, Options};
use crate::start_error::EmulatorError;

/// Folder of the lock file, of the keeper's program and of the installation.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/azurite");

/// Program of the emulator, below the folder.
const PROGRAM: &str = "node_modules/azurite/dist/src/azurite.js";

/// Running keeper. Dropping it ends the emulator and waits for its end.
#[derive(Debug)]
pub struct Keeper {
    process: Child,
}

impl Keeper {
    /// Starts a keeper and its emulator; returns their ports too.
    ///
    /// # Errors
    /// Returns a [`EmulatorError`] if node is missing, or if the emulator does not listen within a minute.
    pub fn start(options: &Options) -> Result<(Self, EmulatorPorts), EmulatorError> {
        let folder = Path::new(FOLDER);
        install::installed(folder)?;
        let mut node = Command::new("node");
        node.arg(folder.join("keeper.mjs")).arg(folder.join(PROGRAM)).args(options.arguments());
        node.env("AZURITE_ACCOUNTS", account::setting(options.accounts));
        node.stdin(Stdio::piped()).stdout(Stdio::piped());
        let process = node.spawn().map_err(|source| EmulatorError::of_program("node", source))?;
        let mut keeper = Self { process };
        let ports = keeper.ports()?;
        Ok((keeper, ports))
    }

    /// Waits for the keeper's first line; the keeper limits the wait.
    fn ports(&mut self) -> Result<EmulatorPorts, EmulatorError> {
        let mut output = String::new();
        if let Some(stdout) = self.process.stdout.take() {
            let failed = |source| EmulatorError::NotRun { program: "node", source };
            let mut stdout = BufReader::new(stdout);
            stdout.read_line(&mut output).map_err(failed)?;
            if let Some(ports) = ready(&output) {
                return Ok(ports);
            }
            stdout.read_to_string(&mut output).map_err(failed)?;
        }
        Err(EmulatorError::NotReady { output })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // If waiting fails, the keeper has already ended.
        drop(self.process.wait());
    }
}

fn ready(line: &str) -> Option<EmulatorPorts> {
    let mut ports = line.strip_prefix("ready ")?.split_whitespace().map(|port| port.parse().ok());
    Some(EmulatorPorts { blob: ports.next()??, queue: ports.next()??, table: ports.next()?? })
}
