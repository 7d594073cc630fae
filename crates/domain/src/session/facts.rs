//! What an entry keeps of a session.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::tunnel::TunnelId;

/// A session as it is shown with a recording, in lists and in notifications. What records contradict each other about is
/// `None`, as is what none of them says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFacts {
    /// The connection.
    pub tunnel_id: TunnelId,
    /// The account on the target; no person.
    pub user_name: Option<Arc<str>>,
    /// The person.
    pub user_email: Option<Arc<str>>,
    /// Where the person came from.
    pub client_ip: Option<Arc<str>>,
    /// `ssh` or `rdp`, in lower case.
    pub protocol: Option<Arc<str>>,
    /// The machine's resource id.
    pub target_resource_id: Option<Arc<str>>,
    /// The machine's private address.
    pub target_ip: Option<Arc<str>>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How long it was.
    pub duration: Option<SignedDuration>,
}

impl SessionFacts {
    /// The machine: the last segment of its resource id, of a scale set's instance `set_instance`, or else its address.
    pub fn machine(&self) -> Option<String> {
        self.machine_name().or_else(|| self.target_ip.as_deref().map(str::to_owned))
    }

    /// The name of the machine. `None` if the log tells no more than its address.
    pub fn machine_name(&self) -> Option<String> {
        self.target_resource_id.as_deref().and_then(machine_of)
    }
}

/// The machine that a resource id names: its last segment, of a scale set's instance `set_instance`.
pub fn machine_of(resource_id: &str) -> Option<String> {
    let (set, instance) = set_and_instance(resource_id);
    match (set, instance?) {
        (Some(set), instance) => Some(format!("{set}_{instance}")),
        (None, machine) => Some(machine.to_owned()),
    }
}

/// The last segment of a resource id, and the scale set that it is an instance of.
pub(crate) fn set_and_instance(resource_id: &str) -> (Option<&str>, Option<&str>) {
    let mut segments = resource_id.trim_matches('/').rsplit('/');
    let name = segments.next().filter(|name| !name.is_empty());
    let (_, set, kind) = (segments.next(), segments.next(), segments.next());
    (set.filter(|_| kind.is_some_and(|kind| kind.eq_ignore_ascii_case("virtualMachineScaleSets"))), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_the_last_segment_and_an_instance_has_its_set_before_it() {
        assert_eq!(machine_of("/S/R/VIRTUALMACHINES/VM-WEB"), Some("VM-WEB".to_owned()));
        let instance = "/S/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINESCALESETS/VMSS-API/VIRTUALMACHINES/7";
        assert_eq!(machine_of(instance), Some("VMSS-API_7".to_owned()));
        assert_eq!(machine_of("/"), None);
    }
}
