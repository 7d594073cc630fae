//! Bastions and the containers that they write into.

use domain::address::{ContainerAddress, ContainerName};
use domain::record::accessor::KnownIdentities;
use domain::record::estate;
use domain::record::estate::BastionName;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::account_url::AccountUrl;

/// Default container of audit logs, as named by Azure.
pub(crate) const AUDIT_LOGS: &str = "insights-logs-bastionauditlogs";

/// A bastion, with the containers of its recordings and audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BastionSettings {
    /// Name, unique ignoring case.
    pub name: BastionName,
    /// Resource id. `None` only if all its data is on this machine and its audit log has its own container.
    pub resource_id: Option<String>,
    /// Containers with recordings, in the order of the file; never empty.
    pub recordings: Vec<RecordingContainer>,
    /// Container with its audit log. `None` if the log is not read, so no person can be named.
    pub audit_logs: Option<AuditLogs>,
    /// Resource logs of the accounts with its recordings. `None` if it is not known who accessed them.
    pub access_logs: Option<AccessLogSettings>,
    /// Last day on which its access to the container is valid. `None` if it does not expire or is unknown.
    pub access_expires: Option<Date>,
    /// True if it writes with a managed identity, which does not expire.
    pub writes_with_identity: bool,
}

/// A present or earlier container of a bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingContainer {
    /// Storage account.
    pub account_url: AccountUrl,
    /// Container; never one of audit logs.
    pub container: ContainerName,
    /// Last day on which the bastion recorded into it. `None` for the present container.
    pub until: Option<Date>,
}

/// The container with a bastion's audit log. Several bastions may share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLogs {
    /// Storage account.
    pub account_url: AccountUrl,
    /// Container; never one of recordings.
    pub container: ContainerName,
}

/// The account that receives the resource logs of the accounts with recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLogSettings {
    /// Storage account.
    pub account_url: AccountUrl,
    /// Object ids and client ids of the archivist.
    pub archivist_ids: Vec<String>,
    /// Object ids and client ids of the bastion.
    pub bastion_ids: Vec<String>,
}

impl BastionSettings {
    /// Returns the time at which its access ends. The day begins after the last valid day, because the time
    /// of day at which a signature ends is unknown.
    pub fn access_ends(&self) -> Option<Timestamp> {
        self.access_expires.and_then(|day| Some(day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp()))
    }

    /// Converts to the bastion of the domain.
    pub(super) fn in_estate(&self) -> estate::Bastion {
        estate::Bastion {
            name: self.name.clone(),
            resource_id: self.resource_id.clone(),
            recordings: self.recordings.iter().map(RecordingContainer::address).collect(),
            audit_logs: self.audit_logs.as_ref().map(AuditLogs::address),
            access_expires: self.access_ends(),
            access_logs: self.access_logs.as_ref().map(AccessLogSettings::in_estate),
        }
    }

    /// Returns the accounts that it writes into, to replace them.
    pub(super) fn account_urls_mut(&mut self) -> impl Iterator<Item = &mut AccountUrl> {
        let audit_logs = self.audit_logs.iter_mut().map(|audit_logs| &mut audit_logs.account_url);
        let access_logs = self.access_logs.iter_mut().map(|access_logs| &mut access_logs.account_url);
        self.recordings.iter_mut().map(|recordings| &mut recordings.account_url).chain(audit_logs).chain(access_logs)
    }

    /// Returns the accounts that it writes into.
    pub(super) fn account_urls(&self) -> impl Iterator<Item = &AccountUrl> {
        let audit_logs = self.audit_logs.iter().map(|audit_logs| &audit_logs.account_url);
        let access_logs = self.access_logs.iter().map(|access_logs| &access_logs.account_url);
        self.recordings.iter().map(|recordings| &recordings.account_url).chain(audit_logs).chain(access_logs)
    }
}

impl RecordingContainer {
    /// Returns the address of the container.
    pub fn address(&self) -> ContainerAddress {
        ContainerAddress { account: self.account_url.account().clone(), container: self.container.clone() }
    }
}

impl AccessLogSettings {
    fn in_estate(&self) -> estate::AccessLogs {
        let known = KnownIdentities { archivist: self.archivist_ids.clone(), bastion: self.bastion_ids.clone() };
        estate::AccessLogs { account: self.account_url.account().clone(), known }
    }
}

impl AuditLogs {
    /// Returns the address of the container.
    pub fn address(&self) -> ContainerAddress {
        ContainerAddress { account: self.account_url.account().clone(), container: self.container.clone() }
    }
}
