//! A folder with a storage account, a configuration and a catalogue, and commands on it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use domain::address::BlobAddress;
use domain::record::blob::{BlobEvent, Happening};
use domain::record::sequencer::Sequencer;
use jiff::Timestamp;
use serde_json::{Value, json};
use storage_events::{BlobType, StorageEvent, encode_event_grid};
use tempfile::TempDir;

use super::{ARCHIVIST, EndedProcess, Running, free_port, http};

/// A folder with the recordings of a bastion.
pub struct ProcessEstate {
    folder: TempDir,
}

/// A running and ready `archivist serve`.
pub struct Handler {
    /// The process.
    pub running: Running,
    /// Port of the handler.
    pub port: u16,
}

impl ProcessEstate {
    /// Creates a storage account `records01` with an empty container `recordings`, and the configuration of its
    /// bastion.
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("records01/recordings")).unwrap();
        let estate = Self { folder };
        estate.write("archivist.yaml", &estate.configuration());
        estate
    }

    /// Returns the text of `archivist.yaml`.
    pub fn configuration(&self) -> String {
        let account = self.path().join("records01");
        format!(
            "version: 1\nbastions:\n  - name: bas-test\n    recordings: {{ account_url: \"file://{}\", container: recordings }}\n",
            account.display()
        )
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// Returns a command with the catalogue's path as its only app setting.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Command::new(ARCHIVIST), arguments)
    }

    /// Like [`command`](Self::command), but runs `first` in a shell before the command.
    pub fn command_after(&self, first: &str, arguments: &[&str]) -> Command {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("{first}; exec \"$0\" \"$@\""), ARCHIVIST]);
        self.command_of(shell, arguments)
    }

    fn command_of(&self, mut command: Command, arguments: &[&str]) -> Command {
        command.args(arguments).env_clear().current_dir(self.path());
        command.env("ARCHIVIST_CATALOGUE", "sqlite:catalogue.sqlite");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> EndedProcess {
        Running::start(&mut self.command(arguments)).end()
    }

    /// Starts the handler and waits until it is ready.
    pub fn serve(&self) -> Handler {
        Handler::start(self.command(&["serve"]))
    }

    /// Writes a recording and returns the event of storage. `number` orders the events of a name.
    pub fn record(&self, name: &str, size: u64, number: u64) -> String {
        let path = self.path().join("records01/recordings").join(name);
        let file = File::create(path).unwrap();
        file.set_len(size).unwrap();
        let at = Timestamp::try_from(file.metadata().unwrap().modified().unwrap()).unwrap();
        let address = BlobAddress::parse("records01", "recordings", name).unwrap();
        let sequencer = Sequencer::parse(&format!("{number:048x}")).unwrap();
        let event = BlobEvent { sequencer, at, what: Happening::Written { etag: None, size } };
        let id = format!("{name}-{number}").into();
        encode_event_grid(&StorageEvent { id, address, blob_type: BlobType::Block, event, origin: Box::default() })
            .unwrap()
    }

    /// Returns the items of `recordings list`, newest first.
    pub fn recordings(&self) -> Vec<Value> {
        self.recordings_in("sqlite:catalogue.sqlite")
    }

    /// Like [`recordings`](Self::recordings), but for another catalogue.
    pub fn recordings_in(&self, catalogue: &str) -> Vec<Value> {
        let mut list = self.command(&["recordings", "list", "--json", "--limit", "1000"]);
        let listed = Running::start(list.env("ARCHIVIST_CATALOGUE", catalogue)).end();
        assert_eq!(listed.code, Some(0), "{}", listed.stderr);
        let mut page: Value = serde_json::from_str(&listed.stdout).unwrap();
        match page["items"].take() {
            Value::Array(items) => items,
            other => panic!("{other} is not a list"),
        }
    }
}

impl Handler {
    /// Starts a serving command and waits until it is ready.
    pub fn start(mut command: Command) -> Self {
        let port = free_port();
        let mut running = Running::start(command.env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string()));
        if running.line_with("archivist ready").is_none() {
            panic!("the handler did not become ready: {:?}", running.end());
        }
        Self { running, port }
    }

    /// Posts an event like the host. Returns the response status.
    pub fn recording_landed(&self, event: &str) -> std::io::Result<u16> {
        Ok(http::post(self.port, "/recording_landed", &body(event))?.status)
    }
}

/// Returns the host's request body for a message of the queue `recording-events`.
pub fn body(event: &str) -> String {
    json!({ "Data": { "event": Value::from(event).to_string() }, "Metadata": {} }).to_string()
}
