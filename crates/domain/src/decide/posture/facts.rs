//! Defines the facts for the checks.

use jiff::Timestamp;

use super::known::MaybeKnown;
use crate::address::{AccountName, ContainerAddress};
use crate::decide::habits::RecordingHabits;
use crate::policy::join::Tolerances;
use crate::record::delivery::Retired;
use crate::record::retention::Executor;

/// Bastion, as reported by the management API.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BastionFacts {
    /// Resource id, as reported.
    pub id: String,
    /// Region, as reported.
    pub location: String,
    /// Tier; only `Premium` can record.
    pub sku: String,
    /// Host of the bastion's page, which is the origin of its player. Empty if there is none.
    pub dns_name: String,
    /// True if session recording is on.
    pub records: bool,
    /// True if native clients are allowed; their sessions are never recorded.
    pub lets_native_clients_in: bool,
    /// URL of the container; reported only if the bastion records with an identity.
    pub container_url: Option<String>,
    /// Object ids of its identities.
    pub principals: Vec<String>,
}

/// Storage account, as reported by the management API.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountFacts {
    /// Resource id.
    pub id: String,
    /// Account name.
    pub name: String,
    /// Region.
    pub location: String,
    /// True if the account has a hierarchical namespace.
    pub is_hierarchical: bool,
    /// True if signatures by account keys are accepted.
    pub takes_keys: bool,
    /// True if access from public networks is on.
    pub is_public_network_on: bool,
    /// True if networks without a rule have access.
    pub lets_all_networks_in: bool,
    /// True if trusted Azure services have access, which events require.
    pub lets_services_in: bool,
    /// Number of rules for admitted addresses and networks.
    pub network_rules: usize,
    /// Number of private endpoints.
    pub private_endpoints: usize,
    /// Creation time of each account key, by key name.
    pub keys: Vec<(String, Timestamp)>,
}

/// Settings of an account's blob service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFacts {
    /// CORS rules.
    pub cors: Vec<CorsRule>,
    /// True if versioning is on.
    pub is_versioned: MaybeKnown<bool>,
    /// Days for which deleted blobs can be restored. `None` if soft delete is off.
    pub soft_delete_days: Option<u32>,
}

/// CORS rule of a blob service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CorsRule {
    /// Allowed origins.
    pub origins: Vec<String>,
    /// Allowed methods.
    pub methods: Vec<String>,
    /// Allowed headers.
    pub headers: Vec<String>,
    /// Time in seconds for which browsers cache the rule.
    pub max_age: i64,
}

/// Container, as reported by storage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerFacts {
    /// Public access level: `blob` or `container`. `None` if access requires signing in.
    pub public_access: Option<String>,
    /// True if an immutability policy applies, on the container or on versions.
    pub is_immutable: bool,
    /// True if a legal hold of storage applies.
    pub has_legal_hold: bool,
}

/// Content of a container, as far as listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContentFacts {
    /// Number of listed blobs.
    pub seen: usize,
    /// True if the listing is incomplete.
    pub has_more: bool,
    /// Some of the blobs other than recordings: another media type, or not at the root.
    pub foreign: Vec<String>,
    /// Number of blobs other than recordings.
    pub foreign_count: usize,
    /// Names near the highest suffix, each with its suffix.
    pub suffixes: Vec<(String, u32)>,
}

/// Stored access policy of a container, which a signature can refer to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredPolicy {
    /// Identifier of the policy.
    pub id: String,
    /// Start of the validity.
    pub start: Option<Timestamp>,
    /// End of the validity.
    pub expiry: Option<Timestamp>,
    /// Permissions, one letter each.
    pub permissions: Option<String>,
}

/// Role assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Object id of the assignee.
    pub principal: String,
    /// Id of the role definition: its last segment, a GUID.
    pub definition: String,
}

/// Diagnostic setting of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiagnosticSetting {
    /// Name of the setting.
    pub name: String,
    /// Resource id of the destination storage account.
    pub account_id: Option<String>,
    /// Enabled categories.
    pub categories: Vec<String>,
    /// Enabled category groups.
    pub groups: Vec<String>,
}

/// Subscription to the events of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventSubscription {
    /// Name of the subscription.
    pub name: String,
    /// Destination queue. `None` if the destination is of another kind.
    pub queue: Option<String>,
    /// Included event types. Empty if all are included.
    pub types: Vec<String>,
    /// Required start of the subject.
    pub begins_with: String,
    /// Required end of the subject.
    pub ends_with: String,
    /// True if the provisioning succeeded.
    pub is_provisioned: bool,
}

/// Lifecycle rule of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LifecycleRule {
    /// Name of the rule.
    pub name: String,
    /// True if the rule is enabled.
    pub is_enabled: bool,
    /// True if the rule deletes blobs of the same kind as recordings.
    pub deletes: bool,
    /// Required starts of container and name. Empty if every blob is included.
    pub prefixes: Vec<String>,
    /// Required tags.
    pub tags: Vec<(String, String)>,
}

/// Configured write access of a bastion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteAccess {
    /// Shared access signature, valid until this time.
    SasUntil(Timestamp),
    /// Identity of the bastion.
    Identity,
    /// Not configured.
    NotStated,
}

