//! Rules for audit logs: separate from recordings, with an identifiable bastion per record.

use std::collections::HashMap;

use domain::address::ContainerAddress;
use domain::cloud::ExtraSuffixes;

use super::{First, account, text};
use crate::configuration::AUDIT_LOGS;
use crate::findings::Findings;
use crate::tree::ConfigurationNode;

/// Containers with audit logs, each with the number of bastions that write into it.
pub struct AuditContainers<'e> {
    count: HashMap<String, usize>,
    extra: &'e ExtraSuffixes,
}

impl<'e> AuditContainers<'e> {
    /// Collects the containers of `bastions`.
    pub fn collect(bastions: &ConfigurationNode, extra: &'e ExtraSuffixes) -> Self {
        let mut count = HashMap::new();
        for container in bastions.items().iter().filter_map(|bastion| address(bastion, extra)) {
            *count.entry(container.to_string()).or_default() += 1;
        }
        Self { count, extra }
    }

    /// Host suffixes used to parse addresses.
    pub fn extra(&self) -> &'e ExtraSuffixes {
        self.extra
    }

    /// Returns true if another bastion writes its audit log into the same container.
    pub fn is_shared_by(&self, bastion: &ConfigurationNode) -> bool {
        address(bastion, self.extra)
            .and_then(|container| self.count.get(&container.to_string()))
            .is_some_and(|count| *count > 1)
    }
}

/// Reports audit logs in a container of recordings. Storage events are the same for both, so only the
/// container distinguishes them.
pub fn check_apart(bastions: &ConfigurationNode, recordings: &First, extra: &ExtraSuffixes, findings: &mut Findings) {
    for (at, bastion) in bastions.items().iter().enumerate() {
        let (Some(node), Some(container)) = (bastion.get("audit_logs"), address(bastion, extra)) else {
            continue;
        };
        if let Some(first) = recordings.place(&container.to_string()) {
            let what = format!("is the container of recordings in line {}", first.line);
            let remedy = "write the container that the bastion's diagnostic setting writes into";
            findings.add(node.place, &format!("bastions[{at}].audit_logs"), what, remedy);
        }
    }
}

/// Returns the container of a bastion's audit log. `None` also if its problem is already reported.
fn address(bastion: &ConfigurationNode, extra: &ExtraSuffixes) -> Option<ContainerAddress> {
    let audit_logs = bastion.get("audit_logs")?;
    let container = match audit_logs.get("container") {
        Some(_) => text(audit_logs, "container")?.0,
        None => AUDIT_LOGS,
    };
    ContainerAddress::parse(account(audit_logs, extra)?.account().as_str(), container).ok()
}
