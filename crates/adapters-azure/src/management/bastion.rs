//! Bastions in the management API.

use std::collections::BTreeMap;

use domain::decide::posture::{BastionFacts, MaybeKnown, ResourceId};
use pipeline::ports::posture::Read;
use serde::Deserialize;

use super::client::Management;

/// API versions, newest first. Only the first has `sessionRecordingConfiguration`; a cloud or a subscription may not
/// know it yet.
const VERSIONS: [&str; 2] = ["2026-01-01", "2025-05-01"];

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

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Recording {
    blob_container_uri: Option<String>,
    identity: Option<Writer>,
}

/// Identity that the bastion writes recordings with: one of its own.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Writer {
    user_assigned_identity_id: Option<String>,
}

impl Management {
    pub(super) async fn bastion(&self, id: &ResourceId) -> Read<Option<BastionFacts>> {
        Ok(self.get_newest::<Wire>(id.as_str(), &VERSIONS).await?.map(|wire| wire.map(BastionFacts::from)))
    }

    pub(super) async fn bastions_beside(&self, id: &ResourceId) -> Read<Vec<BastionFacts>> {
        let path = format!("/subscriptions/{}/providers/Microsoft.Network/bastionHosts", id.subscription());
        let listed: MaybeKnown<Option<Vec<Wire>>> = self.list_newest(&path, &VERSIONS).await?;
        Ok(listed.map(|all| all.unwrap_or_default().into_iter().map(BastionFacts::from).collect()))
    }
}

impl From<Wire> for BastionFacts {
    fn from(Wire { id, location, sku, identity, properties }: Wire) -> Self {
        let recording = properties.session_recording_configuration.unwrap_or_default();
        let principals = principals(identity.unwrap_or_default(), recording.identity);
        Self {
            id,
            location,
            sku: sku.name,
            dns_name: properties.dns_name.unwrap_or_default(),
            records: properties.enable_session_recording.unwrap_or(false),
            lets_native_clients_in: properties.enable_tunneling.unwrap_or(false),
            container_url: recording.blob_container_uri.filter(|url| !url.is_empty()),
            principals,
        }
    }
}

/// Object ids of the identities that may write recordings: the one that the bastion names, else all of its own.
fn principals(identity: Identity, writer: Option<Writer>) -> Vec<String> {
    let assigned = identity.user_assigned_identities.unwrap_or_default();
    let named = writer.map(|writer| writer.user_assigned_identity_id.filter(|id| !id.is_empty()));
    let is_writer = |id: &str| match &named {
        Some(Some(name)) => id.eq_ignore_ascii_case(name),
        Some(None) => false,
        None => true,
    };
    let own = identity.principal_id.filter(|_| !matches!(named, Some(Some(_))));
    let assigned = assigned.into_iter().filter(|(id, _)| is_writer(id)).filter_map(|(_, one)| one.principal_id);
    own.into_iter().chain(assigned).collect()
}
