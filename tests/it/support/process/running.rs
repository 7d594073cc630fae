//! One run of the program.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};

use super::{LIMIT, eventually, signal};

/// A run that goes on; it is killed where nobody ends it.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
    stdout: String,
    stderr: Option<JoinHandle<String>>,
}

/// A run that has ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; `None` after a deadly signal.
    pub code: Option<i32>,
    /// Everything written to stdout.
    pub stdout: String,
    /// Everything written to stderr.
    pub stderr: String,
}

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (line, lines) = channel();
        thread::spawn(move || {
            // Nobody listens once the test has ended.
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|text| line.send(text))
        });
        let stderr = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        Self { child, lines, stdout: String::new(), stderr: Some(stderr) }
    }

    /// Waits for a line on stdout that holds this text, and gives it. `None` where the run ended before.
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

    /// Asks it to stop.
    pub fn terminate(&self) {
        signal("TERM", self.child.id());
    }

    /// Kills it, as the host does.
    pub fn kill(mut self) -> Ended {
        self.child.kill().unwrap();
        self.end()
    }

    /// Waits for its end.
    pub fn end(mut self) -> Ended {
        let mut status = None;
        eventually("the program ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        while self.line_with("\0").is_some() {}
        let stderr = self.stderr.take().unwrap().join().unwrap();
        Ended { code: status.unwrap().code(), stdout: std::mem::take(&mut self.stdout), stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, as it should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
