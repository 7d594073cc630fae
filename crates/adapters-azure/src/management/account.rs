//! Storage accounts and their blob services in the management API.

use std::collections::BTreeMap;

use domain::address::AccountName;
use domain::decide::posture::{AccountFacts, CorsRule, MaybeKnown, ResourceId, ServiceFacts};
use jiff::Timestamp;
use pipeline::ports::posture::Read;
use serde::Deserialize;

use super::client::Management;

pub(super) const VERSION: &str = "2023-01-01";

#[derive(Deserialize)]
struct Wire {
    id: String,
    name: String,
    #[serde(default)]
    location: String,
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    is_hns_enabled: Option<bool>,
    allow_shared_key_access: Option<bool>,
    public_network_access: Option<String>,
    network_acls: Option<Acls>,
    private_endpoint_connections: Option<Vec<serde_json::Value>>,
    key_creation_time: Option<BTreeMap<String, Option<Timestamp>>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Acls {
    default_action: Option<String>,
    bypass: Option<String>,
    ip_rules: Vec<serde_json::Value>,
    virtual_network_rules: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct ServiceWire {
    #[serde(default)]
    properties: ServiceProperties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ServiceProperties {
    cors: Cors,
    is_versioning_enabled: Option<bool>,
    delete_retention_policy: Option<Retention>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Cors {
    cors_rules: Vec<CorsWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CorsWire {
    #[serde(default)]
    allowed_origins: Vec<String>,
    #[serde(default)]
    allowed_methods: Vec<String>,
    #[serde(default)]
    allowed_headers: Vec<String>,
    #[serde(default)]
    max_age_in_seconds: i64,
}

#[derive(Deserialize)]
struct Retention {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    days: Option<u32>,
}

impl Management {
    pub(super) async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<AccountFacts>> {
        let path = format!("/subscriptions/{}/providers/Microsoft.Storage/storageAccounts", beside.subscription());
        let listed: MaybeKnown<Option<Vec<Wire>>> = self.list(&path, VERSION).await?;
        Ok(listed.map(|all| {
            let mut all = all.unwrap_or_default().into_iter();
            all.find(|wire| wire.name.eq_ignore_ascii_case(name.as_str())).map(AccountFacts::from)
        }))
    }

    pub(super) async fn service(&self, account: &ResourceId) -> Read<ServiceFacts> {
        let answer = self.get::<ServiceWire>(&format!("{account}/blobServices/default"), VERSION).await?;
        Ok(answer.and_then(|wire| match wire {
            Some(wire) => MaybeKnown::Read(wire.properties.into()),
            None => MaybeKnown::unread("the account has no blob service"),
        }))
    }
}

impl From<Wire> for AccountFacts {
    fn from(Wire { id, name, location, properties }: Wire) -> Self {
        let acls = properties.network_acls.unwrap_or_default();
        let is =
            |text: &Option<String>, wanted: &str| text.as_deref().is_none_or(|text| text.eq_ignore_ascii_case(wanted));
        let keys = properties.key_creation_time.unwrap_or_default();
        Self {
            id,
            name,
            location,
            is_hierarchical: properties.is_hns_enabled.unwrap_or(false),
            takes_keys: properties.allow_shared_key_access.unwrap_or(true),
            is_public_network_on: is(&properties.public_network_access, "Enabled"),
            lets_all_networks_in: is(&acls.default_action, "Allow"),
            lets_services_in: acls.bypass.as_deref().is_none_or(|bypass| bypass.contains("AzureServices")),
            network_rules: acls.ip_rules.len() + acls.virtual_network_rules.len(),
            private_endpoints: properties.private_endpoint_connections.unwrap_or_default().len(),
            keys: keys.into_iter().filter_map(|(key, made)| Some((key, made?))).collect(),
        }
    }
}

impl From<ServiceProperties> for ServiceFacts {
    fn from(properties: ServiceProperties) -> Self {
        let rule = |wire: CorsWire| CorsRule {
            origins: wire.allowed_origins,
            methods: wire.allowed_methods,
            headers: wire.allowed_headers,
            max_age: wire.max_age_in_seconds,
        };
        let soft = properties.delete_retention_policy.filter(|policy| policy.enabled);
        Self {
            cors: properties.cors.cors_rules.into_iter().map(rule).collect(),
            is_versioned: MaybeKnown::Read(properties.is_versioning_enabled.unwrap_or(false)),
            soft_delete_days: soft.map(|policy| policy.days.unwrap_or(0)),
        }
    }
}
