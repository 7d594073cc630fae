//! Containers of the folder for the configured storage accounts.

use std::path::Path;

use configuration::{AuditLogs, Configuration, RecordingContainer};
use domain::address::ContainerAddress;

/// Returns every configured container with recordings.
pub fn recordings(configuration: &Configuration) -> Vec<ContainerAddress> {
    configuration.bastions.iter().flat_map(|bastion| &bastion.recordings).map(RecordingContainer::address).collect()
}

/// Returns every configured container with audit logs.
pub fn audit_logs(configuration: &Configuration) -> Vec<ContainerAddress> {
    let configured = configuration.bastions.iter().filter_map(|bastion| bastion.audit_logs.as_ref());
    configured.map(AuditLogs::address).collect()
}

/// Returns the paths of the containers, for people.
pub fn shown(folder: &Path, containers: &[ContainerAddress]) -> String {
    let paths = containers.iter().map(|container| folder.join(container.to_string()).display().to_string());
    paths.collect::<Vec<_>>().join(", ")
}
