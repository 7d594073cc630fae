use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::{DateTime, ZipArchive};

use super::app::Package;
use super::archive::Effort;
use super::{assemble, host_rules, within};
use crate::ROOT;

pub mod parts;

/// Packages a stand-in executable whose own mode the host could not use.
fn packaged(folder: &TempDir) -> Package {
    let binary = folder.path().join("stand-in");
    fs::write(&binary, "#!/bin/sh\nexit 1\n").unwrap();
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o600)).unwrap();
    assemble(&binary, &folder.path().join("dist"), Effort::Quick).unwrap()
}

/// Returns the package unzipped, as the host reads it.
fn unzipped(folder: &TempDir) -> PathBuf {
    let app = folder.path().join("app");
    ZipArchive::new(File::open(packaged(folder).archive).unwrap()).unwrap().extract(&app).unwrap();
    app
}

#[test]
fn the_host_takes_the_package() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(host_rules::problems(&unzipped(&folder)).unwrap(), [""; 0]);
}

#[test]
fn the_package_holds_the_app_in_order_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let archive = ZipArchive::new(File::open(packaged(&folder).archive).unwrap()).unwrap();
    let names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.is_sorted(), "{names:?}");
    let functions = fs::read_dir(Path::new(ROOT).join("functions")).unwrap().map(|entry| entry.unwrap());
    let functions = functions.filter(|entry| entry.path().join("function.json").is_file());
    let mut expected: BTreeSet<_> =
        functions.map(|entry| format!("{}/function.json", entry.file_name().display())).collect();
    assert!(expected.len() >= 3, "{expected:?}");
    expected.extend(["archivist", "archivist.yaml", "host.json"].map(str::to_owned));
    assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn queue_triggers_name_the_queues_that_the_archivist_knows() {
    let folder = tempfile::tempdir().unwrap();
    let app = unzipped(&folder);
    let mut queues = BTreeSet::new();
    for function in fs::read_dir(app).unwrap().map(|entry| entry.unwrap().path().join("function.json")) {
        let Ok(text) = fs::read(function) else { continue };
        let function: serde_json::Value = serde_json::from_slice(&text).unwrap();
        queues.extend(function["bindings"][0]["queueName"].as_str().map(str::to_owned));
    }
    assert_eq!(
        queues.into_iter().collect::<Vec<_>>(),
        ["audit-log-events", "hashes", "notifications", "recording-events", "resource-events"]
    );
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let [one, other] = [(); 2].map(|()| {
        let folder = tempfile::tempdir().unwrap();
        fs::read(packaged(&folder).archive).unwrap()
    });
    assert!(one == other);
}

#[test]
fn an_oversized_zip_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let package = packaged(&folder);
    within(package.archive_size, &package).unwrap();
    let refused = within(package.archive_size - 1, &package).unwrap_err().to_string();
    assert!(refused.contains("archivist.zip") && refused.contains("and may have"), "{refused}");
}

#[test]
fn the_package_contains_no_build_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = ZipArchive::new(File::open(packaged(&folder).archive).unwrap()).unwrap();
    for index in 0..archive.len() {
        assert_eq!(archive.by_index(index).unwrap().last_modified(), Some(DateTime::DEFAULT));
    }
}

#[test]
fn an_earlier_package_is_replaced_and_anything_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    packaged(&folder);
    let stale = folder.path().join("dist/gone/function.json");
    fs::create_dir(stale.parent().unwrap()).unwrap();
    fs::write(&stale, "{}").unwrap();
    packaged(&folder);
    assert!(!stale.exists());

    let mine = folder.path().join("mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("letter.txt"), "").unwrap();
    assert!(assemble(&folder.path().join("stand-in"), &mine, Effort::Quick).is_err());
    assert!(mine.join("letter.txt").is_file());
}

