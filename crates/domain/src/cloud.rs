//! Recognises hosts permitted to receive a token of the app's identity.
//!
//! Decides by the labels of the host, never by searching a text for a suffix. The suffixes come from Microsoft's
//! endpoint documentation. An app setting, which the configuration cannot reach, can add more.

mod extra;

pub use extra::{ExtraSuffixes, SuffixError};

/// Azure cloud, with its own hosts and token audiences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    /// Azure public cloud.
    Public,
    /// Azure in China.
    China,
    /// Azure for the government of the United States.
    UsGovernment,
}

/// Service called with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalledService {
    /// Blobs of a storage account.
    Blob,
    /// Queues of a storage account.
    Queue,
    /// Tables of a storage account or of Cosmos DB.
    Table,
    /// Custom topics of Event Grid.
    Topic,
    /// Management API.
    Management,
    /// Key Vault.
    Vault,
}

/// Host permitted to receive tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownHost<'h> {
    /// Cloud of the host's tokens. A host with an extra suffix receives tokens of the public cloud.
    pub cloud: Cloud,
    /// First label: the account or the topic.
    pub name: &'h str,
    /// True for Cosmos DB, whose tokens have another audience.
    pub is_cosmos: bool,
}

impl Cloud {
    /// Every cloud.
    pub const ALL: [Self; 3] = [Self::Public, Self::China, Self::UsGovernment];

    /// Token scope for storage accounts; the same in every cloud.
    pub const STORAGE_SCOPE: &'static str = "https://storage.azure.com/.default";

    /// Host suffix of storage accounts, after the service.
    pub fn storage_suffix(self) -> &'static str {
        match self {
            Self::Public => "core.windows.net",
            Self::China => "core.chinacloudapi.cn",
            Self::UsGovernment => "core.usgovcloudapi.net",
        }
    }

    /// Host of the management API.
    pub fn management_host(self) -> &'static str {
        match self {
            Self::Public => "management.azure.com",
            Self::China => "management.chinacloudapi.cn",
            Self::UsGovernment => "management.usgovcloudapi.net",
        }
    }

    /// Token scope for Cosmos DB.
    pub fn cosmos_scope(self) -> &'static str {
        match self {
            Self::Public => "https://cosmos.azure.com/.default",
            Self::China => "https://cosmos.azure.cn/.default",
            Self::UsGovernment => "https://cosmos.azure.us/.default",
        }
    }

    /// Token scope for topics of Event Grid.
    pub fn topic_scope(self) -> &'static str {
        match self {
            Self::Public => "https://eventgrid.azure.net/.default",
            Self::China => "https://eventgrid.azure.cn/.default",
            Self::UsGovernment => "https://eventgrid.azure.us/.default",
        }
    }

    /// Token scope for vaults.
    pub fn vault_scope(self) -> String {
        format!("https://{}/.default", self.vault_suffix())
    }

    fn vault_suffix(self) -> &'static str {
        match self {
            Self::Public => "vault.azure.net",
            Self::China => "vault.azure.cn",
            Self::UsGovernment => "vault.usgovcloudapi.net",
        }
    }

    fn cosmos_suffix(self) -> &'static str {
        match self {
            Self::Public => "table.cosmos.azure.com",
            Self::China => "table.cosmos.azure.cn",
            Self::UsGovernment => "table.cosmos.azure.us",
        }
    }

    fn topic_suffix(self) -> &'static str {
        match self {
            Self::Public => "eventgrid.azure.net",
            Self::China => "eventgrid.azure.cn",
            Self::UsGovernment => "eventgrid.azure.us",
        }
    }
}

impl CalledService {
    /// Returns true for a service of a storage account.
    pub fn is_storage(self) -> bool {
        matches!(self, Self::Blob | Self::Queue | Self::Table)
    }

    /// Recognises a host of this service, given in lower case as in a parsed URL. `None` if it is unknown.
    pub fn known<'h>(self, host: &'h str, extra: &ExtraSuffixes) -> Option<KnownHost<'h>> {
        let found = match self {
            Self::Blob => storage("blob", host),
            Self::Queue => storage("queue", host),
            Self::Table => storage("table", host).or_else(|| cosmos(host)),
            Self::Topic => topic(host),
            Self::Management => return management(host),
            Self::Vault => return vault(host),
        };
        let name = || extra.name_in(host).filter(|name| self.is_name(name));
        found.or_else(|| Some(KnownHost { cloud: Cloud::Public, name: name()?, is_cosmos: false }))
    }

    fn is_name(self, name: &str) -> bool {
        match self {
            Self::Topic => is_topic(name),
            _ => is_account(name),
        }
    }
}

/// Accepts `<account>.<service>.<suffix>`, or `<account>.z<number>.<service>.storage.azure.net` for an account with its
/// own DNS zone.
fn storage<'h>(service: &str, host: &'h str) -> Option<KnownHost<'h>> {
    let (name, rest) = host.split_once('.').filter(|(name, _)| is_account(name))?;
    let of_service = |rest: &'h str| rest.strip_prefix(service)?.strip_prefix('.');
    let cloud = match of_service(rest) {
        Some(suffix) => Cloud::ALL.into_iter().find(|cloud| cloud.storage_suffix() == suffix),
        None => {
            let (_, rest) = rest.split_once('.').filter(|(zone, _)| is_zone(zone))?;
            (of_service(rest) == Some("storage.azure.net")).then_some(Cloud::Public)
        }
    };
    Some(KnownHost { cloud: cloud?, name, is_cosmos: false })
}

fn cosmos(host: &str) -> Option<KnownHost<'_>> {
    let (name, suffix) = host.split_once('.').filter(|(name, _)| is_cosmos_account(name))?;
    let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.cosmos_suffix() == suffix)?;
    Some(KnownHost { cloud, name, is_cosmos: true })
}

/// Accepts `<topic>.<region>-<number>.<suffix>`, a form shared by Event Grid domains.
fn topic(host: &str) -> Option<KnownHost<'_>> {
    let (name, rest) = host.split_once('.').filter(|(name, _)| is_topic(name))?;
    let (region, suffix) = rest.split_once('.')?;
    let (region, number) = region.rsplit_once('-')?;
    let is_region = !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.topic_suffix() == suffix)?;
    (is_region && is_number).then_some(KnownHost { cloud, name, is_cosmos: false })
}

fn management(host: &str) -> Option<KnownHost<'_>> {
    let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.management_host() == host)?;
    Some(KnownHost { cloud, name: "management", is_cosmos: false })
}

fn vault(host: &str) -> Option<KnownHost<'_>> {
    let is_vault = |name: &str| (3..=24).contains(&name.len()) && is_label(name);
    let (name, suffix) = host.split_once('.').filter(|(name, _)| is_vault(name))?;
    let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.vault_suffix() == suffix)?;
    Some(KnownHost { cloud, name, is_cosmos: false })
}

fn is_account(label: &str) -> bool {
    (3..=24).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Returns true for a valid account name of Cosmos DB.
pub fn is_cosmos_account(label: &str) -> bool {
    (3..=44).contains(&label.len()) && is_label(label)
}

/// Azure enforces the shortest length; a shorter name reaches no other owner.
fn is_topic(label: &str) -> bool {
    (1..=50).contains(&label.len()) && is_label(label)
}

fn is_zone(label: &str) -> bool {
    let digits = label.strip_prefix('z').unwrap_or_default();
    (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Accepts lower-case letters, digits and inner hyphens.
fn is_label(label: &str) -> bool {
    let plain = label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    plain && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests;
