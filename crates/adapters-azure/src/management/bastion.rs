//! Bastions in the management API.

use std::collections::BTreeMap;

use domain::posture::{BastionFacts, MaybeKnown, ResourceId};
use pipeline::ports::posture::Read;
use serde::Deserialize;

use super::client::Management;

const VERSION: &str = "2025-05-01";

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    id: String,
    #[serde(default)]
    location: String,
    #[serde(default)]
    sku: Named,
    #[serde(default)]
    identity: Option<Identity>,
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize, Default)]
struct Named {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Identity {
    #[serde(default)]
    principal_id: Option<String>,
    #[serde(default)]
    user_assigned_identities: Option<BTreeMap<String, Assigned>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Assigned {
    #[serde(default)]
    principal_id: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Properties {
    #[serde(default)]
    dns_name: Option<String>,
    #[serde(default)]
    enable_session_recording: Option<bool>,
    #[serde(default)]
    enable_tunneling: Option<bool>,
    #[serde(default)]
    session_recording_configuration: Option<Recording>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recording {
    #[serde(default)]
    blob_container_uri: Option<String>,
}

impl Management {
    pub(super) async fn bastion(&self, id: &ResourceId) -> Read<Option<BastionFacts>> {
        Ok(self.get::<Wire>(id.as_str(), VERSION).await?.map(|wire| wire.map(BastionFacts::from)))
    }

    pub(super) async fn bastions_beside(&self, id: &ResourceId) -> Read<Vec<BastionFacts>> {
        let path = format!("/subscriptions/{}/providers/Microsoft.Network/bastionHosts", id.subscription());
        let listed: MaybeKnown<Option<Vec<Wire>>> = self.list(&path, VERSION).await?;
        Ok(listed.map(|all| all.unwrap_or_default().into_iter().map(BastionFacts::from).collect()))
    }
}

impl From<Wire> for BastionFacts {
    fn from(Wire { id, location, sku, identity, properties }: Wire) -> Self {
        let identity = identity.unwrap_or_default();
        let assigned = identity.user_assigned_identities.unwrap_or_default().into_values();
        let principals = identity.principal_id.into_iter().chain(assigned.filter_map(|one| one.principal_id));
        let container = properties.session_recording_configuration.and_then(|recording| recording.blob_container_uri);
        Self {
            id,
            location,
            sku: sku.name,
            dns_name: properties.dns_name.unwrap_or_default(),
            records: properties.enable_session_recording.unwrap_or(false),
            lets_native_clients_in: properties.enable_tunneling.unwrap_or(false),
            container_url: container.filter(|url| !url.is_empty()),
            principals: principals.collect(),
        }
    }
}
