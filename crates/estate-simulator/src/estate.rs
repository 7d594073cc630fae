//! The simulated estate: two bastions with one recordings container each, and one container for both audit logs.

use domain::address::{AddressError, ContainerAddress};
use domain::record::estate::BastionName;

/// Subscription of all resources.
pub(crate) const SUBSCRIPTION: &str = "8d2c9a54-1f0b-4e7d-9b0e-3d5f6a7b8c90";

/// Bastions and containers of a day; the same for every seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedEstate {
    /// All bastions.
    pub bastions: Vec<SimulatedBastion>,
    /// Container of all audit logs.
    pub audit_logs: ContainerAddress,
}

/// A simulated bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedBastion {
    /// Name of the bastion.
    pub name: BastionName,
    /// Resource id in the case of the management API.
    pub resource_id: String,
    /// Container of its recordings.
    pub recordings: ContainerAddress,
}

impl SimulatedEstate {
    pub(crate) fn new() -> Result<Self, AddressError> {
        let bastion = |name, account| -> Result<_, AddressError> {
            let provider = "providers/Microsoft.Network/bastionHosts";
            Ok(SimulatedBastion {
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
