//! The second run: comparison with the file, and its edits.

use std::fs;

use super::api::FakeApi;
use super::estate::{FakeBastion, FakeEstate, account_id, bastion_id};
use super::{check, file, run};

/// A file with comments, an earlier container and settings of a person.
fn written() -> String {
    format!(
        "# Ours.\nversion: 1\nbastions:\n  # the hub\n  - name: hub        # short\n    resource_id: {}\n    recordings:\n      account_url: https://strec01.blob.core.windows.net   # old account\n      container: recordings\n    recording_access: {{ sas_expires: 2027-01-31 }}\n  - name: gone\n    resource_id: {}\n    recordings: {{ account_url: \"https://strec01.blob.core.windows.net\", container: gone }}\n\n# Policy.\nmatching:\n  lead: 30   # decided in May\n",
        bastion_id(1, "RG-HUB", "BAS-HUB"),
        bastion_id(1, "rg-hub", "bas-gone"),
    )
}

fn estate(container: &str) -> FakeEstate {
    let account = account_id(1, "rg-hub", "strec01");
    let hub = FakeBastion::recording(&bastion_id(1, "rg-hub", "bas-hub"), &account, container);
    let new = FakeBastion::recording(&bastion_id(1, "rg-hub", "bas-new"), &account, "new");
    FakeEstate { accounts: vec![(account, "westeurope")], ..FakeEstate::with_bastions(vec![hub, new]) }
}

#[test]
fn an_existing_file_is_changed_only_on_request() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("archivist.yaml"), written()).unwrap();
    let ran = run(&FakeApi::for_estate(estate("recordings")), folder.path(), "--write");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("add --update") && ran.err.contains("Nothing was written"), "{}", ran.err);
    assert_eq!(file(&folder, "archivist.yaml"), written());
    assert!(!folder.path().join("bastions.json").exists());
}

#[test]
fn an_update_keeps_every_other_line_and_comment() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("archivist.yaml"), written()).unwrap();
    let ran = run(&FakeApi::for_estate(estate("moved")), folder.path(), "--write --update");
    let text = file(&folder, "archivist.yaml");
    let kept = ["# Ours.", "  # the hub", "  - name: hub        # short", "# Policy.", "  lead: 30   # decided in May"];
    assert!(kept.iter().all(|line| text.lines().any(|other| other == *line)), "{text}");
    assert!(ran.out.contains("gone: in the file, but not visible"), "{}", ran.out);
    let configuration = check(&text);
    let names: Vec<&str> = configuration.bastions.iter().map(|bastion| bastion.name.as_str()).collect();
    assert_eq!(names, ["hub", "gone", "bas-new"]);
    let [now, earlier] = configuration.bastions[0].recordings.as_slice() else {
        panic!("{text}")
    };
    assert_eq!((now.container.as_str(), now.until), ("moved", None));
    assert_eq!(
        (earlier.container.as_str(), earlier.until.unwrap().to_string()),
        ("recordings", "2026-03-03".to_owned())
    );
    assert!(configuration.bastions[0].audit_logs.is_some() && configuration.bastions[0].writes_with_identity);
    assert!(!text.contains("sas_expires"), "the bastion shows its container, so it writes with its identity");
    let again = run(&FakeApi::for_estate(estate("moved")), folder.path(), "--write");
    assert_eq!(file(&folder, "archivist.yaml"), text, "{}", again.err);
    assert!(again.out.contains("archivist.yaml is up to date") && again.out.contains("bastions.json is up to date"));
}

#[test]
fn the_entry_of_the_template_makes_way_for_found_bastions() {
    let folder = tempfile::tempdir().unwrap();
    let template = include_str!("../../../../../infra/archivist.yaml");
    fs::write(folder.path().join("archivist.yaml"), template).unwrap();
    let output = format!("--output {} --update", folder.path().display());
    let ran = run(&FakeApi::for_estate(estate("recordings")), folder.path(), &output);
    let text = file(&folder, "archivist.yaml");
    assert!(!text.contains("${BASTION_NAME}") && text.contains("source: \"${EVENT_SOURCE}\""), "{text}{}", ran.err);
    assert!(text.contains("# Channels for notifications."), "{text}");
    assert_eq!(check(&text.replace("${EVENT_SOURCE}", "/x")).bastions.len(), 2);
}

#[test]
fn the_signature_of_a_bastion_that_shows_no_container_stays() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("archivist.yaml"), written()).unwrap();
    let mut estate = estate("recordings");
    estate.bastions[0].container = None;
    run(&FakeApi::for_estate(estate), folder.path(), "--write --update");
    assert!(file(&folder, "archivist.yaml").contains("recording_access: { sas_expires: 2027-01-31 }"));
}

