//! Bastions, and where each of them writes.

use domain::address::{ContainerAddress, ContainerName};
use domain::estate::{self, BastionName};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::account_url::AccountUrl;

/// The container that Azure writes audit logs of bastions into, where nothing says otherwise.
pub(crate) const AUDIT_LOGS: &str = "insights-logs-bastionauditlogs";

/// A bastion, where it records and where it tells of its sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bastion {
    /// Its name, unique without regard to case.
    pub name: BastionName,
    /// Its resource id; `None` only where all that it writes is on this machine, and its audit log is its own.
    pub resource_id: Option<String>,
    /// The containers, in the order of the file; never empty.
    pub recordings: Vec<Recordings>,
    /// Where its audit log is. `None` where it is not read, so that nobody can be named.
    pub audit_logs: Option<AuditLogs>,
    /// The last day on which its access to its container is valid; `None` where it does not expire or nobody knows.
    pub access_expires: Option<Date>,
    /// Whether it writes with an identity of its own, which does not expire.
    pub writes_with_identity: bool,
}

/// A container that a bastion records into, now or earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recordings {
    /// The storage account.
    pub account_url: AccountUrl,
    /// The container; none of audit logs.
    pub container: ContainerName,
    /// The last day on which the bastion recorded into it; `None` for the present container.
    pub until: Option<Date>,
}

/// The container with a bastion's audit log. Several bastions may share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLogs {
    /// The storage account.
    pub account_url: AccountUrl,
    /// The container; none of recordings.
    pub container: ContainerName,
}

impl Bastion {
    /// From when on its access is not valid any more. At what time of its last day a signature ends is not known, so that
    /// day does not count against it.
    pub fn access_ends(&self) -> Option<Timestamp> {
        self.access_expires.and_then(|day| Some(day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp()))
    }

    /// The bastion as the domain knows it.
    pub(super) fn in_estate(&self) -> estate::Bastion {
        estate::Bastion {
            name: self.name.clone(),
            resource_id: self.resource_id.clone(),
            recordings: self.recordings.iter().map(Recordings::address).collect(),
            audit_logs: self.audit_logs.as_ref().map(AuditLogs::address),
            access_expires: self.access_ends(),
        }
    }

    /// The accounts that it writes into.
    pub(super) fn account_urls(&self) -> impl Iterator<Item = &AccountUrl> {
        let audit_logs = self.audit_logs.iter().map(|audit_logs| &audit_logs.account_url);
        self.recordings.iter().map(|recordings| &recordings.account_url).chain(audit_logs)
    }
}

impl Recordings {
    /// The container's address.
    pub fn address(&self) -> ContainerAddress {
        ContainerAddress { account: self.account_url.account().clone(), container: self.container.clone() }
    }
}

impl AuditLogs {
    /// The container's address.
    pub fn address(&self) -> ContainerAddress {
        ContainerAddress { account: self.account_url.account().clone(), container: self.container.clone() }
    }
}
