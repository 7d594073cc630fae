//! The lifecycle management policy of an account in the management API.

use async_trait::async_trait;
use domain::address::AccountName;
use domain::decide::posture::{LifecycleRule, ResourceId};
use pipeline::ports::posture::Read;
use pipeline::ports::{LifecyclePolicies, LifecyclePolicy};
use serde::Deserialize;
use serde_json::Value;

use super::account::VERSION;
use super::client::Management;

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Properties {
    policy: Policy,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Policy {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(default)]
    name: String,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    definition: Definition,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Definition {
    filters: Filters,
    actions: Actions,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Filters {
    blob_types: Vec<String>,
    prefix_match: Vec<String>,
    blob_index_match: Vec<TagMatch>,
}

#[derive(Deserialize)]
struct TagMatch {
    name: String,
    value: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Actions {
    base_blob: Option<BaseBlob>,
}

#[derive(Deserialize)]
struct BaseBlob {
    #[serde(default)]
    delete: Option<Value>,
}

/// Path of the account's only policy.
fn path(account: &ResourceId) -> String {
    format!("{account}/managementPolicies/default")
}

impl Management {
    pub(super) async fn lifecycle(&self, account: &ResourceId) -> Read<Vec<LifecycleRule>> {
        let answer = self.get::<Wire>(&path(account), VERSION).await?;
        // An account without rules has no such resource.
        let rules = answer.map(|wire| wire.map(|wire| wire.properties.policy.rules).unwrap_or_default());
        Ok(rules.map(|rules: Vec<Rule>| rules.into_iter().map(LifecycleRule::from).collect::<Vec<_>>()))
    }
}

#[async_trait]
impl LifecyclePolicies for Management {
    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<ResourceId>> {
        let found = self.account(name, beside).await?;
        Ok(found.map(|account| account.and_then(|account| ResourceId::parse(&account.id))))
    }

    async fn read(&self, account: &ResourceId) -> Read<Option<LifecyclePolicy>> {
        let answer = self.get::<Value>(&path(account), VERSION).await?;
        Ok(answer.map(|policy| {
            policy.map(|value| LifecyclePolicy {
                modified_at: value["properties"]["lastModifiedTime"].as_str().map(str::to_owned),
                document: value.to_string(),
            })
        }))
    }

    async fn write(&self, account: &ResourceId, document: &str) -> Read<()> {
        let remedy = format!(
            "give it a role with Microsoft.Storage/storageAccounts/managementPolicies/write (Storage Account Contributor \
             has it): az role assignment create --assignee CLIENT_ID --role 'Storage Account Contributor' --scope {account}"
        );
        self.put(&path(account), VERSION, document.to_owned(), &remedy).await
    }
}

impl From<Rule> for LifecycleRule {
    fn from(Rule { name, enabled, definition: Definition { filters, actions } }: Rule) -> Self {
        let types = filters.blob_types;
        let is_of_recordings = types.is_empty() || types.iter().any(|kind| kind.eq_ignore_ascii_case("blockBlob"));
        Self {
            name,
            is_enabled: enabled.unwrap_or(true),
            deletes: is_of_recordings && actions.base_blob.is_some_and(|blob| blob.delete.is_some()),
            prefixes: filters.prefix_match,
            tags: filters.blob_index_match.into_iter().map(|tag| (tag.name, tag.value)).collect(),
        }
    }
}
