//! The app as it is deployed, with another configuration and other periods.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::process::ARCHIVIST;

/// How long the host leaves a failed message and an empty queue alone.
const PAUSE: &str = "00:00:01";

/// How often every timer of a shortened app fires.
const SCHEDULE: &str = "*/2 * * * * *";

/// A copy of the package with this configuration, whose host waits for seconds only.
pub fn packaged(configuration: &str) -> TempDir {
    let app = TempDir::new().unwrap();
    copy(made(), app.path());
    fs::write(app.path().join("archivist.yaml"), configuration).unwrap();
    change(&app.path().join("host.json"), |host| {
        let queues = &mut host["extensions"]["queues"];
        (queues["visibilityTimeout"], queues["maxPollingInterval"]) = (json!(PAUSE), json!(PAUSE));
    });
    change(&app.path().join("join_sweep/function.json"), |function| {
        function["bindings"][0]["schedule"] = json!(SCHEDULE);
    });
    app
}

/// What the chore makes of the program under test, once for all tests.
fn made() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("package/app");
        let mut chore = Command::new("cargo");
        chore.args(["xtask", "package", "--binary", ARCHIVIST, "--out"]).arg(&folder);
        let done = chore.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        folder
    })
}

/// The program is linked: one that was copied while another test started a process could not be executed, as that holds
/// the file open until it is another program ("text file busy").
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else if entry.file_name() == "archivist" {
            symlink(entry.path(), to).unwrap();
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn change(file: &Path, change: impl FnOnce(&mut Value)) {
    let mut document = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    change(&mut document);
    fs::write(file, document.to_string()).unwrap();
}
