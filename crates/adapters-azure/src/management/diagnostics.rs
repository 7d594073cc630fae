//! Diagnostic settings in the management API.

use domain::decide::posture::{DiagnosticSetting, MaybeKnown, ResourceId};
use pipeline::ports::posture::Read;
use serde::Deserialize;

use super::client::Management;

/// Only preview versions exist.
const VERSION: &str = "2021-05-01-preview";

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    name: String,
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    storage_account_id: Option<String>,
    logs: Option<Vec<Log>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    category_group: Option<String>,
    #[serde(default)]
    enabled: bool,
}

impl Management {
    pub(super) async fn diagnostics(&self, id: &ResourceId) -> Read<Vec<DiagnosticSetting>> {
        let path = format!("{id}/providers/Microsoft.Insights/diagnosticSettings");
        let listed: MaybeKnown<Option<Vec<Wire>>> = self.list(&path, VERSION).await?;
        Ok(listed.map(|all| all.unwrap_or_default().into_iter().map(DiagnosticSetting::from).collect()))
    }
}

impl From<Wire> for DiagnosticSetting {
    fn from(Wire { name, properties }: Wire) -> Self {
        let logs = properties.logs.unwrap_or_default();
        let on = || logs.iter().filter(|log| log.enabled);
        let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Self {
            name,
            account_id: text(&properties.storage_account_id),
            categories: on().filter_map(|log| text(&log.category)).collect(),
            groups: on().filter_map(|log| text(&log.category_group)).collect(),
        }
    }
}
