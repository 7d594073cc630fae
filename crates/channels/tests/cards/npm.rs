//! Runs the check in `tests/cards` after `npm ci`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Copy of the lock file, written last: if it exists, the installation is complete and matches it.
const STAMP: &str = "node_modules/.installed-package-lock.json";

/// Returns the findings of the check for these messages (JSON); empty if there are none.
pub fn check(messages: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cards");
    install(&folder);
    let mut node = Command::new("node");
    let mut node = started("node", node.arg("check.mjs").current_dir(&folder));
    node.stdin.take().unwrap().write_all(messages.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.success(), said.is_empty(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn install(folder: &Path) {
    let lock_file = folder.join("package-lock.json");
    // Held until the file is closed; a concurrent test waits here and then finds the installation complete.
    let lock = File::open(&lock_file).unwrap();
    lock.lock().unwrap();
    if fs::read(folder.join(STAMP)).is_ok_and(|installed| installed == fs::read(&lock_file).unwrap()) {
        return;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    let output = started("npm", &mut npm).wait_with_output().unwrap();
    assert!(output.status.success(), "npm ci in tests/cards: {}", String::from_utf8_lossy(&output.stderr));
    fs::copy(&lock_file, folder.join(STAMP)).unwrap();
}

fn started(program: &str, command: &mut Command) -> Child {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            panic!("{program} is not here: install Node.js 20 or later with npm, which runs the check of the cards")
        }
        Err(error) => panic!("could not run {program}: {error}"),
    }
}
