//! Checks the path of the accesses of recordings to storage, which is optional.

use super::check::{Check, FactJudgement, good, information, unknown, warning};
use super::facts::{DiagnosticSetting, Watched};
use super::question::Question as Q;

/// Log categories with accesses of blobs, and the groups that include them all.
const CATEGORIES: [&str; 3] = ["StorageRead", "StorageWrite", "StorageDelete"];
const GROUPS: [&str; 2] = ["audit", "allLogs"];

/// Runs every check of the access log.
pub(super) fn checks(one: &Watched) -> Vec<Check> {
    let (name, of) = (one.expected.bastion.as_str(), one.expected.recordings.account.as_str());
    let Some(logs) = &one.expected.access_logs else {
        return vec![Q::AccessLogSetting.judged(name, without_logs(one, of))];
    };
    let to = logs.as_str();
    vec![Q::AccessLogSetting.check(name, one.access_log.as_ref(), |settings| setting(settings, of, to))]
}

impl DiagnosticSetting {
    /// Returns the categories with accesses that the setting exports, to any destination.
    fn sent_accesses(&self) -> Vec<&'static str> {
        let is = |names: &[String], wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        let has_all = GROUPS.iter().any(|group| is(&self.groups, group));
        CATEGORIES.into_iter().filter(|category| has_all || is(&self.categories, category)).collect()
    }
}

/// Judges a bastion without `access_logs`. A log that is written already only has to be named.
fn without_logs(one: &Watched, of: &str) -> FactJudgement {
    if one.expected.resource_id.is_none() {
        return unknown("the bastion has no resource id in archivist.yaml, like any bastion on this machine");
    }
    let written = one.access_log.read().into_iter().flatten();
    let mut accounts = written.filter(|setting| !setting.sent_accesses().is_empty()).filter_map(|setting| {
        let account = setting.account_name()?;
        Some((setting.name.as_str(), account))
    });
    match accounts.next() {
        Some((setting, account)) => information(
            format!(
                "setting {setting} sends accesses to {account}, but archivist.yaml has no access_logs of the bastion"
            ),
            format!("if accesses are to be known, write the account into access_logs of the bastion: {account}"),
        ),
        None => information(
            "archivist.yaml has no access_logs of the bastion, so nobody's access to its recordings is known; the log is optional",
            format!(
                "if accesses are to be known: {}; then write LOG_ACCOUNT into access_logs of the bastion",
                make(of, "LOG_ACCOUNT")
            ),
        ),
    }
}

fn setting(settings: &[DiagnosticSetting], of: &str, to: &str) -> FactJudgement {
    let make = make(of, to);
    let into = |setting: &&DiagnosticSetting| setting.account_name().as_deref() == Some(to);
    let sent = |setting: &DiagnosticSetting| setting.sent_accesses();
    let arriving: Vec<&str> = settings.iter().filter(into).flat_map(sent).collect();
    let missing: Vec<&str> = CATEGORIES.into_iter().filter(|category| !arriving.contains(category)).collect();
    if missing.is_empty() {
        return good(format!("{} come to {to}", CATEGORIES.join(", ")));
    }
    if !arriving.is_empty() {
        return warning(format!("no diagnostic setting sends {} to {to}", missing.join(", ")), make);
    }
    let mut elsewhere = settings.iter().filter(|setting| !sent(setting).is_empty());
    match elsewhere.find_map(|setting| Some((&setting.name, setting.account_name()?))) {
        Some((name, other)) => warning(
            format!("setting {name} sends accesses to {other}, but {to} is configured"),
            format!("change access_logs of the bastion in archivist.yaml, or: {make}"),
        ),
        None => warning(format!("no diagnostic setting sends the accesses of {of} to storage"), make),
    }
}

/// Returns the command that sends the accesses of the account `of` to the account `to`.
fn make(of: &str, to: &str) -> String {
    let id = |account: &str| format!("$(az storage account show --name {account} --query id --output tsv)");
    let logs = CATEGORIES.map(|category| format!("{{\"category\":\"{category}\",\"enabled\":true}}"));
    format!(
        "az monitor diagnostic-settings create --name archivist-accesses --resource {}/blobServices/default --storage-account {} --logs '[{}]'",
        id(of),
        id(to),
        logs.join(",")
    )
}
