//! Estates that the management API shows.

use serde_json::{Value, json};

pub struct FakeEstate {
    pub bastions: Vec<FakeBastion>,
    /// Resource ids of storage accounts, with their regions.
    pub accounts: Vec<(String, &'static str)>,
    /// Resource ids of system topics, with their sources.
    pub topics: Vec<(String, String)>,
    /// Rows of a page.
    pub page: usize,
    /// Requests answered with 429 before all others.
    pub throttled: usize,
    /// Answer to the newest API version, if it is not known.
    pub unregistered: Option<(u16, &'static str)>,
}

#[derive(Clone)]
pub struct FakeBastion {
    pub id: String,
    pub region: &'static str,
    pub sku: &'static str,
    pub records: bool,
    /// Container URL, if it records with its identity.
    pub container: Option<String>,
    /// Accounts of its diagnostic settings.
    pub logs: Vec<String>,
    /// True if the person may not read its diagnostic settings.
    pub is_forbidden: bool,
}

pub fn subscription(number: usize) -> String {
    format!("00000000-0000-0000-0000-{number:012}")
}

pub fn bastion_id(subscription: usize, group: &str, name: &str) -> String {
    let subscription = self::subscription(subscription);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/bastionHosts/{name}")
}

pub fn account_id(subscription: usize, group: &str, name: &str) -> String {
    let subscription = self::subscription(subscription);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}")
}

impl FakeBastion {
    /// A Premium bastion that records with its identity, and exports its audit log to the same account.
    pub fn recording(id: &str, account: &str, container: &str) -> Self {
        let name = account.rsplit('/').next().unwrap();
        Self {
            id: id.to_owned(),
            region: "westeurope",
            sku: "Premium",
            records: true,
            container: Some(format!("https://{name}.blob.core.windows.net/{container}")),
            logs: vec![account.to_owned()],
            is_forbidden: false,
        }
    }

    /// `Microsoft.Network` 2026-01-01, `BastionHostPutWithSystemAssignedIdentityForSRConfig.json`.
    pub fn body(&self, version: &str) -> Value {
        let mut properties = json!({ "dnsName": "bst-1.bastion.azure.com", "enableSessionRecording": self.records });
        if let Some(url) = self.container.as_ref().filter(|_| version == "2026-01-01") {
            properties["sessionRecordingConfiguration"] =
                json!({ "identity": { "type": "SystemAssigned" }, "blobContainerUri": url });
        }
        json!({ "id": self.id, "location": self.region, "sku": { "name": self.sku }, "properties": properties,
            "identity": { "type": "SystemAssigned", "principalId": "p1" } })
    }

    /// `Microsoft.Insights` 2021-05-01-preview, `listDiagnosticSettings.json`.
    pub fn settings(&self) -> Vec<Value> {
        let logs = json!([{ "category": "BastionAuditLogs", "enabled": true }]);
        let setting = |id: &String| json!({ "name": "s", "properties": { "storageAccountId": id, "logs": logs } });
        let metrics = json!({ "name": "m", "properties": { "workspaceId": "/x", "logs": [] } });
        self.logs.iter().map(setting).chain([metrics]).collect()
    }
}

impl FakeEstate {
    pub fn with_bastions(bastions: Vec<FakeBastion>) -> Self {
        Self { bastions, accounts: Vec::new(), topics: Vec::new(), page: 1_000, throttled: 0, unregistered: None }
    }

    pub fn bastion(&self, id: &str) -> Option<&FakeBastion> {
        self.bastions.iter().find(|bastion| bastion.id.eq_ignore_ascii_case(id))
    }

    /// Rows of a query, as the service shows them: some ids in other case.
    pub fn rows(&self, query: &str) -> Vec<Value> {
        if query.contains("microsoft.network/bastionhosts") {
            let row =
                |one: &FakeBastion| json!({ "id": one.id, "location": one.region, "detail": "", "principal": "" });
            return self.bastions.iter().map(row).collect();
        }
        if query.contains("microsoft.storage/storageaccounts") {
            let row = |(id, region): &(String, &str)| {
                let name = id.rsplit('/').next().unwrap();
                json!({ "id": id, "location": region, "detail": format!("https://{name}.blob.core.windows.net/"), "principal": "" })
            };
            return self.accounts.iter().map(row).collect();
        }
        let row = |(id, source): &(String, String)| json!({ "id": id, "location": "global", "detail": source, "principal": "p9" });
        self.topics.iter().map(row).collect()
    }
}
