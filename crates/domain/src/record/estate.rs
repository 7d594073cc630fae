//! Describes the configured bastions with their recording and audit log containers.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::address::{AccountName, ContainerAddress};
use crate::record::accessor::KnownIdentities;

/// Name of a bastion in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BastionName(Arc<str>);

impl BastionName {
    /// Creates the name as configured.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Bastion with its present and former recording containers and its audit log container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bastion {
    /// Name of the bastion.
    pub name: BastionName,
    /// Resource id. `None` for `archivist local`.
    pub resource_id: Option<String>,
    /// Containers with its recordings.
    pub recordings: Vec<ContainerAddress>,
    /// Container with its audit log, which other bastions may share. If `None`, no person on its recordings can be
    /// named.
    pub audit_logs: Option<ContainerAddress>,
    /// End of the bastion's access to its container, if known.
    pub access_expires: Option<Timestamp>,
    /// Resource logs of the accounts with its recordings. If `None`, nobody's access to them is known.
    pub access_logs: Option<AccessLogs>,
}

/// Account that receives the resource logs of the accounts with recordings, and the identities in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLogs {
    /// The receiving account.
    pub account: AccountName,
    /// Identities of the archivist and the bastion.
    pub known: KnownIdentities,
}

impl Bastion {
    /// Returns the identities of the archivist and this bastion, as far as configured.
    pub fn known_identities(&self) -> KnownIdentities {
        self.access_logs.as_ref().map(|logs| logs.known.clone()).unwrap_or_default()
    }
}

impl AccessLogs {
    /// Names of the containers, as given by the platform.
    pub const CONTAINERS: [&str; 3] =
        ["insights-logs-storageread", "insights-logs-storagewrite", "insights-logs-storagedelete"];

    /// Returns the containers.
    pub fn containers(&self) -> impl Iterator<Item = ContainerAddress> + '_ {
        Self::CONTAINERS.iter().filter_map(|name| ContainerAddress::parse(self.account.as_str(), name).ok())
    }
}

/// Every bastion in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Estate {
    /// Bastions, in the order of the configuration.
    pub bastions: Vec<Bastion>,
}

impl Estate {
    /// Returns the bastion recording into this container. `None` if the container is not configured.
    pub fn bastion_of(&self, container: &ContainerAddress) -> Option<&Bastion> {
        self.bastions.iter().find(|bastion| bastion.recordings.contains(container))
    }

    /// Returns true if a bastion records into the account of this container.
    pub fn knows_account(&self, container: &ContainerAddress) -> bool {
        let accounts = self.bastions.iter().flat_map(|bastion| &bastion.recordings);
        accounts.into_iter().any(|known| known.account == container.account)
    }

    /// Returns true if this bastion's audit log is configured.
    pub fn reads_log_of(&self, bastion: &BastionName) -> bool {
        self.bastion(bastion).is_some_and(|bastion| bastion.audit_logs.is_some())
    }

    /// End of this bastion's access to its container, if known.
    pub fn access_expires(&self, bastion: &BastionName) -> Option<Timestamp> {
        self.bastion(bastion)?.access_expires
    }

    /// Returns the bastion with this name.
    pub fn bastion(&self, name: &BastionName) -> Option<&Bastion> {
        self.bastions.iter().find(|bastion| bastion.name == *name)
    }

    /// Returns the containers of recordings of the bastion with this name, ignoring case.
    pub fn containers_of(&self, name: &str) -> BTreeSet<ContainerAddress> {
        let named = self.bastions.iter().filter(|bastion| bastion.name.as_str().eq_ignore_ascii_case(name.trim()));
        named.flat_map(|bastion| &bastion.recordings).cloned().collect()
    }

    /// Returns the bastions whose audit logs are in this container; empty if the container is not configured.
    pub fn bastions_of_audit_logs(&self, container: &ContainerAddress) -> impl Iterator<Item = &Bastion> {
        self.bastions.iter().filter(move |bastion| bastion.audit_logs.as_ref() == Some(container))
    }

