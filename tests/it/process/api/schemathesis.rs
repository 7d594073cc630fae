//! Tests the API with schemathesis: generates requests from the document and validates the responses against it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis");
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
/// Generated requests per operation.
const EXAMPLES: &str = "25";

const NEEDED: &str = "the API is tried by schemathesis, which needs Python 3.11 or newer with its venv module: \
                      install python3 and python3-venv";

/// Tests the API on this port; `known` lists ids in its catalogue.
///
/// Requests differ in every run, unless `PROPTEST_RNG_SEED` is set.
#[expect(clippy::disallowed_methods, reason = "the setting of all made-up tests, not one of the app")]
pub fn check(port: u16, known: &Value) {
    let program = installed().join("bin/schemathesis");
    let mut command = Command::new(program);
    command.arg("--config-file").arg(Path::new(FOLDER).join("schemathesis.toml"));
    command.arg("run").arg(DOCUMENT).args(["--url", &format!("http://127.0.0.1:{port}/api/v1")]);
    command.args(["--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing", "--no-color"]);
    if let Some(seed) = std::env::var_os("PROPTEST_RNG_SEED") {
        command.arg("--seed").arg(seed);
    }
    command.env("SCHEMATHESIS_HOOKS", Path::new(FOLDER).join("hooks.py")).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("ARCHIVIST_KNOWN", known.to_string()).current_dir(env!("CARGO_TARGET_TMPDIR"));
    let output = run(&mut command);
    assert!(output.status.success(), "{}", text(&output));
}

/// Returns the environment with schemathesis; recreates it if the list of packages has changed. Concurrent callers
/// wait for a lock.
fn installed() -> PathBuf {
    let (environment, list) =
        (Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis"), Path::new(FOLDER).join("requirements.txt"));
    let lock = File::open(&list).unwrap();
    lock.lock().unwrap();
    // A copy of the list, written last: if it matches, the environment is complete.
    let (stamp, wanted) = (environment.join("installed.txt"), fs::read(&list).unwrap());
    if !fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        install(&environment, &list);
        fs::write(stamp, wanted).unwrap();
    }
    environment
}

fn install(environment: &Path, list: &Path) {
    let is_new = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    let python = Command::new("python3").args(["-c", is_new]).stdin(Stdio::null()).output();
    assert!(python.is_ok_and(|output| output.status.success()), "{NEEDED}");
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment));
    assert!(made.status.success(), "{NEEDED}\n{}", text(&made));
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-r",
    ])
    .arg(list);
    let installed = run(&mut pip);
    assert!(installed.status.success(), "schemathesis could not be installed\n{}", text(&installed));
}

fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}
