//! Classifies changes of Azure resources and rates their severity.

use jiff::Timestamp;
use strum::IntoStaticStr;

use super::check::{Check, CheckResult};
use super::facts::{ExpectedSetup, WriteAccess};
use super::question::{Group, Question as Q};
use super::resource::ResourceId;
use crate::named;
use crate::record::notification::Severity;

/// Kind of operation on a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceOperation {
    /// The resource was created or changed.
    Write,
    /// The resource was deleted.
    Delete,
    /// Another operation, such as a new key.
    Action,
}

/// Change of a resource, as reported by Azure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceChange {
    /// Id of the event; the same if it is delivered again.
    pub id: String,
    /// Changed resource.
    pub resource: ResourceId,
    /// Kind of operation.
    pub act: ResourceOperation,
    /// Name of the operation in Azure.
    pub operation: String,
    /// Time of the change.
    pub at: Timestamp,
    /// Author of the change: sign-in name, else object or application id.
    pub by: Option<String>,
    /// IP address of the author.
    pub from: Option<String>,
    /// Correlation id in the activity log.
    pub correlation: Option<String>,
}

/// Area of the setup affected by a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Concern {
    /// Bastion.
    Bastion,
    /// Signature with the bastion's write access.
    Signature,
    /// Destination of the bastion's logs.
    Diagnostics,
    /// Destination of the accesses of recordings.
    AccessLog,
    /// Storage account with recordings: network, settings, existence.
    Account,
    /// Account keys.
    Keys,
    /// Settings of the blob service, including CORS.
    BlobService,
    /// Container with recordings.
    Container,
    /// Lifecycle rules for deleting blobs.
    Lifecycle,
    /// Event subscriptions with us as destination.
    Events,
    /// Role assignments.
    Roles,
}

named!(Concern: name);

impl Concern {
    /// Returns the affected area of a change for this bastion. `None` if it is irrelevant.
    pub fn from_change(change: &ResourceChange, expected: &ExpectedSetup) -> Option<Self> {
        let resource = &change.resource;
        let is_done = |operation: &str| change.operation.to_ascii_lowercase().contains(operation);
        if let Some(bastion) = expected.resource_id.as_deref().and_then(ResourceId::parse)
            && resource.is_within(&bastion)
        {
            return match change.act {
                ResourceOperation::Action => is_done("/setsessionrecordingsasurl").then_some(Self::Signature),
                _ if *resource == bastion => Some(Self::Bastion),
                _ => resource.named("diagnosticSettings").map(|_| Self::Diagnostics),
            };
        }
        let account = resource.named("storageAccounts")?;
        let is = |name: &str| account.eq_ignore_ascii_case(name);
        if !is(expected.recordings.account.as_str()) {
            let is_account = resource.name().eq_ignore_ascii_case(account) && change.act != ResourceOperation::Action;
            let has_audit = expected.audit_logs.as_ref().is_some_and(|logs| is(logs.account.as_str()));
            let has_accesses = expected.access_logs.as_ref().is_some_and(|logs| is(logs.as_str()));
            let concern = match (has_audit, has_accesses) {
                (true, _) => Some(Self::Diagnostics),
                (false, true) => Some(Self::AccessLog),
                (false, false) => None,
            };
            return concern.filter(|_| is_account);
        }
        if change.act == ResourceOperation::Action {
            return is_done("/regeneratekey").then_some(Self::Keys);
        }
        let below = |kind: &str| resource.as_str().to_ascii_lowercase().contains(&format!("/{kind}/"));
        if below("eventsubscriptions") {
            Some(Self::Events)
        } else if below("roleassignments") {
            Some(Self::Roles)
        } else if below("managementpolicies") {
            Some(Self::Lifecycle)
        } else if resource.named("diagnosticSettings").is_some() {
            let is_read = expected.access_logs.is_some() && resource.named("blobServices").is_some();
            is_read.then_some(Self::AccessLog)
        } else if let Some(container) = resource.named("containers") {
            container.eq_ignore_ascii_case(expected.recordings.container.as_str()).then_some(Self::Container)
        } else if below("blobservices") {
            Some(Self::BlobService)
        } else if resource.name().eq_ignore_ascii_case(account) || below("privateendpointconnections") {
            Some(Self::Account)
        } else {
            None
        }
    }

    /// Returns true if the answer to this question may have changed.
    pub fn asks(self, question: Q) -> bool {
        let group = question.group();
        match self {
            Self::Bastion => matches!(group, Group::Bastion | Group::Cors),
            Self::Signature => matches!(question, Q::AccessExpiry | Q::AccessKeys | Q::BastionContainer),
            Self::Diagnostics => matches!(group, Group::AuditLog | Group::AccessLog),
            Self::AccessLog => group == Group::AccessLog,
            Self::Account => {
                matches!(group, Group::Network | Group::Access)
                    || matches!(question, Q::ContainerExists | Q::ContainerNamespace)
            }
            Self::Keys => matches!(question, Q::AccessKeys | Q::AccessSharedKey),
            Self::BlobService => {
                group == Group::Cors || matches!(question, Q::ContainerVersioning | Q::ContainerSoftDelete)
            }
            Self::Container => group == Group::Container,
            Self::Lifecycle => question == Q::OwnLifecycle,
            Self::Events => matches!(question, Q::OwnRecordingEvents | Q::OwnAuditEvents),
            Self::Roles => matches!(question, Q::AccessRole | Q::OwnTags),
        }
    }

    /// Returns the severity of a change, given new checks of its area.
    ///
    /// A new key invalidates a signature, which cannot be read back, and a deleted diagnostic setting may have been the
    /// required one. Both are critical unless they are known to be harmless.
    pub fn severity(self, act: ResourceOperation, access: WriteAccess, checks: &[Check]) -> Severity {
        let worst = checks.iter().filter_map(Check::severity).max();
        let is_good =
            |question: Q| checks.iter().any(|check| check.question == question && check.result == CheckResult::Good);
        let is_unsure = checks.iter().any(|check| matches!(check.result, CheckResult::NotChecked(_)));
        let of_itself = match (self, act) {
            (Self::Keys, _) if access != WriteAccess::Identity => Severity::Critical,
            (Self::Diagnostics, ResourceOperation::Delete) if !is_good(Q::AuditSetting) => Severity::Critical,
            (Self::Bastion | Self::Account | Self::Container, ResourceOperation::Delete) => Severity::Critical,
            (Self::Bastion, _) if !is_good(Q::BastionRecording) => Severity::Warning,
            (_, ResourceOperation::Delete) => Severity::Warning,
            _ if is_unsure => Severity::Warning,
            _ => Severity::Info,
        };
        worst.map_or(of_itself, |worst| worst.max(of_itself))
    }
}
