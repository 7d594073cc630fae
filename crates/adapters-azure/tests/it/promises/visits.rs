//! Sessions as the bastion writes them to its audit log.

use domain::address::{BlobAddress, BlobName, ContainerAddress};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub const RESOURCE_ID: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas";
/// An invalid record: a comma is missing.
pub const BROKEN: &str = "{\"time\": \"2026-03-02T09:01:00Z\" \"category\": \"BastionAuditLogs\"}\n";

/// A session on machine `vm` with account `user`; its recording is named `vm-user`.
#[derive(Debug, Clone)]
pub struct AzureVisit {
    pub tunnel: String,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl AzureVisit {
    pub fn new(tunnel: &str, start: Timestamp, length: SignedDuration) -> Self {
        Self { tunnel: tunnel.to_owned(), start, end: start + length }
    }

    /// Start record.
    pub fn begun(&self) -> String {
        self.record(self.start, &json!({"message": "Successfully Connected.", "sessionStartTime": self.start}))
    }

    /// End record.
    pub fn over(&self) -> String {
        self.record(self.end, &json!({"sessionStartTime": self.start, "sessionEndTime": self.end}))
    }

    /// Record of a failed login instead of a session.
    pub fn failed(&self) -> String {
        self.record(self.start, &json!({"message": "Login Failed"}))
    }

    fn record(&self, written_at: Timestamp, more: &Value) -> String {
        let mut properties = json!({
            "tunnelId": self.tunnel,
            "userName": "user",
            "userEmail": "ada@contoso.example",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0",
            "clientIpAddress": "198.51.100.7",
            "protocol": "ssh",
            "targetResourceId": "/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/VM",
        });
        for (name, value) in more.as_object().unwrap() {
            properties[name] = value.clone();
        }
        let record = json!({
            "time": written_at,
            "resourceId": RESOURCE_ID.to_uppercase(),
            "category": "BastionAuditLogs",
            "properties": properties,
        });
        format!("{record}\n")
    }
}

/// Container of the audit logs.
pub fn logs() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "insights-logs-bastionauditlogs").unwrap()
}

/// Audit log of the hour in which every world begins.
pub fn log() -> BlobAddress {
    let hour = "y=2026/m=03/d=02/h=09/m=00/PT1H.json";
    logs().blob(BlobName::parse(&format!("resourceId={}/{hour}", RESOURCE_ID.to_uppercase())).unwrap())
}

/// A request to the recordings' account, as its resource log shows it.
#[derive(Debug, Clone, Copy)]
pub struct AzureRequest {
    pub id: u32,
    pub at: Timestamp,
    /// Signed-in person. `None` for the holder of a signature.
    pub person: Option<&'static str>,
    pub bytes: u64,
}

impl AzureRequest {
    /// Line of a read of `vm-user`.
    pub fn line(&self) -> String {
        let identity = match self.person {
            Some(person) => json!({ "type": "OAuth", "requester": { "appId": "p", "objectId": "o", "upn": person } }),
            None => json!({ "type": "SAS", "tokenHash": "SasSignature(ab)" }),
        };
        let line = json!({
            "time": self.at,
            "category": "StorageRead",
            "operationName": "GetBlob",
            "statusCode": 200,
            "callerIpAddress": "203.0.113.7:5000",
            "correlationId": format!("{:08x}-601e-0001-0001-000000000000", self.id),
            "identity": identity,
            "properties": { "accountName": "stbastionrec01", "responseBodySize": self.bytes },
            "uri": "https://stbastionrec01.blob.core.windows.net:443/recordings/vm-user?sig=XXXXX",
        });
        format!("{line}\n")
    }
}

/// Log of accesses of the hour in which every world begins. An emulator has it in the account of the recordings.
pub fn access_log() -> BlobAddress {
    let account = "/subscriptions/s/providers/Microsoft.Storage/storageAccounts/stbastionrec01/blobServices/default";
    let name = format!("resourceId={account}/y=2026/m=03/d=02/h=09/m=00/PT1H.json");
    let container = ContainerAddress::parse("stbastionrec01", "insights-logs-storageread").unwrap();
    container.blob(BlobName::parse(&name).unwrap())
}
