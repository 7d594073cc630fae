//! The same in DuckDB, which has both sides in tables.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Duration;

use super::days::{self, Visit};
use crate::Measured;
use crate::python::Python;

/// A database that answers.
pub struct Database {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What an ASOF join came to.
#[derive(Debug, Default, Clone, Copy)]
pub struct Joined {
    /// The CPU time of the query.
    pub cost: Duration,
    /// Recordings with a session that began within the window.
    pub near: u64,
}

impl Database {
    /// Loads both sides into tables.
    pub fn load(folder: &Path, visits: &[Visit]) -> Measured<Self> {
        let [recordings, sessions] = ["recordings.csv", "sessions.csv"].map(|name| folder.join(name));
        days::write(visits, &recordings, &sessions)?;
        let mut command = Python::ready()?.script("matching/duckdb_asof.py");
        command.arg(recordings).arg(sessions).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let questions = child.stdin.take().ok_or("it has no input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("it has no output")?);
        let mut database = Self { child, questions, answers };
        // It answers once everything is loaded.
        database.matched().map(|_| database)
    }

    /// Joins each recording with the last session of its name that began within the window.
    pub fn join(&mut self) -> Measured<Joined> {
        let [nanoseconds, near] = self.ask("join")?[..] else {
            return Err("DuckDB gave no join".into());
        };
        Ok(Joined { cost: Duration::from_nanos(nanoseconds), near })
    }

    /// How many recordings have exactly one session that fits start and end.
    pub fn matched(&mut self) -> Measured<u64> {
        self.ask("matched")?.first().copied().ok_or_else(|| "DuckDB gave no count".into())
    }

    fn ask(&mut self, question: &str) -> Measured<Vec<u64>> {
        writeln!(self.questions, "{question}")?;
        self.questions.flush()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // It has ended already where it cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
