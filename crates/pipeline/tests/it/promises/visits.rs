//! Sessions as the bastion writes them to its audit log.

use domain::address::{BlobAddress, BlobName};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::BlobStore;
use serde_json::{Value, json};

use crate::promises::host::Work;
use crate::promises::world::{RESOURCE_ID, World, logs};
use pipeline::testing::schedule::now;

/// Default person of a session.
pub const PERSON: &str = "ada@contoso.example";

/// A session that took place.
#[derive(Debug, Clone)]
pub struct Visit {
    pub tunnel: String,
    pub machine: String,
    pub account: String,
    pub person: String,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Visit {
    /// Creates a session on machine `vm` with account `user`; its recording is named `vm-user`.
    pub fn new(tunnel: &str, start: Timestamp, minutes: i64) -> Self {
        let [machine, account, person] = ["vm", "user", PERSON].map(str::to_owned);
        let end = start + SignedDuration::from_mins(minutes);
        Self { tunnel: tunnel.to_owned(), machine, account, person, start, end }
    }

    /// Start record.
    pub fn begun(&self) -> String {
        self.record(self.start, &json!({"message": "Successfully Connected.", "sessionStartTime": self.start}))
    }

    /// End record.
    pub fn over(&self) -> String {
        let times = json!({"sessionStartTime": self.start, "sessionEndTime": self.end});
        self.record(self.end, &times)
    }

    /// Record of a failed login instead of a session.
    pub fn failed(&self) -> String {
        self.record(self.start, &json!({"message": "Login Failed"}))
    }

    fn record(&self, written_at: Timestamp, more: &Value) -> String {
        let target = format!("/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/{}", self.machine);
        let mut properties = json!({
            "tunnelId": self.tunnel,
            "userName": self.account,
            "userEmail": self.person,
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0",
            "clientIpAddress": "198.51.100.7",
            "protocol": "ssh",
            "targetResourceId": target.to_uppercase(),
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

impl World {
    /// Audit log of this hour.
    pub fn log(&self) -> BlobAddress {
        let hour = self.now().to_zoned(TimeZone::UTC).strftime("y=%Y/m=%m/d=%d/h=%H/m=00/PT1H.json").to_string();
        logs().blob(BlobName::parse(&format!("resourceId={}/{hour}", RESOURCE_ID.to_uppercase())).unwrap())
    }

    /// Appends to the audit log of this hour; returns its event.
    pub fn tells(&self, text: &str) -> Work {
        let log = self.log();
        self.grow(&log, text);
        Work::Log(log)
    }

    /// Appends to an audit log.
    pub fn grow(&self, log: &BlobAddress, text: &str) {
        let there = now(self.blobs.read(log, 0, usize::MAX, None)).unwrap().map(|piece| piece.bytes);
        self.blobs.write(log, &[there.unwrap_or_default(), text.as_bytes().to_vec()].concat(), self.now());
    }
}