#[test]
fn an_entry_in_brackets_is_left_to_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let id = bastion_id(1, "rg-hub", "bas-hub");
    let text = format!(
        "version: 1\nbastions:\n  - {{ name: hub, resource_id: {id}, recordings: {{ account_url: \"https://strec01.blob.core.windows.net\", container: old }} }}\n"
    );
    fs::write(folder.path().join("archivist.yaml"), &text).unwrap();
    let ran = run(&FakeApi::for_estate(estate("recordings")), folder.path(), "--write --update");
    assert_eq!((ran.code, file(&folder, "archivist.yaml")), (2, text));
    assert!(ran.err.contains("bastion hub in line 3 is in brackets"), "{}", ran.err);
}

#[test]
fn parameters_keep_their_order_and_spelling() {
    let folder = tempfile::tempdir().unwrap();
    run(&FakeApi::for_estate(estate("recordings")), folder.path(), "--write");
    let before = file(&folder, "bastions.json");
    let mut more = estate("recordings");
    let account = account_id(1, "rg-hub", "strec01");
    more.bastions.iter_mut().for_each(|one| one.id = one.id.replace("rg-hub", "RG-HUB"));
    more.bastions.insert(0, FakeBastion::recording(&bastion_id(1, "rg-a", "bas-a"), &account, "third"));
    run(&FakeApi::for_estate(more), folder.path(), "--write --update");
    let after = file(&folder, "bastions.json");
    let list =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["bastions"].as_array().unwrap().clone();
    assert_eq!(list(&after)[..2], list(&before));
    assert_eq!(list(&after)[2]["resourceId"], bastion_id(1, "rg-a", "bas-a"));
}

/// Account of the audit log of the only bastion in the file of parameters.
fn audit_account(folder: &tempfile::TempDir) -> String {
    let parameters: serde_json::Value = serde_json::from_str(&file(folder, "bastions.json")).unwrap();
    assert_eq!(parameters["bastions"].as_array().unwrap().len(), 1, "{parameters}");
    parameters["bastions"][0]["auditAccountId"].as_str().unwrap().to_owned()
}

#[test]
fn an_update_without_the_right_to_read_settings_keeps_the_audit_account() {
    let account = account_id(1, "rg-hub", "strec01");
    let hub = FakeBastion::recording(&bastion_id(1, "rg-hub", "bas-hub"), &account, "recordings");
    let of = |bastion: FakeBastion| {
        FakeApi::for_estate(FakeEstate {
            accounts: vec![(account.clone(), "westeurope")],
            ..FakeEstate::with_bastions(vec![bastion])
        })
    };
    let folder = tempfile::tempdir().unwrap();
    run(&of(hub.clone()), folder.path(), "--write");
    assert_eq!(audit_account(&folder), account);
    let (yaml, forbidden) = (file(&folder, "archivist.yaml"), FakeBastion { is_forbidden: true, ..hub.clone() });
    let ran = run(&of(forbidden.clone()), folder.path(), "--write --update");
    assert!(ran.out.contains("its diagnostic settings cannot be read"), "{}", ran.out);
    assert_eq!((audit_account(&folder), file(&folder, "archivist.yaml")), (account.clone(), yaml));
    run(&of(FakeBastion { logs: vec![], ..hub }), folder.path(), "--write --update");
    assert_eq!(audit_account(&folder), "", "the bastion has no audit log any more");
    let first = tempfile::tempdir().unwrap();
    run(&of(forbidden), first.path(), "--write");
    assert_eq!(audit_account(&first), "", "the template needs the key");
}

#[test]
fn the_topic_of_the_resource_group_of_an_audit_account_is_used() {
    let (account, logs) = (account_id(1, "rg-hub", "strec01"), account_id(2, "rg-logs", "staudit01"));
    let hub = FakeBastion {
        logs: vec![logs.clone()],
        ..FakeBastion::recording(&bastion_id(1, "rg-hub", "bas-hub"), &account, "recordings")
    };
    let group = logs.split("/providers/").next().unwrap().to_owned();
    let estate = FakeEstate {
        accounts: vec![(account, "westeurope"), (logs, "westeurope")],
        topics: vec![(format!("{group}/providers/Microsoft.EventGrid/systemTopics/changes"), group.clone())],
        ..FakeEstate::with_bastions(vec![hub])
    };
    let folder = tempfile::tempdir().unwrap();
    run(&FakeApi::for_estate(estate), folder.path(), "--write");
    let parameters: serde_json::Value = serde_json::from_str(&file(&folder, "bastions.json")).unwrap();
    let key = group.trim_start_matches("/subscriptions/").replace("resourceGroups/", "");
    assert_eq!(parameters["changeAlarmTopicNames"][&key], "changes", "{parameters}");
}
