//! What was read of a set-up, in plain words of the domain.

use jiff::Timestamp;

use super::known::Known;
use crate::address::ContainerAddress;
use crate::calibration::RecordingHabits;
use crate::delivery::Retired;
use crate::join::Tolerances;
use crate::retention::Executor;

/// A bastion as the management API tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BastionFacts {
    /// Its resource id, as it is written there.
    pub id: String,
    /// Its region, as it is written there.
    pub location: String,
    /// Its tier: `Premium` can record.
    pub sku: String,
    /// The host of its page, which is the origin that plays recordings. Empty where it has none.
    pub dns_name: String,
    /// Whether session recording is on.
    pub records: bool,
    /// Whether native clients are let in, which are never recorded.
    pub lets_native_clients_in: bool,
    /// The URL of the container, which it tells only where it records with an identity.
    pub container_url: Option<String>,
    /// The object ids of its identities.
    pub principals: Vec<String>,
}

/// A storage account as the management API tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountFacts {
    /// Its resource id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: String,
    /// Whether it has a hierarchical namespace.
    pub is_hierarchical: bool,
    /// Whether signatures by its keys are taken.
    pub takes_keys: bool,
    /// Whether any network may call it at all.
    pub is_public_network_on: bool,
    /// Whether networks that no rule names may call it.
    pub lets_all_networks_in: bool,
    /// Whether trusted services of the platform may call it, which brings its events.
    pub lets_services_in: bool,
    /// How many addresses and networks may call it by a rule.
    pub network_rules: usize,
    /// How many private endpoints lead to it.
    pub private_endpoints: usize,
    /// When each of its keys was made, by the key's name.
    pub keys: Vec<(String, Timestamp)>,
}

/// The settings of an account's blob service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFacts {
    /// Who may call it from a web page.
    pub cors: Vec<CorsRule>,
    /// Whether each write keeps the version before it.
    pub is_versioned: Known<bool>,
    /// For how many days deleted blobs can be brought back. `None` where they cannot.
    pub soft_delete_days: Option<u32>,
}

/// Who may call the blob service from a web page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CorsRule {
    /// The origins of such pages.
    pub origins: Vec<String>,
    /// The methods that they may use.
    pub methods: Vec<String>,
    /// The headers that they may send.
    pub headers: Vec<String>,
    /// For how many seconds a browser remembers it.
    pub max_age: i64,
}

/// A container as storage tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerFacts {
    /// What anybody may read without signing in: `blob` or `container`. `None` where that is nothing.
    pub public_access: Option<String>,
    /// Whether an immutability policy, of the container or of versions, holds.
    pub is_immutable: bool,
    /// Whether a legal hold of storage holds.
    pub has_legal_hold: bool,
}

/// What is in a container, as far as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContentFacts {
    /// How many blobs were looked at.
    pub seen: usize,
    /// Whether there are more.
    pub has_more: bool,
    /// Those that are no recordings: another media type, or not at the root. Some of them.
    pub foreign: Vec<String>,
    /// How many those are.
    pub foreign_count: usize,
    /// Names whose suffix is near the last one, with that suffix.
    pub suffixes: Vec<(String, u32)>,
}

/// A stored access policy of a container, which a signature can rest on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredPolicy {
    /// Its identifier.
    pub id: String,
    /// From when on it holds.
    pub start: Option<Timestamp>,
    /// When it ends.
    pub expiry: Option<Timestamp>,
    /// What it permits, a letter each.
    pub permissions: Option<String>,
}

/// A role that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The object id of who has it.
    pub principal: String,
    /// The id of its definition: the last segment, a GUID.
    pub definition: String,
}

/// Where a resource sends its logs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiagnosticSetting {
    /// Its name.
    pub name: String,
    /// The storage account that it sends to, by resource id.
    pub account_id: Option<String>,
    /// The categories that are on.
    pub categories: Vec<String>,
    /// The groups of categories that are on.
    pub groups: Vec<String>,
}

/// A subscription to an account's events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventSubscription {
    /// Its name.
    pub name: String,
    /// The queue that it writes to. `None` where it calls something else.
    pub queue: Option<String>,
    /// Only events of these types. Empty where it is all.
    pub types: Vec<String>,
    /// Only events whose subject begins so.
    pub begins_with: String,
    /// Only events whose subject ends so.
    pub ends_with: String,
    /// Whether it has been set up and works.
    pub is_provisioned: bool,
}

/// A rule by which the platform deletes blobs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LifecycleRule {
    /// Its name.
    pub name: String,
    /// Whether it is carried out.
    pub is_enabled: bool,
    /// Whether it deletes blobs of the kind that recordings are.
    pub deletes: bool,
    /// Only blobs whose container and name begin so. Empty where it is all.
    pub prefixes: Vec<String>,
    /// Only blobs with these tags.
    pub tags: Vec<(String, String)>,
}

