//! Read-only use: `archivist page`, and commands on a catalogue of a different store.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, EndedProcess, Running, free_port, http};

fn command(folder: &Path, catalogue: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(ARCHIVIST);
    command.args(arguments).env_clear().current_dir(folder);
    command.env("ARCHIVIST_CATALOGUE", format!("sqlite:{catalogue}"));
    command
}

/// Returns a folder with a catalogue of thirty recordings in `made/`, written by `archivist local --once`.
fn made() -> TempDir {
    let home = TempDir::new().unwrap();
    let recordings = home.path().join("made/local/recordings");
    fs::create_dir_all(&recordings).unwrap();
    for number in 0..30 {
        fs::write(recordings.join(format!("vm-user.{number}")), "x").unwrap();
    }
    let ended = local(home.path(), "made");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    home
}

const CATALOGUE: &str = "made/.archivist/catalogue.sqlite";

fn local(home: &Path, folder: &str) -> EndedProcess {
    let port = free_port().to_string();
    Running::start(&mut command(home, CATALOGUE, &["local", "--once", "--folder", folder, "--port", &port])).end()
}

fn states(home: &Path) -> BTreeMap<String, usize> {
    states_in(home, CATALOGUE)
}

fn states_in(home: &Path, catalogue: &str) -> BTreeMap<String, usize> {
    let listed =
        Running::start(&mut command(home, catalogue, &["recordings", "list", "--json", "--limit", "1000"])).end();
    let page: Value = serde_json::from_str(&listed.stdout).unwrap();
    page["items"].as_array().unwrap().iter().fold(BTreeMap::new(), |mut states, item| {
        *states.entry(item["state"].as_str().unwrap().to_owned()).or_default() += 1;
        states
    })
}

/// Returns every file directly in a folder with its bytes.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let files = files.filter(|file| file.file_type().unwrap().is_file());
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
}

/// Sends a request unchanged and returns the response.
fn raw(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_page_of_a_copied_catalogue_is_read_only() {
    let (made, desk) = (made(), TempDir::new().unwrap());
    fs::copy(made.path().join(CATALOGUE), desk.path().join("copy.sqlite")).unwrap();
    fs::write(desk.path().join("archivist.yaml"), "version: 1\nbastoins: []\n").unwrap();
    let before = bytes(desk.path());
    let port = free_port();
    let arguments = ["page", "--port", &port.to_string(), "--catalogue", "sqlite:copy.sqlite"];
    let mut page = Running::start(&mut command(desk.path(), "no-such-file.sqlite", &arguments));
    let said = page.line_with("http://localhost").expect("it says where it is");
    assert!(said.contains(&format!("copy.sqlite is at http://localhost:{port}/ui/")), "{said}");
    assert_eq!(http::get(port, "/").unwrap().status, 307);
    let overview = http::get(port, "/ui/recordings").unwrap();
    assert_eq!(overview.status, 200);
    assert!(overview.body.contains("vm-user.7"), "{}", overview.body);
    let listed = http::get(port, "/api/v1/recordings?limit=100").unwrap();
    let listed: Value = serde_json::from_str(&listed.body).unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 30);
    for function in ["join_sweep", "reconcile_sweep", "retention_sweep", "recording_landed"] {
        assert_eq!(http::post(port, &format!("/{function}"), "{}").unwrap().status, 404, "{function}");
    }
    let foreign = format!("GET /api/v1/recordings HTTP/1.1\r\nHost: evil.example:{port}\r\nConnection: close\r\n\r\n");
    assert!(raw(port, &foreign).starts_with("HTTP/1.1 403"), "a foreign host");
    let foreign = format!(
        "GET /api/v1/recordings HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n"
    );
    assert!(raw(port, &foreign).starts_with("HTTP/1.1 403"), "a foreign page");
    page.terminate();
    let ended = page.end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("the configuration is not used: archivist.yaml"), "{}", ended.stderr);
    assert_eq!(bytes(desk.path()), before);
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 2, "and no folder was made");
}

#[test]
fn the_page_command_without_a_catalogue_explains_the_remedy() {
    let desk = TempDir::new().unwrap();
    let ended = Running::start(&mut command(desk.path(), "nowhere.sqlite", &["page", "--port", "0"])).end();
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("there is no catalogue at nowhere.sqlite"), "{}", ended.stderr);
}

