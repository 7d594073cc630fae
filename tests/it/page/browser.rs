//! Runs the checks in `tests/browser`, installed from its lock file.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Returns the problems that this suite finds on a site, one per line. `more` contains the expectations.
///
/// The checks save screenshots for review in `screenshots` below the target folder.
pub fn check(suite: &str, port: u16, more: &Value) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    azurite::installed(&folder).unwrap();
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    let mut asked = json!({ "suite": suite, "site": format!("http://localhost:{port}"), "folder": pictures });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());

    let mut node = Command::new("node");
    node.arg("check.mjs").current_dir(&folder);
    node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = node.spawn().unwrap();
    process.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.success(), said.is_empty(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}
