//! Machines and accounts whose names collide on purpose.
//!
//! `vm` + `web-01-ops`, `vm-web` + `01-ops` and `vm-web-01` + `ops` give one name; `vm` + `ops.7` looks like the
//! seventh repetition of `vm` + `ops`.

use random::SplitMix;

use crate::estate::SUBSCRIPTION;

/// Target of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTarget {
    /// Kind of connection.
    pub reach: TargetKind,
    /// Target part of recording names, in the case of the machine.
    pub name: String,
    /// Resource id of the machine in its own case; `None` if connected by address.
    pub resource_id: Option<String>,
    /// Private IP address.
    pub address: String,
}

/// Kind of connection to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// Virtual machine.
    Machine,
    /// Instance of a scale set, recorded as `set_instance`.
    Instance,
    /// IP address without a resource id.
    Address,
    /// Shareable link; the log has no person.
    Link,
}

impl SessionTarget {
    /// Returns the `resourceType` of the audit log.
    pub fn resource_type(&self) -> &'static str {
        match self.reach {
            TargetKind::Machine => "VM",
            TargetKind::Instance => "VMSS",
            TargetKind::Address => "IPConnect",
            TargetKind::Link => "BSL",
        }
    }
}

const MACHINES: [&str; 6] = ["vm", "vm-web", "vm-web-01", "app.7", "DB-Prod-2", "VMWINS2022"];

pub(crate) const ACCOUNTS: [&str; 6] = ["web-01", "ops", "ops.7", "01-ops", "azureadmin", "Local_Admin"];

/// Machine numbers and accounts that give the same recording name.
const ONE_NAME: [(usize, &str); 3] = [(0, "web-01-ops"), (1, "01-ops"), (2, "ops")];

/// Returns the machine of this number.
pub(crate) fn machine(number: usize) -> SessionTarget {
    let name = MACHINES[number % MACHINES.len()];
    SessionTarget {
        reach: TargetKind::Machine,
        name: name.to_owned(),
        resource_id: Some(compute("virtualMachines", name)),
        address: format!("10.1.2.{}", number + 4),
    }
}

pub(crate) fn any_machine(random: &mut SplitMix) -> SessionTarget {
    machine((random.next() % MACHINES.len() as u64) as usize)
}

/// Returns a target other than a virtual machine connected by its resource id.
pub(crate) fn unusual(random: &mut SplitMix) -> SessionTarget {
    match random.between(1, 3) {
        1 => instance(random.between(0, 3)),
        2 => {
            let address = format!("10.50.7.{}", random.between(21, 22));
            SessionTarget { reach: TargetKind::Address, name: address.clone(), resource_id: None, address }
        }
        _ => SessionTarget { reach: TargetKind::Link, ..any_machine(random) },
    }
}

fn instance(number: i64) -> SessionTarget {
    let id = compute("virtualMachineScaleSets", &format!("vmss-api/virtualMachines/{number}"));
    SessionTarget {
        reach: TargetKind::Instance,
        name: format!("vmss-api_{number}"),
        resource_id: Some(id),
        address: format!("10.1.9.{number}"),
    }
}

/// Returns two machines and accounts with the same recording name.
pub(crate) fn colliding(random: &mut SplitMix) -> Vec<(SessionTarget, &'static str)> {
    random.pick_several(&ONE_NAME, 2).into_iter().map(|(number, account)| (machine(number), account)).collect()
}

/// Returns the account as typed: sometimes in upper case or capitalized.
pub(crate) fn typed(account: &str, random: &mut SplitMix) -> String {
    match random.between(1, 12) {
        1 => account.to_ascii_uppercase(),
        2 => account[..1].to_ascii_uppercase() + &account[1..],
        _ => account.to_owned(),
    }
}

fn compute(kind: &str, name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/{kind}/{name}")
}
