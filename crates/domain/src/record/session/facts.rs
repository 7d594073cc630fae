//! Facts about a session.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::tunnel::TunnelId;

/// Session as shown with a recording, in lists and in notifications. A field is `None` if the records contradict each
/// other about it, or if no record states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFacts {
    /// Id of the connection.
    pub tunnel_id: TunnelId,
    /// Account on the target machine; not a person.
    pub user_name: Option<Arc<str>>,
    /// Person who connected.
    pub user_email: Option<Arc<str>>,
    /// IP address of the client.
    pub client_ip: Option<Arc<str>>,
    /// `ssh` or `rdp`, in lower case.
    pub protocol: Option<Arc<str>>,
    /// Resource id of the machine.
    pub target_resource_id: Option<Arc<str>>,
    /// Private IP address of the machine.
    pub target_ip: Option<Arc<str>>,
    /// Start of the session.
    pub started_at: Option<Timestamp>,
    /// End of the session.
    pub ended_at: Option<Timestamp>,
    /// Duration of the session.
    pub duration: Option<SignedDuration>,
}

impl SessionFacts {
    /// Returns the machine: the last segment of its resource id (`set_instance` for a scale set), or else its address.
    pub fn machine(&self) -> Option<String> {
        self.machine_name().or_else(|| self.target_ip.as_deref().map(str::to_owned))
    }

    /// Returns the name of the machine. `None` if the log only contains its address.
    pub fn machine_name(&self) -> Option<String> {
        self.target_resource_id.as_deref().and_then(machine_of)
    }
}

/// Returns the machine of a resource id: its last segment, or `set_instance` for a scale set.
pub fn machine_of(resource_id: &str) -> Option<String> {
    let (set, instance) = set_and_instance(resource_id);
    match (set, instance?) {
        (Some(set), instance) => Some(format!("{set}_{instance}")),
        (None, machine) => Some(machine.to_owned()),
    }
}

/// Returns the scale set, if the resource is an instance of one, and the last segment of the resource id.
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
    fn a_machine_is_the_last_segment_and_an_instance_includes_its_set() {
        assert_eq!(machine_of("/S/R/VIRTUALMACHINES/VM-WEB"), Some("VM-WEB".to_owned()));
        let instance = "/S/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINESCALESETS/VMSS-API/VIRTUALMACHINES/7";
        assert_eq!(machine_of(instance), Some("VMSS-API_7".to_owned()));
        assert_eq!(machine_of("/"), None);
    }
}
