//! Machines and accounts, with names that collide on purpose.
//!
//! `vm` + `web-01-ops`, `vm-web` + `01-ops` and `vm-web-01` + `ops` give one name; `vm` + `ops.7` looks like the seventh
//! repetition of `vm` + `ops`.

use crate::estate::SUBSCRIPTION;
use crate::random::Random;

/// What a session leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// How it is reached.
    pub reach: Reach,
    /// What the bastion puts into the names of recordings, in the case of the machine.
    pub name: String,
    /// The machine's resource id, in its own case; none for an address.
    pub resource_id: Option<String>,
    /// Its private address.
    pub address: String,
}

/// How a target is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// As a virtual machine.
    Machine,
    /// As an instance of a scale set: recorded as `set_instance`.
    Instance,
    /// By its address alone.
    Address,
    /// Through a shareable link, which tells no person.
    Link,
}

impl Target {
    /// What the audit log calls this kind of target.
    pub fn resource_type(&self) -> &'static str {
        match self.reach {
            Reach::Machine => "VM",
            Reach::Instance => "VMSS",
            Reach::Address => "IPConnect",
            Reach::Link => "BSL",
        }
    }
}

const MACHINES: [&str; 6] = ["vm", "vm-web", "vm-web-01", "app.7", "DB-Prod-2", "VMWINS2022"];

pub(crate) const ACCOUNTS: [&str; 6] = ["web-01", "ops", "ops.7", "01-ops", "azureadmin", "Local_Admin"];

/// Places whose recordings have the same name.
const ONE_NAME: [(usize, &str); 3] = [(0, "web-01-ops"), (1, "01-ops"), (2, "ops")];

/// The machine of this number.
pub(crate) fn machine(number: usize) -> Target {
    let name = MACHINES[number % MACHINES.len()];
    Target {
        reach: Reach::Machine,
        name: name.to_owned(),
        resource_id: Some(compute("virtualMachines", name)),
        address: format!("10.1.2.{}", number + 4),
    }
}

/// Any of the machines.
pub(crate) fn any_machine(random: &mut Random) -> Target {
    machine((random.next() % MACHINES.len() as u64) as usize)
}

/// A target that is no machine reached by its id.
pub(crate) fn unusual(random: &mut Random) -> Target {
    match random.between(1, 3) {
        1 => instance(random.between(0, 3)),
        2 => {
            let address = format!("10.50.7.{}", random.between(21, 22));
            Target { reach: Reach::Address, name: address.clone(), resource_id: None, address }
        }
        _ => Target { reach: Reach::Link, ..any_machine(random) },
    }
}

fn instance(number: i64) -> Target {
    let id = compute("virtualMachineScaleSets", &format!("vmss-api/virtualMachines/{number}"));
    Target {
        reach: Reach::Instance,
        name: format!("vmss-api_{number}"),
        resource_id: Some(id),
        address: format!("10.1.9.{number}"),
    }
}

/// Two machines and accounts whose recordings have one name.
pub(crate) fn colliding(random: &mut Random) -> Vec<(Target, &'static str)> {
    random.pick_several(&ONE_NAME, 2).into_iter().map(|(number, account)| (machine(number), account)).collect()
}

/// The account as somebody types it.
pub(crate) fn typed(account: &str, random: &mut Random) -> String {
    match random.between(1, 12) {
        1 => account.to_ascii_uppercase(),
        2 => account[..1].to_ascii_uppercase() + &account[1..],
        _ => account.to_owned(),
    }
}

fn compute(kind: &str, name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/{kind}/{name}")
}
