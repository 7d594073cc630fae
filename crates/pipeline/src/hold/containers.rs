//! Finds the containers of the bastion that a hold names. The bastion's name in the configuration may change; its
//! containers stay.

use domain::record::estate::{BastionName, Estate};
use domain::record::hold::HoldScope;

use crate::ports::{Catalogue, Heading, ListRequest};

/// Number of recordings to look at under the name. The newest show the present containers.
const LOOKED_AT: usize = 100;

/// Adds the containers that the configuration has for the bastion of the scope.
pub(super) fn add_configured(scope: &mut HoldScope, estate: &Estate) {
    if let Some(name) = &scope.bastion {
        scope.containers.extend(estate.containers_of(name));
    }
}

/// Like [`add_configured`], and adds the containers of recordings that are catalogued under this name, because it may be
/// an earlier name. If they cannot be read, the scope covers them by name only.
pub(super) async fn add_containers(scope: &mut HoldScope, estate: &Estate, catalogue: &dyn Catalogue) {
    add_configured(scope, estate);
    let Some(name) = &scope.bastion else { return };
    let under = Some(Heading::Bastion(BastionName::new(name.trim())));
    match catalogue.list(&ListRequest { under, below: None, from: None, limit: LOOKED_AT }).await {
        Ok(page) => scope.containers.extend(page.iter().map(|entry| entry.address.container())),
        Err(fault) => tracing::warn!(%fault, "containers of the bastion not read"),
    }
}
