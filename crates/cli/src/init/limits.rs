//! Counts the resources of a deployment against Azure's limits.

use std::collections::{BTreeMap, BTreeSet};

use domain::decide::posture::{MaybeKnown, ResourceId};
use serde_json::Value;

use super::parameters::group;
use super::survey::Survey;

/// Highest use of a limited resource.
pub(super) struct Count {
    pub what: &'static str,
    /// Subscription, topic or deployment with the highest use.
    pub place: String,
    pub used: usize,
    pub limit: usize,
}

impl Count {
    pub(super) fn is_beyond(&self) -> bool {
        self.used > self.limit
    }
}

/// What to do beyond a limit.
pub(super) const BEYOND: &str = "deploy a second environment (azd env new) with a part of the bastions, each with its own archivist.yaml and bastions.json";

/// Documented for custom topics, for each subscription and region; taken for system topics, too.
const TOPICS: usize = 100;
const SUBSCRIPTIONS_OF_TOPIC: usize = 500;
const ROLE_ASSIGNMENTS: usize = 4_000;
/// Resources of a template, with every copy of a loop.
const RESOURCES: usize = 800;
/// Resources of `main.bicep` without those of a loop.
const FIXED: usize = 30;
/// Deployments of `estate.bicep` for each account: facts, topic, its rights, its alert, the right to read.
const PER_ACCOUNT: usize = 5;

/// Counts for the parameters, with one principal; each of `operators` adds as many role assignments as the app.
pub(super) fn counts(parameters: &Value, survey: &Survey) -> Vec<Count> {
    let all: Vec<&Value> = parameters["bastions"].as_array().into_iter().flatten().collect();
    let id = |entry: &Value, name: &str| entry[name].as_str().and_then(ResourceId::parse);
    let (mut containers, mut groups) = (BTreeSet::new(), BTreeSet::new());
    let mut assignments: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &all {
        let Some(bastion) = id(entry, "resourceId") else { continue };
        // Reader, and the list of sessions.
        *assignments.entry(subscription(&bastion)).or_default() += 2;
        groups.insert(group(&bastion));
        if let Some(account) = id(entry, "recordingsAccountId") {
            groups.insert(group(&account));
            containers.insert((lower(&account), entry["recordingsContainer"].as_str().unwrap_or_default().to_owned()));
        }
        if let Some(account) = id(entry, "auditAccountId") {
            groups.insert(group(&account));
            containers.insert((lower(&account), "insights-logs".to_owned()));
        }
    }
    let accounts: BTreeSet<&String> = containers.iter().map(|(account, _)| account).collect();
    let (mut topics, mut of_topic): (BTreeMap<String, usize>, BTreeMap<String, usize>) = Default::default();
    for account in &accounts {
        let Some(account) = ResourceId::parse(account) else { continue };
        *topics.entry(format!("{} {}", subscription(&account), region(survey, &account))).or_default() += 1;
        // Reader of the account and of its topic.
        *assignments.entry(subscription(&account)).or_default() += 2;
    }
    for (account, _) in &containers {
        *of_topic.entry(account.clone()).or_default() += 1;
        if let Some(account) = ResourceId::parse(account) {
            *assignments.entry(subscription(&account)).or_default() += 1;
        }
    }
    for group in &groups {
        let of = group.split('/').next().unwrap_or_default();
        *topics.entry(format!("{of} global")).or_default() += 1;
    }
    let resources = FIXED + PER_ACCOUNT * accounts.len() + containers.len() + groups.len();
    let own = 3 * accounts.len() + 2 * groups.len() + FIXED;
    vec![
        highest("system topics of a subscription and region", topics, TOPICS),
        highest("event subscriptions of a topic", of_topic, SUBSCRIPTIONS_OF_TOPIC),
        highest("role assignments of a subscription with bastions", assignments, ROLE_ASSIGNMENTS),
        Count {
            what: "role assignments of our subscription",
            place: String::new(),
            used: own,
            limit: ROLE_ASSIGNMENTS,
        },
        Count {
            what: "resources of a template",
            place: "infra/modules/estate.bicep".to_owned(),
            used: resources,
            limit: RESOURCES,
        },
    ]
}

fn highest(what: &'static str, uses: BTreeMap<String, usize>, limit: usize) -> Count {
    let (place, used) = uses.into_iter().max_by_key(|(_, used)| *used).unwrap_or_default();
    Count { what, place, used, limit }
}

fn region(survey: &Survey, account: &ResourceId) -> String {
    let MaybeKnown::Read(all) = &survey.accounts else { return String::new() };
    all.iter().find(|one| one.id == *account).map(|one| one.location.clone()).unwrap_or_default()
}

fn subscription(id: &ResourceId) -> String {
    id.subscription().to_ascii_lowercase()
}

fn lower(id: &ResourceId) -> String {
    id.as_str().to_ascii_lowercase()
}