/// Configuration of a bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedSetup {
    /// Name of the bastion.
    pub bastion: String,
    /// Resource id of the bastion.
    pub resource_id: Option<String>,
    /// Present recording container.
    pub recordings: ContainerAddress,
    /// Container of its audit log.
    pub audit_logs: Option<ContainerAddress>,
    /// Account that receives the accesses of its recordings.
    pub access_logs: Option<AccountName>,
    /// Write access.
    pub access: WriteAccess,
    /// Suffix from which a name counts as near its highest one.
    pub suffix_warning_at: u32,
    /// Executor of deletions. `None` without a policy or while it is not enforced.
    pub deleted_by: Option<Executor>,
}

/// Facts about a bastion's audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFacts {
    /// Diagnostic settings of the bastion.
    pub settings: MaybeKnown<Vec<DiagnosticSetting>>,
    /// Storage account of the log. `None` if it does not exist.
    pub account: MaybeKnown<Option<AccountFacts>>,
    /// True if the container of the log exists.
    pub container_exists: MaybeKnown<bool>,
    /// Time of the newest record. `None` if none was read.
    pub newest_record: MaybeKnown<Option<Timestamp>>,
    /// Time of the newest recording. `None` if there is none.
    pub newest_recording: MaybeKnown<Option<Timestamp>>,
    /// Event subscriptions of the log's account.
    pub events: MaybeKnown<Vec<EventSubscription>>,
}

/// Result of reading a recording's tags and writing them back unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagTrial {
    /// Both succeeded.
    Works,
    /// There was no recording to try.
    NothingThere,
    /// Reading or writing failed, for this reason.
    Refused(String),
}

/// Facts about a bastion and everything it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Configuration of the bastion.
    pub expected: ExpectedSetup,
    /// The bastion. `None` if it does not exist.
    pub host: MaybeKnown<Option<BastionFacts>>,
    /// Other visible bastions.
    pub neighbours: MaybeKnown<Vec<BastionFacts>>,
    /// Storage account of the recordings. `None` if it does not exist.
    pub account: MaybeKnown<Option<AccountFacts>>,
    /// Blob service settings of the account.
    pub service: MaybeKnown<ServiceFacts>,
    /// Container of the recordings. `None` if it does not exist.
    pub container: MaybeKnown<Option<ContainerFacts>>,
    /// Content of the container.
    pub content: MaybeKnown<ContentFacts>,
    /// Stored access policies of the container. Read only for a signature that refers to one.
    pub policies: MaybeKnown<Vec<StoredPolicy>>,
    /// Role assignments for the container.
    pub roles: MaybeKnown<Vec<Role>>,
    /// Lifecycle rules of the account.
    pub lifecycle: MaybeKnown<Vec<LifecycleRule>>,
    /// Event subscriptions of the account.
    pub events: MaybeKnown<Vec<EventSubscription>>,
    /// Result of the attempt to read and write tags.
    pub tags: MaybeKnown<TagTrial>,
    /// Facts about the audit log. `None` if it is not read.
    pub audit: Option<AuditFacts>,
    /// Diagnostic settings of the blob service of the recordings' account.
    pub access_log: MaybeKnown<Vec<DiagnosticSetting>>,
    /// Learned way of writing recordings.
    pub habits: MaybeKnown<RecordingHabits>,
    /// Tolerances between the times of recordings and sessions.
    pub tolerances: Tolerances,
}

/// One of our queues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueFacts {
    /// Name of the queue.
    pub name: String,
    /// Approximate number of messages.
    pub messages: MaybeKnown<usize>,
    /// Time of the oldest visible message. `None` if no message is visible.
    pub oldest: MaybeKnown<Option<Timestamp>>,
}

/// Facts about our own deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFacts {
    /// Queues read by functions.
    pub queues: Vec<QueueFacts>,
    /// Poison queues.
    pub poison: Vec<QueueFacts>,
    /// Number of dead-letter files.
    pub dead_letters: MaybeKnown<usize>,
    /// Number of inputs in quarantine, and the limit of the count.
    pub quarantine: MaybeKnown<(usize, usize)>,
    /// Number of ledger segments.
    pub ledger: MaybeKnown<usize>,
    /// State of each channel, by name.
    pub channels: Vec<(String, MaybeKnown<ChannelFacts>)>,
    /// Time of storage, and of our clock at the same moment.
    pub clock: MaybeKnown<(Timestamp, Timestamp)>,
    /// Errors in the newest shared configuration while the last good one is in use.
    pub refused_configuration: Option<String>,
    /// Containers in another store than the catalogue was built from, each with a description.
    pub strange_stores: MaybeKnown<Vec<(String, String)>>,
    /// Queue endpoint of the host, and our own.
    pub endpoints: MaybeKnown<(String, String)>,
}

/// State of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelFacts {
    /// Reason why the channel is disabled.
    pub disabled: Option<String>,
    /// Time since which every delivery has failed.
    pub failing_since: Option<Timestamp>,
    /// Reason why the channel is off: an app setting without a value.
    pub off: Option<String>,
    /// Reason why accepted messages may not reach anyone.
    pub retired: Option<Retired>,
}
