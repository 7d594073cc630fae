//! Commands whose reader closes the pipe early, as `| head -1` does.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, Running};

/// Number of recordings: enough for an answer that is larger than the buffer of a pipe.
const RECORDINGS: usize = 700;

/// Returns a folder with a catalogue of many recordings with long names.
fn made() -> TempDir {
    let home = TempDir::new().unwrap();
    let recordings = home.path().join("archivist-data/local/recordings");
    fs::create_dir_all(&recordings).unwrap();
    let long = "x".repeat(200);
    for number in 0..RECORDINGS {
        fs::write(recordings.join(format!("vm-user-{long}.{number}")), "x").unwrap();
    }
    let mut local = Command::new(ARCHIVIST);
    local.args(["local", "--once", "--port", "0"]).env_clear().current_dir(home.path());
    let ended = Running::start(&mut local).end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    home
}

#[test]
fn a_reader_that_stops_early_causes_no_message_and_no_failure() {
    let home = made();
    for arguments in [
        "recordings list --all",
        "recordings list --all --format csv",
        "recordings list --all --format jsonl",
        "recordings list --all --json",
        "recordings export --format csv",
        "--help",
        "completions zsh",
    ] {
        let mut command = Command::new(ARCHIVIST);
        command.args(arguments.split(' ')).env_clear().current_dir(home.path());
        command.env("ARCHIVIST_CATALOGUE", "sqlite:archivist-data/.archivist/catalogue.sqlite");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        let mut stdout = BufReader::with_capacity(16, child.stdout.take().unwrap());
        stdout.read_line(&mut first).unwrap();
        drop(stdout);
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{arguments}");
        assert!(!first.is_empty(), "{arguments}");
    }
}
