//! `archivist policy lifecycle --apply`.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::address::AccountName;
use domain::decide::posture::{MaybeKnown, ResourceId};
use domain::record::retention::Executor;
use insta::assert_snapshot;
use pipeline::ports::posture::Read;
use pipeline::ports::{LifecyclePolicies, LifecyclePolicy};
use serde_json::{Value, json};

use crate::desk::CliDesk;
use crate::line::refused;

const ID: &str =
    "/subscriptions/0000/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/stbastionrec01";

/// In-memory account with a lifecycle policy.
#[derive(Default)]
struct Account {
    is_elsewhere: bool,
    refuses: bool,
    /// Before this read, another writer stores the same rules again.
    is_written_before: Option<usize>,
    /// Changes to the written rules by the service.
    changes: Option<fn(&mut Value)>,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    rules: Option<Value>,
    version: u32,
    reads: usize,
    writes: usize,
}

impl Account {
    fn with(rules: &Value) -> Self {
        let now = Now { rules: Some(rules.clone()), ..Now::default() };
        Self { now: Mutex::new(now), ..Self::default() }
    }

    fn writes(&self) -> usize {
        self.now.lock().unwrap().writes
    }

    fn names(&self) -> Vec<String> {
        let rules = self.now.lock().unwrap().rules.clone().unwrap_or(json!([]));
        rules.as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[async_trait]
impl LifecyclePolicies for Account {
    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<ResourceId>> {
        assert_eq!((name.as_str(), beside.subscription()), ("stbastionrec01", "0000"));
        Ok(MaybeKnown::Read(if self.is_elsewhere { None } else { ResourceId::parse(ID) }))
    }

    async fn read(&self, account: &ResourceId) -> Read<Option<LifecyclePolicy>> {
        assert_eq!(account.as_str(), ID);
        let mut now = self.now.lock().unwrap();
        now.reads += 1;
        if self.is_written_before == Some(now.reads) {
            now.version += 1;
        }
        let modified_at = format!("2026-03-02T09:00:0{}Z", now.version);
        Ok(MaybeKnown::Read(now.rules.clone().map(|rules| LifecyclePolicy {
            document: json!({ "id": "x", "properties": { "lastModifiedTime": modified_at, "policy": { "rules": rules } } })
                .to_string(),
            modified_at: Some(modified_at),
        })))
    }

    async fn write(&self, account: &ResourceId, document: &str) -> Read<()> {
        assert_eq!(account.as_str(), ID);
        if self.refuses {
            return Ok(MaybeKnown::NotReadable("our identity may not".to_owned()));
        }
        let mut given: Value = serde_json::from_str(document).unwrap();
        let mut rules = given["properties"]["policy"]["rules"].take();
        if let Some(change) = self.changes {
            change(&mut rules);
        }
        let mut now = self.now.lock().unwrap();
        (now.rules, now.version, now.writes) = (Some(rules), now.version + 1, now.writes + 1);
        Ok(MaybeKnown::Read(()))
    }
}

fn desk(account: &Arc<Account>) -> CliDesk {
    let mut desk = CliDesk::with_recordings(&[]);
    desk.policy.executor = Executor::Lifecycle;
    desk.lifecycle = Some(account.clone());
    desk
}

fn others(name: &str) -> Value {
    json!({ "enabled": true, "name": name, "type": "Lifecycle", "definition": {
        "filters": { "blobTypes": ["appendBlob"] },
        "actions": { "baseBlob": { "delete": { "daysAfterModificationGreaterThan": 30 } } } } })
}

#[test]
fn a_confirmed_policy_is_written_beside_foreign_rules() {
    let theirs = others("logs");
    let old = others("archivist-tier-9-old");
    let account = Arc::new(Account::with(&json!([theirs, old])));
    let desk = desk(&account);
    let ran = desk.answering("policy lifecycle --apply", Some(true));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_snapshot!(ran.err, @"
    Write this as the lifecycle management policy of stbastionrec01?
    + archivist-delete-due is new
    - archivist-tier-9-old goes
    written, and verified by reading it back
    ");
    assert_eq!(account.names(), ["logs", "archivist-delete-due"]);
    assert_eq!(account.now.lock().unwrap().rules.as_ref().unwrap()[0], theirs);
    let shown: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(&shown["properties"]["policy"]["rules"], account.now.lock().unwrap().rules.as_ref().unwrap());
    // A second run changes nothing.
    let again = desk.run("policy lifecycle --apply");
    assert_eq!((again.code, again.err.as_str(), account.writes()), (0, "nothing changes\n", 1));
}

#[test]
fn an_account_without_a_policy_gets_one() {
    let account = Arc::<Account>::default();
    let ran = desk(&account).run("policy lifecycle --apply --yes");
    assert_eq!((ran.code, account.names().join(" ").as_str()), (0, "archivist-delete-due"), "{}", ran.err);
}

#[test]
fn a_policy_is_written_only_after_confirmation() {
    let account = Arc::<Account>::default();
    let ran = desk(&account).answering("policy lifecycle --apply", Some(false));
    assert_eq!((ran.code, account.writes()), (1, 0));
    assert!(ran.err.ends_with("nothing was written\n"), "{}", ran.err);
    let ran = desk(&account).run("policy lifecycle --apply");
    assert_eq!((ran.code, account.writes()), (2, 0));
    assert!(ran.err.contains("add --yes"), "{}", ran.err);
}

#[test]
fn a_concurrent_change_is_not_overwritten() {
    let account = Arc::new(Account { is_written_before: Some(2), ..Account::with(&json!([others("logs")])) });
    let ran = desk(&account).run("policy lifecycle --apply --yes");
    assert_eq!((ran.code, account.writes()), (1, 0));
    assert_snapshot!(ran.err, @"
    + archivist-delete-due is new
    the account's policy was changed in the meantime. Nothing was written: repeat the command to see the changes
    ");
    // The same command reads the new policy.
    assert_eq!(desk(&account).run("policy lifecycle --apply --yes").code, 0);
}

#[test]
fn a_policy_read_back_differently_is_reported_by_rule_names() {
    let enable: fn(&mut Value) = |rules| rules[0]["enabled"] = json!(false);
    let account = Arc::new(Account { changes: Some(enable), ..Account::default() });
    let ran = desk(&account).run("policy lifecycle --apply --yes");
    assert_eq!((ran.code, account.writes()), (1, 1));
    assert_snapshot!(ran.err, @"
    + archivist-delete-due is new
    written, but the account's policy now differs in the rules archivist-delete-due
    ");
}

#[test]
fn a_normalised_policy_counts_as_equal() {
    let respell: fn(&mut Value) = |rules| {
        rules[0]["definition"]["actions"]["snapshot"] = Value::Null;
        rules[0]["definition"]["actions"]["baseBlob"]["delete"]["daysAfterModificationGreaterThan"] = json!(0.0);
    };
    let account = Arc::new(Account { changes: Some(respell), ..Account::default() });
    let ran = desk(&account).run("policy lifecycle --apply --yes");
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn a_forbidden_policy_write_is_reported() {
    let account = Arc::new(Account { refuses: true, ..Account::default() });
    let ran = desk(&account).run("policy lifecycle --apply --yes");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("not written, because our identity may not"), "{}", ran.err);
}

#[test]
fn a_policy_over_the_platform_limits_is_not_written() {
    let rules: Vec<Value> = (0..100).map(|at| others(&format!("r{at}"))).collect();
    let account = Arc::new(Account::with(&json!(rules)));
    let ran = desk(&account).run("policy lifecycle --apply --yes");
    assert_eq!((ran.code, account.writes()), (2, 0));
    for filter in ["prefixMatch", "blobIndexMatch"] {
        let mut rule = others("wide");
        rule["definition"]["filters"][filter] = json!(vec!["x"; 11]);
        let account = Arc::new(Account::with(&json!([rule])));
        let ran = desk(&account).run("policy lifecycle --apply --yes");
        assert_eq!((ran.code, account.writes()), (2, 0), "{filter}");
        assert!(ran.err.contains("at most 10 prefixes and 10 conditions on tags, and wide has"), "{}", ran.err);
    }
}

#[test]
fn the_last_rule_is_not_removed() {
    let account = Arc::new(Account::with(&json!([others("archivist-old")])));
    let mut desk = desk(&account);
    desk.policy.executor = Executor::Archivist;
    let ran = desk.run("policy lifecycle --apply --yes");
    assert_eq!((ran.code, account.writes()), (2, 0));
    assert!(ran.err.contains("az storage account management-policy delete"), "{}", ran.err);
}

#[test]
fn an_account_that_cannot_be_found_or_read_is_reported() {
    let account = Arc::new(Account { is_elsewhere: true, ..Account::default() });
    let mut desk = desk(&account);
    let ran = desk.run("policy lifecycle --apply --yes");
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.err, @"the account stbastionrec01 is not visible in subscription 0000");
    desk.lifecycle = None;
    assert_eq!(desk.run("policy lifecycle --apply --yes").code, 2);
}

#[test]
fn a_current_policy_comes_from_account_or_file_and_not_both() {
    assert_eq!(refused("policy lifecycle --apply --current c.json").0, 2);
    assert_eq!(refused("policy lifecycle --yes").0, 2);
}
