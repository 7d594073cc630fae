//! What the bastion tells of its sessions in its audit log.

use domain::address::{BlobAddress, BlobName, ContainerAddress};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub const RESOURCE_ID: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas";
/// No record: a comma is missing.
pub const BROKEN: &str = "{\"time\": \"2026-03-02T09:01:00Z\" \"category\": \"BastionAuditLogs\"}\n";

/// A session of the machine `vm` by the account `user`, whose recording is named `vm-user`.
#[derive(Debug, Clone)]
pub struct Visit {
    pub tunnel: String,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Visit {
    pub fn new(tunnel: &str, start: Timestamp, length: SignedDuration) -> Self {
        Self { tunnel: tunnel.to_owned(), start, end: start + length }
    }

    /// The record of its beginning.
    pub fn begun(&self) -> String {
        self.record(self.start, &json!({"message": "Successfully Connected.", "sessionStartTime": self.start}))
    }

    /// The record of its end.
    pub fn over(&self) -> String {
        self.record(self.end, &json!({"sessionStartTime": self.start, "sessionEndTime": self.end}))
    }

    /// The record of a login that failed instead.
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

/// Where the audit logs are.
pub fn logs() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "insights-logs-bastionauditlogs").unwrap()
}

/// The audit log of the hour in which every world begins.
pub fn log() -> BlobAddress {
    let hour = "y=2026/m=03/d=02/h=09/m=00/PT1H.json";
    logs().blob(BlobName::parse(&format!("resourceId={}/{hour}", RESOURCE_ID.to_uppercase())).unwrap())
}