    /// Returns the bastions whose recordings' accesses are logged in this container; empty if it is not configured.
    pub fn bastions_of_access_logs(&self, container: &ContainerAddress) -> impl Iterator<Item = &Bastion> {
        self.bastions.iter().filter(move |bastion| {
            bastion.access_logs.as_ref().is_some_and(|logs| logs.containers().any(|known| known == *container))
        })
    }

    /// Returns every container with accesses of recordings.
    pub fn access_log_containers(&self) -> BTreeSet<ContainerAddress> {
        self.bastions
            .iter()
            .filter_map(|bastion| bastion.access_logs.as_ref())
            .flat_map(AccessLogs::containers)
            .collect()
    }

    /// Returns the bastion of a recording: the one that records into its container, which may have had another name, or
    /// else the one with this name.
    pub fn recorder(&self, container: &ContainerAddress, name: &BastionName) -> Option<&Bastion> {
        self.bastion_of(container).or_else(|| self.bastion(name))
    }

    /// Returns the bastion with this resource id. Ignores case and a leading slash, because audit logs write ids in
    /// several ways.
    pub fn bastion_with_resource_id(&self, id: &str) -> Option<&Bastion> {
        let bare = |id: &str| id.strip_prefix('/').unwrap_or(id).to_ascii_lowercase();
        let wanted = bare(id);
        self.bastions.iter().find(|bastion| bastion.resource_id.as_deref().is_some_and(|known| bare(known) == wanted))
    }

    /// Page of this bastion in the portal. `None` if it has no resource id.
    pub fn portal_url(&self, bastion: &BastionName) -> Option<String> {
        let known = self.bastion(bastion)?;
        known.resource_id.as_ref().map(|id| format!("https://portal.azure.com/#resource{id}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUB: &str = "/subscriptions/1/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

    fn logs(account: &str) -> ContainerAddress {
        ContainerAddress::parse(account, "insights-logs-bastionauditlogs").unwrap()
    }

    fn bastion(name: &str, resource_id: Option<&str>, audit_logs: Option<ContainerAddress>) -> Bastion {
        let (name, resource_id) = (BastionName::new(name), resource_id.map(str::to_owned));
        Bastion { name, resource_id, recordings: Vec::new(), audit_logs, access_expires: None, access_logs: None }
    }

    fn estate() -> Estate {
        let hub = bastion("hub", Some(HUB), Some(logs("staudit01")));
        let spoke = bastion("spoke", None, Some(logs("staudit01")));
        Estate { bastions: vec![hub, spoke, bastion("mute", None, None)] }
    }

    #[test]
    fn bastions_share_a_container_with_audit_logs() {
        let estate = estate();
        let names =
            |of: ContainerAddress| estate.bastions_of_audit_logs(&of).map(|it| it.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names(logs("staudit01")), ["hub", "spoke"]);
        assert!(names(logs("staudit02")).is_empty());
    }

    #[test]
    fn the_bastion_of_a_recording_is_known_after_its_name_was_changed() {
        let mut estate = estate();
        let container = ContainerAddress::parse("strec", "recordings").unwrap();
        estate.bastions[1].recordings.push(container.clone());
        let name = |container: &ContainerAddress, name: &str| {
            estate.recorder(container, &BastionName::new(name)).map(|it| it.name.as_str())
        };
        assert_eq!((name(&container, "former"), name(&container, "hub")), (Some("spoke"), Some("spoke")));
        assert_eq!((name(&logs("strec"), "hub"), name(&logs("strec"), "former")), (Some("hub"), None));
    }

    #[test]
    fn a_resource_id_is_known_however_an_audit_log_writes_it() {
        let estate = estate();
        for id in [HUB, &HUB.to_uppercase(), &HUB[1..], &HUB[1..].to_lowercase()] {
            assert_eq!(estate.bastion_with_resource_id(id).map(|it| it.name.as_str()), Some("hub"), "{id}");
        }
        for id in ["", "/", &format!("/{HUB}"), &format!("{HUB}2"), &format!("{HUB}/")] {
            assert_eq!(estate.bastion_with_resource_id(id), None, "{id}");
        }
    }
}
