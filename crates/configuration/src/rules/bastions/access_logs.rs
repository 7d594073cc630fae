//! Rule for `access_logs`: another account than that of the recordings.

use domain::cloud::ExtraSuffixes;

use super::account;
use crate::findings::Findings;
use crate::tree::ConfigurationNode;

/// Reports access logs in an account with recordings of the bastion: the platform sends no log into the account that it
/// is about. Accounts on this machine have no such rule.
pub fn check(
    bastion: &ConfigurationNode,
    recordings: &[(String, &ConfigurationNode)],
    path: &str,
    extra: &ExtraSuffixes,
    findings: &mut Findings,
) {
    let Some(node) = bastion.get("access_logs") else { return };
    let Some(logs) = account(node, extra).filter(|url| !url.is_local()) else {
        return;
    };
    let mut accounts = recordings.iter().filter_map(|(_, node)| account(node, extra));
    if accounts.any(|of_recordings| of_recordings.account() == logs.account()) {
        let remedy = "write the account that the diagnostic setting of the recordings' account sends to, such as that of audit_logs";
        findings.add(node.place, &format!("{path}.access_logs"), "is the account of the recordings", remedy);
    }
}
