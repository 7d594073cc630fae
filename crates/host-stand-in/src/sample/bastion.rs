//! Bastions of the fictitious estate.

use domain::address::{AddressError, ContainerAddress};

/// Bastion of the sample, with the machines behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleBastion {
    /// Name, as in Azure.
    pub name: &'static str,
    /// Subscription of the bastion and its machines.
    pub subscription: &'static str,
    /// Resource group of the bastion and its machines.
    pub group: &'static str,
    /// Storage account of its recordings.
    pub recordings_account: &'static str,
    /// Storage account of its audit log.
    pub audit_account: &'static str,
    /// Machines that people connect to.
    pub(super) machines: &'static [&'static str],
}

/// Subscription of the shared services.
const PLATFORM: &str = "0a1b2c3d-1111-4111-8111-111111111111";

/// Subscription of the payment systems.
const PAYMENTS: &str = "4e5f6a7b-2222-4222-8222-222222222222";

const MACHINES: [&str; 14] = [
    "vm-web-01", "vm-web-02", "vm-web-03", "vm-app-01", "vm-app-02", "vm-db-01", "vm-db-02", "vm-dc-01", "vm-dc-02",
    "vm-files-01", "vm-jump-01", "vm-legacy-01", "lnx-build-01", "lnx-proxy-01",
];

/// The bastion of [`SampleDay`](super::SampleDay): the only one of a setup without a configuration.
pub(super) const LOCAL: SampleBastion = SampleBastion {
    name: "local",
    subscription: "00000000-0000-0000-0000-000000000000",
    group: "rg-sample",
    recordings_account: "local",
    audit_account: "local",
    machines: &MACHINES,
};

/// Bastions of [`SampleWeeks`](super::SampleWeeks): two of the shared services, two of the payment systems.
pub const BASTIONS: [SampleBastion; 4] = [
    SampleBastion {
        name: "bas-hub-weu",
        subscription: PLATFORM,
        group: "rg-hub-weu",
        recordings_account: "strechubweu",
        audit_account: "staudithub",
        machines: &MACHINES,
    },
    SampleBastion {
        name: "bas-hub-neu",
        subscription: PLATFORM,
        group: "rg-hub-neu",
        recordings_account: "strechubneu",
        audit_account: "staudithub",
        machines: &["vm-neu-web-01", "vm-neu-app-01", "vm-neu-db-01", "lnx-neu-proxy-01"],
    },
    SampleBastion {
        name: "bas-pay-weu",
        subscription: PAYMENTS,
        group: "rg-pay-weu",
        recordings_account: "strecpayweu",
        audit_account: "stauditpay",
        machines: &["vm-card-01", "vm-card-02", "vm-ledger-01", "vm-hsm-01"],
    },
    SampleBastion {
        name: "bas-pay-neu",
        subscription: PAYMENTS,
        group: "rg-pay-neu",
        recordings_account: "strecpayneu",
        audit_account: "stauditpay",
        machines: &["vm-card-11", "vm-ledger-11", "vm-hsm-11"],
    },
];

impl SampleBastion {
    /// Returns the resource id of the bastion.
    pub fn resource_id(&self) -> String {
        let Self { name, subscription, group, .. } = self;
        format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/bastionHosts/{name}")
    }

    /// Returns the container of its recordings.
    pub fn recordings(&self) -> Result<ContainerAddress, AddressError> {
        ContainerAddress::parse(self.recordings_account, "recordings")
    }

    /// Returns the container of its audit log.
    pub fn audit_logs(&self) -> Result<ContainerAddress, AddressError> {
        ContainerAddress::parse(self.audit_account, "insights-logs-bastionauditlogs")
    }
}
