//! Rule for `recording_access`: exactly one key.

use crate::findings::Findings;
use crate::tree::{ConfigurationNode, Content};

/// Reports an access that has both or neither of `sas_expires` and `managed_identity`.
pub fn check(bastion: &ConfigurationNode, path: &str, findings: &mut Findings) {
    let Some(access) = bastion.get("recording_access") else { return };
    if !matches!(access.content, Content::Map(_)) {
        return;
    }
    let what = match (access.get("sas_expires"), access.get("managed_identity")) {
        (Some(_), Some(_)) => "has both sas_expires and managed_identity",
        (None, None) => "has neither sas_expires nor managed_identity",
        _ => return,
    };
    let remedy = "write sas_expires: DATE for a shared access signature, or managed_identity: true";
    findings.add(access.place, &format!("{path}.recording_access"), what, remedy);
}
