//! `archivist init`, against a management API on a loopback port.

mod again;
mod api;
mod estate;
mod large;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::Parser;
use cli::{InitArgs, InitContext, run_init};
use configuration::AppPlace;
use domain::cloud::Cloud;
use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;
use wiring::settings::AppSettingNames;

use crate::line::{PIPED, Ran, wide, words};
use api::FakeApi;
use estate::{FakeBastion, FakeEstate, account_id, bastion_id, subscription};

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    args: InitArgs,
}

/// Runs the command in a folder.
fn run_wide(api: &FakeApi, folder: &Path, arguments: &str, width: Option<u16>) -> Ran {
    let (settings, _) = AppSettingNames::read(BTreeMap::new());
    let args = Line::try_parse_from(words(arguments)).unwrap().args;
    let (mut out, mut err, client) = (Vec::new(), Vec::new(), api.client());
    let config = folder.join("archivist.yaml");
    let mut context = InitContext {
        discovery: &client,
        settings: &settings,
        cloud: Cloud::Public,
        config: &config,
        today: "2026-03-03".parse().unwrap(),
        terminal: width.map_or(PIPED, wide),
        out: &mut out,
        err: &mut err,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ran = runtime.block_on(run_init(&args, &mut context));
    let code = ran.map_or_else(
        |error| {
            err.extend_from_slice(format!("error: {error}\n").as_bytes());
            error.exit().code()
        },
        cli::Exit::code,
    );
    let text = |bytes| String::from_utf8(bytes).unwrap().replace(folder.to_str().unwrap(), ".");
    Ran { code, out: text(out), err: text(err) }
}

fn run(api: &FakeApi, folder: &Path, arguments: &str) -> Ran {
    run_wide(api, folder, arguments, None)
}

fn file(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// Checks a file as `archivist config check` does.
fn check(text: &str) -> configuration::Configuration {
    let checked = configuration::check("archivist.yaml", text, AppPlace::AsSet, &|_| None);
    let configuration = checked.configuration.map_err(|problems| problems.to_string()).unwrap();
    let (settings, _) = AppSettingNames::read(BTreeMap::new());
    wiring::accepts(&configuration, &settings).map_err(|error| error.message()).unwrap();
    configuration
}

/// Bastions with every kind of trouble.
fn troubled() -> FakeEstate {
    let (rec1, rec2) = (account_id(1, "rg-hub", "strec01"), account_id(2, "rg-logs", "strec02"));
    let (audit1, audit2) = (account_id(2, "rg-logs", "staudit1"), account_id(2, "rg-logs", "staudit2"));
    let hub = FakeBastion::recording(&bastion_id(1, "rg-hub", "bas-hub"), &rec1, "recordings");
    let standard = FakeBastion { sku: "Standard", records: false, container: None, logs: vec![], ..hub.clone() };
    let dmz = FakeBastion::recording(&bastion_id(2, "RG-DMZ", "BAS-DMZ"), &rec2, "dmz");
    FakeEstate {
        bastions: vec![
            hub.clone(),
            FakeBastion { id: bastion_id(1, "rg-hub", "bas-standard"), ..standard.clone() },
            FakeBastion { id: bastion_id(1, "rg-hub", "bas-off"), sku: "Premium", ..standard },
            FakeBastion {
                logs: vec![audit2.to_uppercase().replace("/SUBSCRIPTIONS", "/subscriptions"), audit1.clone()],
                ..dmz.clone()
            },
            FakeBastion { id: bastion_id(2, "rg-x", "bas-sas"), container: None, ..dmz.clone() },
            FakeBastion {
                id: bastion_id(2, "rg-x", "Bas-Hub"),
                container: Some("https://strec02.blob.core.windows.net/second".to_owned()),
                is_forbidden: true,
                ..dmz
            },
        ],
        accounts: vec![
            (rec1.clone(), "westeurope"),
            (rec2, "northeurope"),
            (audit1, "westeurope"),
            (audit2, "westeurope"),
        ],
        topics: vec![(
            format!(
                "/subscriptions/{}/resourceGroups/rg-hub/providers/Microsoft.EventGrid/systemTopics/defender",
                subscription(1)
            ),
            rec1.to_lowercase(),
        )],
        ..FakeEstate::with_bastions(Vec::new())
    }
}

#[test]
fn a_dry_run_shows_what_it_would_write_and_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run_wide(&FakeApi::for_estate(troubled()), folder.path(), "", Some(80));
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.out.clone() + &ran.err);
    let table = ran.out.split("\n\n").next().unwrap();
    assert!(table.lines().all(|line| line.chars().count() <= 80));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_written_file_passes_the_check_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&FakeApi::for_estate(troubled()), folder.path(), "--write");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let configuration = check(&file(&folder, "archivist.yaml"));
    let names: Vec<&str> = configuration.bastions.iter().map(|bastion| bastion.name.as_str()).collect();
    assert_eq!(names, ["bas-hub", "BAS-DMZ", "Bas-Hub-rg-x"]);
    assert!(configuration.bastions.iter().all(|bastion| bastion.writes_with_identity));
    assert_eq!(configuration.bastions[2].audit_logs, None, "settings that may not be read are not known");
    let parameters: Value = serde_json::from_str(&file(&folder, "bastions.json")).unwrap();
    assert_eq!(parameters["bastions"].as_array().unwrap().len(), 3);
    assert_eq!(parameters["bastions"][1]["auditAccountId"], account_id(2, "rg-logs", "staudit1"));
    assert_eq!(parameters["topicNames"]["strec01"], "defender");
}

