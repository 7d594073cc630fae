//! Runs the check in `tests/cards` after `npm ci`.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Returns the findings of the check for these messages (JSON); empty if there are none.
pub fn check(messages: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cards");
    azurite::installed(&folder).unwrap();
    let mut node = Command::new("node");
    let mut node = started("node", node.arg("check.mjs").current_dir(&folder));
    node.stdin.take().unwrap().write_all(messages.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.success(), said.is_empty(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
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
