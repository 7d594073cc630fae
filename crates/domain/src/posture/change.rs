//! What somebody changed, whether it matters here, and how much.

use jiff::Timestamp;

use super::check::{Check, Standing};
use super::facts::{Access, Expected};
use super::question::{Group, Question as Q};
use super::resource::ResourceId;
use crate::notification::Severity;

/// What was done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// It was made or changed.
    Write,
    /// It was deleted.
    Delete,
    /// Something else was asked of it, such as a new key.
    Action,
}

/// What somebody did to a resource, as the platform tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The event's id: the same when it is delivered again.
    pub id: String,
    /// The resource.
    pub resource: ResourceId,
    /// What was done.
    pub act: Act,
    /// The operation, as the platform names it.
    pub operation: String,
    /// When.
    pub at: Timestamp,
    /// Who did it: a sign-in name, else an object or application id.
    pub by: Option<String>,
    /// The address it was asked from.
    pub from: Option<String>,
    /// What the platform's own log has it under.
    pub correlation: Option<String>,
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// The bastion.
    Bastion,
    /// The signature that the bastion writes with.
    Signature,
    /// Where the bastion sends its logs.
    Diagnostics,
    /// The account with recordings: its network, its settings, itself.
    Account,
    /// The account's keys.
    Keys,
    /// The settings of the account's blob service, CORS among them.
    BlobService,
    /// The container with recordings.
    Container,
    /// The rules by which blobs are deleted.
    Lifecycle,
    /// What brings events to us.
    Events,
    /// Who may do what.
    Roles,
}

impl Concern {
    /// What this change is about, for this bastion. `None` where it does not matter.
    pub fn of(change: &Change, expected: &Expected) -> Option<Self> {
        let resource = &change.resource;
        let is_done = |operation: &str| change.operation.to_ascii_lowercase().contains(operation);
        if let Some(bastion) = expected.resource_id.as_deref().and_then(ResourceId::parse)
            && resource.is_within(&bastion)
        {
            return match change.act {
                Act::Action => is_done("/setsessionrecordingsasurl").then_some(Self::Signature),
                _ if *resource == bastion => Some(Self::Bastion),
                _ => resource.named("diagnosticSettings").map(|_| Self::Diagnostics),
            };
        }
        let account = resource.named("storageAccounts")?;
        let is = |name: &str| account.eq_ignore_ascii_case(name);
        if !is(expected.recordings.account.as_str()) {
            let is_log = expected.audit_logs.as_ref().is_some_and(|logs| is(logs.account.as_str()));
            let is_account = resource.name().eq_ignore_ascii_case(account) && change.act != Act::Action;
            return (is_log && is_account).then_some(Self::Diagnostics);
        }
        if change.act == Act::Action {
            return is_done("/regeneratekey").then_some(Self::Keys);
        }
        let below = |kind: &str| resource.as_str().to_ascii_lowercase().contains(&format!("/{kind}/"));
        if below("eventsubscriptions") {
            Some(Self::Events)
        } else if below("roleassignments") {
            Some(Self::Roles)
        } else if below("managementpolicies") {
            Some(Self::Lifecycle)
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

    /// The name in notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bastion => "bastion",
            Self::Signature => "signature",
            Self::Diagnostics => "diagnostics",
            Self::Account => "account",
            Self::Keys => "keys",
            Self::BlobService => "blob_service",
            Self::Container => "container",
            Self::Lifecycle => "lifecycle",
            Self::Events => "events",
            Self::Roles => "roles",
        }
    }

    /// Whether this question may have another answer now.
    pub fn asks(self, question: Q) -> bool {
        let group = question.group();
        match self {
            Self::Bastion => matches!(group, Group::Bastion | Group::Cors),
            Self::Signature => matches!(question, Q::AccessExpiry | Q::AccessKeys | Q::BastionContainer),
            Self::Diagnostics => group == Group::AuditLog,
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

    /// How urgent a change is, after what it is about was looked at again.
    ///
    /// A new key kills a signature that nobody can read back, and a diagnostic setting that is gone may have been the one:
    /// both are critical unless it is known that nothing is lost by them.
    pub fn severity(self, act: Act, access: Access, checks: &[Check]) -> Severity {
        let worst = checks.iter().filter_map(Check::severity).max();
        let is_good =
            |question: Q| checks.iter().any(|check| check.question == question && check.standing == Standing::Good);
        let is_unsure = checks.iter().any(|check| matches!(check.standing, Standing::NotChecked(_)));
        let of_itself = match (self, act) {
            (Self::Keys, _) if access != Access::Identity => Severity::Critical,
            (Self::Diagnostics, Act::Delete) if !is_good(Q::AuditSetting) => Severity::Critical,
            (Self::Bastion | Self::Account | Self::Container, Act::Delete) => Severity::Critical,
            (Self::Bastion, _) if !is_good(Q::BastionRecording) => Severity::Warning,
            (_, Act::Delete) => Severity::Warning,
            _ if is_unsure => Severity::Warning,
            _ => Severity::Info,
        };
        worst.map_or(of_itself, |worst| worst.max(of_itself))
    }
}
