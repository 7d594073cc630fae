//! 40 bastions in 6 subscriptions, with several accounts and regions.

use serde_json::Value;

use super::api::FakeApi;
use super::estate::{FakeBastion, FakeEstate, account_id, bastion_id};
use super::{check, file, run};

const REGIONS: [&str; 3] = ["westeurope", "northeurope", "germanywestcentral"];

/// Recordings go to ten accounts, audit logs to one account for each region.
fn estate(count: usize) -> FakeEstate {
    let recorded = |n: usize| account_id(n % 6, "rg-recordings", &format!("strec{:02}", n % 10 + n % 6 * 10));
    let logged = |n: usize| account_id(0, "rg-logs", &format!("staudit{}", n % 3));
    let bastion = |n: usize| FakeBastion {
        region: REGIONS[n % 3],
        logs: vec![logged(n)],
        ..FakeBastion::recording(
            &bastion_id(n % 6, &format!("rg-hub-{n:02}"), &format!("bas-{n:02}")),
            &recorded(n),
            &format!("bastion-{n:02}"),
        )
    };
    let mut accounts: Vec<_> =
        (0..count).flat_map(|n| [(recorded(n), REGIONS[n % 3]), (logged(n), REGIONS[n % 3])]).collect();
    accounts.sort();
    accounts.dedup_by(|one, other| one.0 == other.0);
    FakeEstate { accounts, page: 15, ..FakeEstate::with_bastions((0..count).map(bastion).collect()) }
}

#[test]
fn forty_bastions_are_written_within_the_limits_of_azure() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&FakeApi::for_estate(estate(40)), folder.path(), "--write");
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (0, "10 of 40 bastions read\n20 of 40 bastions read\n30 of 40 bastions read\n40 of 40 bastions read\n")
    );
    assert_eq!(check(&file(&folder, "archivist.yaml")).bastions.len(), 40);
    insta::assert_snapshot!(ran.out.split("\n\n").nth(1).unwrap());
}

#[test]
fn another_bastion_changes_only_its_own_lines() {
    let folder = tempfile::tempdir().unwrap();
    run(&FakeApi::for_estate(estate(40)), folder.path(), "--write");
    let before = ["archivist.yaml", "bastions.json"].map(|name| file(&folder, name));
    assert_eq!(run(&FakeApi::for_estate(estate(41)), folder.path(), "--write --update").code, 0);
    assert!(file(&folder, "archivist.yaml").starts_with(&before[0]));
    let entries = |text: &str| serde_json::from_str::<Value>(text).unwrap()["bastions"].as_array().unwrap().clone();
    let after = entries(&file(&folder, "bastions.json"));
    assert_eq!((after.len(), &after[..40]), (41, &entries(&before[1])[..]));
}

#[test]
fn beyond_a_limit_the_output_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let id = |n: usize| account_id(1, "rg", &format!("strec{n:03}"));
    let bastion = |n: usize| FakeBastion::recording(&bastion_id(1, "rg", &format!("bas-{n:03}")), &id(n), "recordings");
    let accounts = (0..150).map(|n| (id(n), "westeurope")).collect();
    let ran = run(
        &FakeApi::for_estate(FakeEstate { accounts, ..FakeEstate::with_bastions((0..150).map(bastion).collect()) }),
        folder.path(),
        "--json",
    );
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let topics = &document["limits"][0];
    assert_eq!((ran.code, &topics["used"], &topics["limit"]), (1, &Value::from(150), &Value::from(100)));
    assert!(topics["fix"].as_str().unwrap().contains("second environment"));
}