#[test]
fn local_with_a_catalogue_of_another_folder_reports_no_losses() {
    let home = made();
    let before = states(home.path());
    let ended = local(home.path(), "other");
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(states(home.path()), before);
    let said: Vec<&str> = ended.stderr.lines().filter(|line| line.contains("in another store")).collect();
    assert_eq!(said.len(), 1, "one line for recordings and logs: {}", ended.stderr);
    assert!(said[0].contains("local/recordings") && said[0].contains("insights-logs"), "{}", said[0]);
    assert!(said[0].contains("archivist page") && said[0].contains("--adopt"), "{}", said[0]);
    assert!(!ended.stdout.contains("recording.deleted") && !ended.stdout.contains("stopped"), "{}", ended.stdout);
}

#[test]
fn a_hold_placed_from_another_folder_calls_nothing_missing() {
    let home = made();
    // Without configuration, the folder of a catalogue elsewhere is archivist-data, which holds none of its recordings.
    fs::copy(home.path().join(CATALOGUE), home.path().join("copy.sqlite")).unwrap();
    let before = states_in(home.path(), "copy.sqlite");
    let hold = ["hold", "place", "--machine", "vm", "--case", "c-1", "--reason", "a test", "--yes"];
    let placed = Running::start(&mut command(home.path(), "copy.sqlite", &hold)).end();
    let plain = Running::start(&mut command(home.path(), "copy.sqlite", &hold[..8])).end();
    assert!(
        placed.stderr.contains("nothing is concluded from it") || plain.stderr.contains("nothing is concluded from it")
    );
    assert_eq!(states_in(home.path(), "copy.sqlite"), before);
}

#[test]
fn an_emptied_catalogue_folder_is_one_notification() {
    let home = made();
    let recordings = home.path().join("made/local/recordings");
    for number in 0..30 {
        fs::remove_file(recordings.join(format!("vm-user.{number}"))).unwrap();
    }
    let ended = local(home.path(), "made");
    let told: Vec<&str> =
        ended.stdout.lines().filter(|line| line.starts_with("recording.deleted_unexpectedly")).collect();
    assert_eq!(told.len(), 1, "{}", ended.stdout);
    assert!(told[0].contains("local/recordings"), "{}", told[0]);
    assert_eq!(states(home.path()).keys().collect::<Vec<_>>(), ["deleted"]);
}

#[test]
fn the_coverage_report_is_written_in_every_format_and_refuses_an_unknown_bastion() {
    let home = made();
    let report = |arguments: &[&str]| {
        let all = [&["report", "coverage"], arguments].concat();
        Running::start(&mut command(home.path(), CATALOGUE, &all)).end()
    };
    let this_month = || {
        let listed = Running::start(&mut command(home.path(), CATALOGUE, &["recordings", "list", "--json"])).end();
        let page: Value = serde_json::from_str(&listed.stdout).unwrap();
        page["items"][0]["created_at"].as_str().unwrap()[..7].to_owned()
    };
    let month = this_month();
    let json = report(&["--month", &month]);
    assert_eq!(json.code, Some(0), "{}", json.stderr);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&json["month"], &json["total"]["figures"]["recordings"]), (&month.as_str().into(), &30.into()));
    assert!(json["total"]["figures"]["changed"].is_null(), "{json}");
    let csv = report(&["--month", &month, "--format", "csv"]).stdout;
    let row = format!("{month},all,,recordings,30,count,,");
    assert!(csv.lines().any(|line| line.starts_with(&row)), "{csv}");
    let html = home.path().join("coverage.html");
    let written = report(&["--month", &month, "--format", "html", "--out", html.to_str().unwrap()]);
    let html = fs::read_to_string(html).unwrap();
    assert_eq!((written.code, written.stdout.as_str()), (Some(0), ""));
    assert!(html.contains("<td class=\"number\">30</td>") && !html.contains("<script"), "{html}");
    for wrong in [&["--bastion", "nobody"][..], &["--month", "2026-13"], &["--month", "9000-01"]] {
        assert_eq!(report(wrong).code, Some(2), "{wrong:?}");
    }
}
