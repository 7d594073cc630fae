//! The folder that stands for the configured storage accounts.

use std::path::Path;

use configuration::{Configuration, Recordings};
use domain::address::ContainerAddress;

/// Every configured container.
pub fn containers(configuration: &Configuration) -> Vec<ContainerAddress> {
    configuration.bastions.iter().flat_map(|bastion| &bastion.recordings).map(Recordings::address).collect()
}

/// Where recordings go, for people.
pub fn shown(folder: &Path, containers: &[ContainerAddress]) -> String {
    let paths = containers.iter().map(|container| folder.join(container.to_string()).display().to_string());
    paths.collect::<Vec<_>>().join(", ")
}