#[test]
fn pages_and_throttling_do_not_lose_a_bastion() {
    let folder = tempfile::tempdir().unwrap();
    let api = FakeApi::for_estate(FakeEstate { page: 2, throttled: 3, ..troubled() });
    let ran = run(&api, folder.path(), "--json");
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["bastions"].as_array().unwrap().len(), 6);
    let pages = api.asked().iter().filter(|line| line.starts_with("POST ")).count();
    assert_eq!(pages, 3 + 3 + 2 + 1, "three tries, three pages of bastions, two of accounts, one of topics");
}

#[test]
fn one_subscription_can_be_searched() {
    let folder = tempfile::tempdir().unwrap();
    let ran =
        run(&FakeApi::for_estate(troubled()), folder.path(), &format!("--subscription {} --json", subscription(1)));
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let all = document["bastions"].as_array().unwrap();
    assert!(all.iter().all(|one| one["resource_id"].as_str().unwrap().contains(&subscription(1))) && all.len() == 3);
}

#[test]
fn a_cloud_without_the_newest_version_is_asked_with_an_older_one() {
    for unregistered in
        [(400, "NoRegisteredProviderFound"), (400, "InvalidApiVersionParameter"), (404, "InvalidResourceType")]
    {
        let folder = tempfile::tempdir().unwrap();
        let api = FakeApi::for_estate(FakeEstate { unregistered: Some(unregistered), ..troubled() });
        let ran = run(&api, folder.path(), "--json");
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        let hub = &document["bastions"][0];
        assert_eq!((hub["sku"].as_str(), hub["change"].as_str()), (Some("Premium"), Some("left_out")), "{hub}");
        assert_eq!(hub["notes"][0]["unknown"], true, "the container is not known, which is no finding of its own");
        assert!(api.asked().iter().any(|line| line.ends_with("/bastionHosts/bas-hub?api-version=2025-05-01")));
    }
}

#[test]
fn a_container_that_a_bastion_does_not_show_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let url = "https://strec02.blob.core.windows.net/sas";
    let ran = run(&FakeApi::for_estate(troubled()), folder.path(), &format!("--write --recordings BAS-SAS={url}"));
    assert!(!ran.out.contains("does not show where it records"), "{}", ran.out);
    let configuration = check(&file(&folder, "archivist.yaml"));
    let sas = configuration.bastions.iter().find(|bastion| bastion.name.as_str() == "bas-sas").unwrap();
    assert!(!sas.writes_with_identity && sas.recordings[0].container.as_str() == "sas");
    let wrong = run(&FakeApi::for_estate(troubled()), folder.path(), "--recordings bas-sas=https://example.com/x");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("is no container"), "{}", wrong.err);
}

#[test]
fn two_bastions_of_one_container_are_not_both_written() {
    let folder = tempfile::tempdir().unwrap();
    let account = account_id(1, "rg", "strec01");
    let bastion = |name: &str| FakeBastion::recording(&bastion_id(1, "rg", name), &account, "recordings");
    let ran = run(
        &FakeApi::for_estate(FakeEstate::with_bastions(vec![bastion("bas-1"), bastion("bas-2")])),
        folder.path(),
        "--write",
    );
    assert!(ran.out.contains("bas-1 records into the same container"), "{}", ran.out);
    assert_eq!(check(&file(&folder, "archivist.yaml")).bastions.len(), 1);
}
