//! What the bastion tells of its sessions in its audit log.

use domain::address::{BlobAddress, BlobName};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::BlobStore;
use serde_json::{Value, json};

use crate::host::Work;
use crate::world::{RESOURCE_ID, World, logs};
use pipeline::testing::schedule::now;

/// Who is on the machine, unless a test says otherwise.
pub const PERSON: &str = "ada@contoso.example";

/// A session as it was.
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
    /// A visit of the machine `vm` by the account `user`, whose recording is named `vm-user`.
    pub fn new(tunnel: &str, start: Timestamp, minutes: i64) -> Self {
        let [machine, account, person] = ["vm", "user", PERSON].map(str::to_owned);
        let end = start + SignedDuration::from_mins(minutes);
        Self { tunnel: tunnel.to_owned(), machine, account, person, start, end }
    }

    /// The record of its beginning.
    pub fn begun(&self) -> String {
        self.record(self.start, &json!({"message": "Successfully Connected.", "sessionStartTime": self.start}))
    }

    /// The record of its end.
    pub fn over(&self) -> String {
        let times = json!({"sessionStartTime": self.start, "sessionEndTime": self.end});
        self.record(self.end, &times)
    }

    /// The record of a login that failed instead.
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
    /// The audit log of this hour.
    pub fn log(&self) -> BlobAddress {
        let hour = self.now().to_zoned(TimeZone::UTC).strftime("y=%Y/m=%m/d=%d/h=%H/m=00/PT1H.json").to_string();
        logs().blob(BlobName::parse(&format!("resourceId={}/{hour}", RESOURCE_ID.to_uppercase())).unwrap())
    }

    /// Has the audit log of this hour grow by this, and gives the news of it.
    pub fn tells(&self, text: &str) -> Work {
        let log = self.log();
        self.grow(&log, text);
        Work::Log(log)
    }

    /// Has an audit log grow.
    pub fn grow(&self, log: &BlobAddress, text: &str) {
        let there = now(self.blobs.read(log, 0, usize::MAX, None)).unwrap().map(|piece| piece.bytes);
        self.blobs.write(log, &[there.unwrap_or_default(), text.as_bytes().to_vec()].concat(), self.now());
    }
}
