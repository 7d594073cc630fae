//! The deployed app with a different configuration and shorter periods.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::process::ARCHIVIST;

/// Visibility timeout and maximum polling interval of the host.
const PAUSE: &str = "00:00:01";

/// Schedule of the join sweep.
const SCHEDULE: &str = "*/2 * * * * *";

/// Returns a copy of the package with this configuration and with waits of seconds.
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

/// Packages the program under test, once for all tests.
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

/// Copies the package, but links the program. A copied program could fail to start with "text file busy": if another
/// test starts a process meanwhile, that process keeps the file open for writing until it runs its own program.
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
