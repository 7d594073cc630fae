//! A world with access logs, and lines as the storage account writes them.

use domain::address::{AccountName, BlobAddress, BlobName, ContainerAddress};
use domain::record::accessor::KnownIdentities;
use domain::record::catalogue::Entry;
use domain::record::estate::AccessLogs;
use domain::record::notification::Event;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::query::RecordingAccesses;
use pipeline::testing::schedule::now;
use serde_json::{Value, json};

use crate::promises::host::Work;
use crate::promises::outcome::entries;
use crate::promises::world::World;

pub const ARCHIVIST: &str = "00000000-0000-0000-0000-00000000000a";
pub const BASTION_ID: &str = "00000000-0000-0000-0000-00000000000b";
pub const NAME: &str = "vm-user";

/// Identity or token of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Person(&'static str),
    Application(&'static str),
    Signature(&'static str),
    Key,
}

/// A request to the recordings' account.
#[derive(Debug, Clone)]
pub struct Request {
    pub id: u32,
    pub at: Timestamp,
    pub who: Who,
    pub operation: &'static str,
    pub name: String,
    pub status: u16,
    pub bytes: u64,
    pub from: &'static str,
}

impl Request {
    pub fn new(id: u32, at: Timestamp, who: Who, operation: &'static str) -> Self {
        Self { id, at, who, operation, name: NAME.to_owned(), status: 200, bytes: 3, from: "203.0.113.7:5000" }
    }

    /// Request id as storage gives it.
    pub fn request_id(&self) -> String {
        format!("{:08x}-601e-0001-0001-000000000000", self.id)
    }

    pub fn line(&self) -> String {
        let identity = match self.who {
            Who::Person(person) => json!({
                "type": "OAuth",
                "tokenHash": format!("{:x}", self.id),
                "requester": { "appId": "portal", "objectId": format!("oid-{person}"), "upn": person },
            }),
            Who::Application(id) => json!({ "type": "OAuth", "requester": { "appId": id, "objectId": id } }),
            Who::Signature(hash) => json!({ "type": "SAS", "tokenHash": hash }),
            Who::Key => json!({ "type": "AccountKey", "tokenHash": "key1(AA)" }),
        };
        let line: Value = json!({
            "time": self.at,
            "category": "StorageRead",
            "operationName": self.operation,
            "statusCode": self.status,
            "callerIpAddress": self.from,
            "correlationId": self.request_id(),
            "identity": identity,
            "properties": { "accountName": "stbastionrec01", "responseBodySize": self.bytes, "requestBodySize": self.bytes },
            "uri": format!("https://stbastionrec01.blob.core.windows.net:443/recordings/{}?sig=XXXXX", self.name),
        });
        format!("{line}\n")
    }
}

/// A world whose recordings' accesses are logged; the archivist and the bastion have known identities.
pub fn world() -> World {
    let mut world = World::with_log();
    let known = KnownIdentities { archivist: vec![ARCHIVIST.to_owned()], bastion: vec![BASTION_ID.to_owned()] };
    let account = AccountName::parse("staudit01").unwrap();
    world.estate.bastions[0].access_logs = Some(AccessLogs { account, known });
    world.blobs.create_container(&container());
    world
}

pub fn container() -> ContainerAddress {
    ContainerAddress::parse("staudit01", AccessLogs::CONTAINERS[0]).unwrap()
}

pub fn log_of(at: Timestamp) -> BlobAddress {
    let account = "/subscriptions/s/providers/Microsoft.Storage/storageAccounts/stbastionrec01/blobServices/default";
    let hour = at.to_zoned(TimeZone::UTC).strftime("y=%Y/m=%m/d=%d/h=%H/m=00/PT1H.json").to_string();
    container().blob(BlobName::parse(&format!("resourceId={account}/{hour}")).unwrap())
}

impl World {
    /// A final recording with this name.
    pub fn recorded(&self, name: &str) {
        let event = self.write(name, 9);
        self.does(&Work::Event(event));
    }

    /// Appends lines to the log of the present hour, and reads it.
    pub fn logs_requests(&self, requests: &[Request]) {
        self.appends_requests(requests);
        self.does(&Work::Tail);
    }

    pub fn appends_requests(&self, requests: &[Request]) {
        let lines: String = requests.iter().map(Request::line).collect();
        self.grow(&log_of(self.now()), &lines);
    }

    /// Lets time pass in steps, with a reading of the logs after each.
    pub fn reads_for(&self, minutes: i64) {
        for _ in 0..minutes.div_euclid(5) {
            self.pass_time(SignedDuration::from_mins(5));
            self.does(&Work::Tail);
            self.deliver_all();
        }
    }

    pub fn entry_of(&self, name: &str) -> Entry {
        entries(self).into_iter().find(|entry| entry.address.name.as_str() == name).unwrap()
    }

    pub fn accesses_of(&self, entry: &Entry) -> RecordingAccesses {
        let at = self.now();
        now(pipeline::query::accesses(&*self.catalogue, &*self.checkpoints, &self.estate, entry, at)).unwrap()
    }

    /// Accepted bodies of an event, with duplicates.
    pub fn told_of(&self, event: Event) -> Vec<Value> {
        let accepted = self.receiver.accepted().into_iter().filter(|post| post.event == event);
        accepted.map(|post| serde_json::from_str(&post.body).unwrap()).collect()
    }
}
