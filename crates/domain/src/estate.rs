//! The bastions we look after, and where each of them records.

use crate::address::ContainerAddress;

/// The name of a bastion in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BastionName(String);

impl BastionName {
    /// Takes the name as configured.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A bastion and the containers it records into, now or earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bastion {
    /// Its name.
    pub name: BastionName,
    /// Its resource id, where it has one; `archivist local` has none.
    pub resource_id: Option<String>,
    /// Where its recordings are.
    pub recordings: Vec<ContainerAddress>,
}

/// Every bastion of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Estate {
    /// The bastions, in the order of the configuration.
    pub bastions: Vec<Bastion>,
}

impl Estate {
    /// The bastion that records into this container. `None` for a container that is not ours.
    pub fn bastion_of(&self, container: &ContainerAddress) -> Option<&Bastion> {
        self.bastions.iter().find(|bastion| bastion.recordings.contains(container))
    }

    /// Whether any bastion records into this account.
    pub fn knows_account(&self, container: &ContainerAddress) -> bool {
        let accounts = self.bastions.iter().flat_map(|bastion| &bastion.recordings);
        accounts.into_iter().any(|known| known.account == container.account)
    }

    /// The page of this bastion in the portal.
    pub fn portal_url(&self, bastion: &BastionName) -> Option<String> {
        let known = self.bastions.iter().find(|known| known.name == *bastion)?;
        known.resource_id.as_ref().map(|id| format!("https://portal.azure.com/#resource{id}"))
    }
}