/// How a bastion is to write, as the configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// By a shared access signature that is valid until then.
    SasUntil(Timestamp),
    /// By an identity of its own.
    Identity,
    /// It does not say.
    NotSaid,
}

/// What the configuration says of a bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The bastion's name.
    pub bastion: String,
    /// Its resource id.
    pub resource_id: Option<String>,
    /// The container it records into now.
    pub recordings: ContainerAddress,
    /// The container of its audit log.
    pub audit_logs: Option<ContainerAddress>,
    /// How it may write.
    pub access: Access,
    /// From which suffix on a name is near its last.
    pub suffix_warning_at: u32,
    /// Who deletes recordings. `None` if nothing is deleted: no policy, or one that is not enforced.
    pub deleted_by: Option<Executor>,
}

/// What is known of a bastion's audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFacts {
    /// Where the bastion sends its logs.
    pub settings: Known<Vec<DiagnosticSetting>>,
    /// The storage account of the log.
    pub account: Known<Option<AccountFacts>>,
    /// Whether its container is there.
    pub container_exists: Known<bool>,
    /// When its newest record was written. `None` where none was read.
    pub newest_record: Known<Option<Timestamp>>,
    /// When the newest recording was made. `None` where there is none.
    pub newest_recording: Known<Option<Timestamp>>,
    /// Subscriptions to the events of its account.
    pub events: Known<Vec<EventSubscription>>,
}

/// What came of reading the tags of a recording and writing the same ones back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagTrial {
    /// Both went.
    Works,
    /// Nothing was there to try it on.
    NothingThere,
    /// They cannot be read, or not be written, for this reason.
    Refused(String),
}

/// A bastion with all that it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// What is expected of it.
    pub expected: Expected,
    /// The bastion. `None` where there is none.
    pub host: Known<Option<BastionFacts>>,
    /// The other bastions that can be seen.
    pub neighbours: Known<Vec<BastionFacts>>,
    /// The account with its recordings. `None` where there is none.
    pub account: Known<Option<AccountFacts>>,
    /// The settings of that account's blob service.
    pub service: Known<ServiceFacts>,
    /// The container. `None` where there is none.
    pub container: Known<Option<ContainerFacts>>,
    /// What is in it.
    pub content: Known<ContentFacts>,
    /// Its stored access policies.
    pub policies: Known<Vec<StoredPolicy>>,
    /// Who has which role for it.
    pub roles: Known<Vec<Role>>,
    /// The rules by which its account's blobs are deleted.
    pub lifecycle: Known<Vec<LifecycleRule>>,
    /// Subscriptions to its account's events.
    pub events: Known<Vec<EventSubscription>>,
    /// Whether tags can be read and written.
    pub tags: Known<TagTrial>,
    /// Its audit log. `None` where it is not read.
    pub audit: Option<AuditFacts>,
    /// How it writes recordings.
    pub habits: Known<RecordingHabits>,
    /// How far the times of its recordings and sessions may be apart.
    pub tolerances: Tolerances,
}

/// A queue of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueFacts {
    /// Its name.
    pub name: String,
    /// About how many messages are in it.
    pub messages: Known<usize>,
    /// When the oldest that can be seen was put there. `None` where none can be seen.
    pub oldest: Known<Option<Timestamp>>,
}

/// Our own things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFacts {
    /// The queues that functions take from.
    pub queues: Vec<QueueFacts>,
    /// Those with what the host gave up.
    pub poison: Vec<QueueFacts>,
    /// How many files of dead letters there are.
    pub dead_letters: Known<usize>,
    /// How many inputs wait in quarantine, and how many were counted at most.
    pub quarantine: Known<(usize, usize)>,
    /// How many segments the ledger has.
    pub ledger: Known<usize>,
    /// Each channel with why nothing is sent to it, and since when it fails.
    pub channels: Vec<(String, Known<ChannelFacts>)>,
    /// What storage takes the time to be, at the moment when our clock said the other.
    pub clock: Known<(Timestamp, Timestamp)>,
    /// What is wrong with the newest shared configuration, if the last good one is used in its place.
    pub refused_configuration: Option<String>,
    /// Containers that are in another store than the catalogue was made from, with what was found in their place.
    pub strange_stores: Known<Vec<(String, String)>>,
    /// The queue endpoint that the host listens at, and the one that we send to.
    pub endpoints: Known<(String, String)>,
}

/// What is remembered of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelFacts {
    /// Why nothing is sent to it any more.
    pub disabled: Option<String>,
    /// Since when it has taken nothing.
    pub failing_since: Option<Timestamp>,
    /// Why it is off: an app setting that it needs has no value.
    pub off: Option<String>,
    /// Why what it takes may end nowhere.
    pub retired: Option<Retired>,
}