#[test]
fn the_starter_configuration_is_read_without_a_problem() {
    let text = fs::read_to_string(Path::new(ROOT).join("infra/archivist.yaml")).unwrap();
    let app_setting = |name: &str| {
        let value = match name {
            "BASTION_NAME" => "bas-hub-01",
            "BASTION_RESOURCE_ID" => {
                "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01"
            }
            "RECORDINGS_ACCOUNT_URL" => "https://stbastionrec01.blob.core.windows.net/",
            "RECORDINGS_CONTAINER" => "recordings",
            "AUDIT_ACCOUNT_URL" => "https://staudit01.blob.core.windows.net/",
            "EVENT_SOURCE" => "/bastion-archivist/func-archivist-x",
            "SIEM_URL" => "https://siem.example/hook",
            "SIEM_SECRET" => "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            _ => return None,
        };
        Some(value.to_owned())
    };
    configuration::read("archivist.yaml", &text, &app_setting).unwrap();
    let with_all = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(key) if key.starts_with(' ') || key.ends_with(':') => key,
        _ => line,
    });
    let with_all = configuration::read("archivist.yaml", &with_all.collect::<Vec<_>>().join("\n"), &app_setting);
    assert_eq!(with_all.unwrap().channels.len(), 1);
}

/// Returns the problems of a sound app after `spoil` has changed it.
fn found_after(spoil: impl FnOnce(&Path)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let app = unzipped(&folder);
    spoil(&app);
    host_rules::problems(&app).unwrap()
}

/// Returns the problems after replacing a text in `host.json`.
fn found_with_host(text: &str, other: &str) -> Vec<String> {
    found_after(|app| replace(&app.join("host.json"), text, other))
}

fn replace(path: &Path, text: &str, other: &str) {
    let before = fs::read_to_string(path).unwrap();
    assert!(before.contains(text));
    fs::write(path, before.replace(text, other)).unwrap();
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_host_that_would_not_start_is_found() {
    assert_eq!(found_with_host("\"2.0\"", "2.0"), ["host.json: \"version\" is not the text \"2.0\""]);
    assert_eq!(found_with_host("extensionBundle", "bundle").len(), 1);
    assert_eq!(found_with_host("\"archivist\"", "\"Archivist\""), ["Archivist: missing, and host.json starts it"]);
    assert_eq!(found_with_host("\"archivist\"", "\"/archivist\"").len(), 1);
    assert_eq!(found_with_host("defaultExecutablePath", "executable").len(), 1);
    assert_eq!(found_after(|app| set_mode(&app.join("archivist"), 0o644)), ["archivist: cannot be run"]);
}

#[test]
fn a_function_that_would_be_passed_over_is_found() {
    let sweep = |app: &Path| app.join("join_sweep/function.json");
    let landed = |app: &Path| app.join("recording_landed/function.json");
    assert_eq!(found_after(|app| replace(&sweep(app), "\"timer\"", "\"my_timer\"")).len(), 1);
    assert_eq!(found_after(|app| replace(&sweep(app), "{\n  \"b", "{\n  \"scriptFile\": \"x\",\n  \"b")).len(), 1);
    assert_eq!(found_after(|app| replace(&landed(app), "recording-events", "Recording_Events")).len(), 1);
    assert_eq!(found_after(|app| fs::write(app.join("join_sweep/mod.rs"), "").unwrap()).len(), 1);
    assert_eq!(found_after(|app| fs::rename(app.join("join_sweep"), app.join("host")).unwrap()).len(), 1);
    assert_eq!(found_after(|app| fs::rename(sweep(app), app.join("join_sweep/x.json")).unwrap()).len(), 2);
}

#[test]
fn a_function_a_level_too_deep_is_found() {
    let found = found_after(|app| {
        fs::create_dir(app.join("more")).unwrap();
        fs::rename(app.join("join_sweep"), app.join("more/join_sweep")).unwrap();
    });
    assert!(found.contains(&"more: holds more than function.json".to_owned()), "{found:?}");
}

#[test]
fn a_file_that_the_hosts_user_cannot_read_is_found() {
    assert_eq!(
        found_after(|app| set_mode(&app.join("archivist.yaml"), 0o600)),
        ["archivist.yaml: not readable by all"]
    );
}
