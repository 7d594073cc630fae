//! The made-up estate: two bastions, each with a container for its recordings, and one container for both audit logs.

use domain::address::{AddressError, ContainerAddress};
use domain::estate::BastionName;

/// The subscription that everything belongs to.
pub(crate) const SUBSCRIPTION: &str = "8d2c9a54-1f0b-4e7d-9b0e-3d5f6a7b8c90";

/// Where the day takes place; the same for every seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estate {
    /// The bastions.
    pub bastions: Vec<Bastion>,
    /// Where the audit logs of all of them are.
    pub audit_logs: ContainerAddress,
}

/// A bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bastion {
    /// Its name.
    pub name: BastionName,
    /// Its resource id, in the case of the management API.
    pub resource_id: String,
    /// Where it records.
    pub recordings: ContainerAddress,
}

impl Estate {
    pub(crate) fn new() -> Result<Self, AddressError> {
        let bastion = |name, account| -> Result<_, AddressError> {
            let provider = "providers/Microsoft.Network/bastionHosts";
            Ok(Bastion {
                name: BastionName::new(name),
                resource_id: format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub/{provider}/{name}"),
                recordings: ContainerAddress::parse(account, "recordings")?,
            })
        };
        Ok(Self {
            bastions: vec![bastion("bas-hub-01", "stbastionrec01")?, bastion("bas-hub-02", "stbastionrec02")?],
            audit_logs: ContainerAddress::parse("stbastionaudit", "insights-logs-bastionauditlogs")?,
        })
    }
}
