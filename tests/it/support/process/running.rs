//! A process of the program.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};

use super::{LIMIT, eventually, signal};

/// A running process; killed on drop.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
    stdout: String,
    stderr: Option<JoinHandle<String>>,
}

/// A finished process.
#[derive(Debug)]
pub struct EndedProcess {
    /// Exit code; `None` after a deadly signal.
    pub code: Option<i32>,
    /// Complete standard output.
    pub stdout: String,
    /// Complete standard error.
    pub stderr: String,
}

impl Running {
    /// Starts the command.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (line, lines) = channel();
        thread::spawn(move || {
            // Sending fails once the test has ended.
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|text| line.send(text))
        });
        let stderr = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        Self { child, lines, stdout: String::new(), stderr: Some(stderr) }
    }

    /// Waits for a line on standard output that contains `text`. Returns `None` if the process ends first.
    pub fn line_with(&mut self, text: &str) -> Option<String> {
        loop {
            let line = match self.lines.recv_timeout(LIMIT) {
                Ok(line) => line,
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(error) => panic!("{error} for {text:?} after {:?}", self.stdout),
            };
            self.stdout += &line;
            self.stdout.push('\n');
            if line.contains(text) {
                return Some(line);
            }
        }
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        signal("TERM", self.child.id());
    }

    /// Kills the process, as the host does.
    pub fn kill(mut self) -> EndedProcess {
        self.child.kill().unwrap();
        self.end()
    }

    /// Waits for the end of the process.
    pub fn end(mut self) -> EndedProcess {
        let mut status = None;
        eventually("the program ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        while self.line_with("\0").is_some() {}
        let stderr = self.stderr.take().unwrap().join().unwrap();
        EndedProcess { code: status.unwrap().code(), stdout: std::mem::take(&mut self.stdout), stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Usually the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
