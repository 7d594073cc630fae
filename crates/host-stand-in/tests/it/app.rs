//! Tests of reading an app's folder.

use std::fs;
use std::path::{Path, PathBuf};

use host_stand_in::{AppFolder, AppFolderError, HandlerEnvironment, HostJsonError, Unusable};
use tempfile::TempDir;

use crate::support::{HOST_JSON, QUEUE_FUNCTION, TIMER_FUNCTION};

fn app(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn host_json(description: &str) -> String {
    HOST_JSON.replace(r#""defaultExecutablePath": "archivist""#, description)
}

fn settings(pairs: &[(&str, &str)]) -> HandlerEnvironment {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn functions_lie_one_level_below_the_root_and_no_deeper() {
    let app = app(&[
        ("host.json", HOST_JSON),
        ("recording_landed/function.json", QUEUE_FUNCTION.1),
        ("join_sweep/function.json", TIMER_FUNCTION.1),
        ("join_sweep/deeper/function.json", TIMER_FUNCTION.1),
        ("nothing/readme.txt", "no function"),
        ("function.json", TIMER_FUNCTION.1),
        ("broken/function.json", "{"),
    ]);
    let opened = AppFolder::open(app.path(), &HandlerEnvironment::new()).unwrap();
    let names: Vec<&str> = opened.functions.iter().map(|function| function.name.as_str()).collect();
    assert_eq!(names, ["join_sweep", "recording_landed"]);
    assert!(matches!(&opened.unusable[..], [Unusable::Form { function, .. }] if function == "broken"));
}

#[test]
fn a_folder_without_host_json_is_no_app() {
    let app = app(&[("recording_landed/function.json", QUEUE_FUNCTION.1)]);
    let error = AppFolder::open(app.path(), &HandlerEnvironment::new()).unwrap_err();
    assert!(matches!(error, AppFolderError::Unreadable { path, .. } if path.ends_with("host.json")));
    let empty = self::app(&[("host.json", r#"{"version":"2.0"}"#)]);
    let error = AppFolder::open(empty.path(), &HandlerEnvironment::new()).unwrap_err();
    assert!(matches!(error, AppFolderError::HostJson(HostJsonError::NoExecutable)));
}

#[test]
fn a_byte_order_mark_in_a_file_is_skipped() {
    let app = app(&[("host.json", &format!("\u{feff}{HOST_JSON}"))]);
    assert!(AppFolder::open(app.path(), &HandlerEnvironment::new()).is_ok());
}

#[test]
fn the_executable_is_looked_up_in_the_app_then_in_path() {
    let json = host_json(r#""defaultExecutablePath": "bin/archivist", "workingDirectory": "data""#);
    let here = app(&[("host.json", &json), ("bin/archivist", "")]);
    let start = AppFolder::open(here.path(), &HandlerEnvironment::new()).unwrap().start;
    let root = here.path().canonicalize().unwrap();
    assert_eq!(start.executable, root.join("bin/archivist"));
    assert_eq!((start.app_root, start.working_directory), (root.clone(), root.join("data")));
    // A file of that name below the working directory does not count.
    let elsewhere = app(&[("host.json", &json), ("data/bin/archivist", "")]);
    let start = AppFolder::open(elsewhere.path(), &HandlerEnvironment::new()).unwrap().start;
    assert_eq!(start.executable, PathBuf::from("bin/archivist"));
}

#[test]
fn an_absolute_executable_is_kept() {
    let app = app(&[("host.json", &host_json(r#""defaultExecutablePath": "/bin/sh""#))]);
    assert_eq!(AppFolder::open(app.path(), &HandlerEnvironment::new()).unwrap().start.executable, Path::new("/bin/sh"));
}

#[test]
fn arguments_are_joined_without_quotes_and_settings_in_them_replaced() {
    let json = host_json(r#""defaultExecutablePath": "a", "arguments": ["serve", "two words", "%LEVEL%", "%GONE%x"]"#);
    let app = app(&[("host.json", &json)]);
    let start = AppFolder::open(app.path(), &settings(&[("LEVEL", "high")])).unwrap().start;
    assert_eq!(start.arguments, ["serve", "two", "words", "high", "x"]);
}

#[test]
fn a_schedule_is_read_from_an_app_setting() {
    let timer = TIMER_FUNCTION.1.replace("0 * * * * *", "%SWEEP_SCHEDULE%");
    let app = app(&[("host.json", HOST_JSON), ("join_sweep/function.json", &timer)]);
    let opened = AppFolder::open(app.path(), &settings(&[("SWEEP_SCHEDULE", "*/5 * * * * *")])).unwrap();
    assert_eq!((opened.functions.len(), opened.unusable.len()), (1, 0));
    let opened = AppFolder::open(app.path(), &HandlerEnvironment::new()).unwrap();
    let said: Vec<String> = opened.unusable.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["function join_sweep needs app setting SWEEP_SCHEDULE, which is not set"]);
}

#[test]
fn this_repository_is_an_app() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let opened = AppFolder::open(&root, &HandlerEnvironment::new()).unwrap();
    assert!(opened.functions.is_empty() && opened.unusable.is_empty(), "its functions lie deeper, in functions/");
    assert_eq!((opened.start.arguments.as_slice(), opened.settings.http.is_proxied), (&["serve".to_owned()][..], true));
}
