//! Resources of every subscription, from Azure Resource Graph.

use async_trait::async_trait;
use domain::decide::posture::{BastionFacts, DiagnosticSetting, MaybeKnown, ResourceId};
use pipeline::ports::Fault;
use pipeline::ports::discovery::{Discovery, ResourceKind, VisibleResource};
use pipeline::ports::posture::Read;
use serde::Deserialize;
use serde_json::json;

use super::client::Management;

const PATH: &str = "/providers/Microsoft.ResourceGraph/resources";
const VERSION: &str = "2024-04-01";
/// Most resources of a page that the service returns.
const PER_PAGE: usize = 1_000;
/// Most pages read.
const PAGES: usize = 50;
const REMEDY: &str =
    "give it the role Reader on the subscriptions, or name those that you can read with --subscription";

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    data: Vec<Row>,
    #[serde(default, rename = "$skipToken")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(default)]
    location: Option<String>,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    principal: Option<String>,
}

#[async_trait]
impl Discovery for Management {
    async fn visible(&self, kind: ResourceKind, subscriptions: &[String]) -> Read<Vec<VisibleResource>> {
        let (of, detail) = match kind {
            ResourceKind::Bastions => ("microsoft.network/bastionhosts", "''"),
            ResourceKind::Accounts => {
                ("microsoft.storage/storageaccounts", "tostring(properties.primaryEndpoints.blob)")
            }
            ResourceKind::SystemTopics => ("microsoft.eventgrid/systemtopics", "tostring(properties.source)"),
        };
        // Pages are complete only in a stable order, and only if each row has its id.
        let query = format!(
            "resources | where type =~ '{of}' | project id, location, detail = {detail}, \
             principal = tostring(identity.principalId) | order by id asc"
        );
        let (mut found, mut token) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let mut body = json!({ "query": query, "options": { "resultFormat": "objectArray", "$top": PER_PAGE } });
            if !subscriptions.is_empty() {
                body["subscriptions"] = subscriptions.into();
            }
            if let Some(token) = token.take() {
                body["options"]["$skipToken"] = token.into();
            }
            let page = match self.ask::<Page>(PATH, VERSION, Some(body.to_string()), REMEDY).await? {
                MaybeKnown::Read(page) => page,
                MaybeKnown::NotReadable(why) => return Ok(MaybeKnown::NotReadable(why)),
            };
            let Some(page) = page else { break };
            found.extend(page.data.into_iter().filter_map(visible));
            match page.next.filter(|next| !next.is_empty()) {
                Some(next) => token = Some(next),
                None => return Ok(MaybeKnown::Read(found)),
            }
        }
        Err(Fault::permanent(format!("ask {PATH}"), format!("the answer ends early, or has more than {PAGES} pages")))
    }

    async fn bastion(&self, id: &ResourceId) -> Read<Option<BastionFacts>> {
        Self::bastion(self, id).await
    }

    async fn diagnostics(&self, id: &ResourceId) -> Read<Vec<DiagnosticSetting>> {
        Self::diagnostics(self, id).await
    }
}

fn visible(row: Row) -> Option<VisibleResource> {
    let Some(id) = ResourceId::parse(&row.id) else {
        tracing::warn!(id = row.id, "resource left out: its id has characters that are not supported");
        return None;
    };
    Some(VisibleResource {
        id,
        location: row.location.unwrap_or_default(),
        detail: row.detail.unwrap_or_default(),
        has_identity: row.principal.is_some_and(|principal| !principal.is_empty()),
    })
}
